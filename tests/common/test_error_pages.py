"""What people read when something is not for them, not there, or broken."""

import pytest
from django.test import Client
from django.urls import path

from common.errors import DomainError, NotAllowed, NotFound
from config import urls
from tests.pages import HTMX, get, text_of


def refuse(error):
    def view(request):
        raise error

    return view


urlpatterns = [
    *urls.urlpatterns,
    path("refused/", refuse(DomainError("Not on a Sunday."))),
    path("forbidden/", refuse(NotAllowed("Only <b>Alla</b> may."))),
    path("missing/", refuse(NotFound())),
    path("broken/", refuse(RuntimeError("a secret of ours"))),
]


@pytest.mark.urls("tests.common.test_error_pages")
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/refused/", 409, "Not on a Sunday."),
        ("/forbidden/", 403, "Only &lt;b&gt;Alla&lt;/b&gt; may."),
        ("/missing/", 404, "There is nothing here"),
        ("/nowhere/", 404, "There is nothing here"),
    ],
)
def test_a_refusal_is_a_page_in_the_products_look(cast, address, status, words):
    response = get(cast.olga, address)

    assert response.status_code == status
    assert words in text_of(response)
    assert "error-page" in text_of(response)


@pytest.mark.urls("tests.common.test_error_pages")
def test_a_piece_gets_the_words_alone(cast):
    response = get(cast.olga, "/refused/", piece=True)

    assert (response.status_code, text_of(response)) == (409, "Not on a Sunday.")
    assert response.headers["Content-Type"].startswith("text/plain")


@pytest.mark.urls("tests.common.test_error_pages")
@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_failure_tells_nothing_of_our_inside(db, headers):
    client = Client(raise_request_exception=False)

    response = client.get("/broken/", headers=headers)

    assert response.status_code == 500
    assert "Something broke on our side" in text_of(response)
    assert "a secret of ours" not in text_of(response)


def test_a_form_without_its_token_changes_nothing(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alla)

    response = client.post("/settings/lines/new/", {"name": "Forged"})

    assert response.status_code == 403
    assert "error-page" in text_of(response)


def test_an_account_without_a_role_is_told_so(cast):
    response = get(cast.stranger, "/")

    assert response.status_code == 403
    assert "Your account has no role yet" in text_of(response)
