import pytest
from django.contrib.auth import authenticate
from django.test import Client

from tests.factories import Cast

pytestmark = [pytest.mark.row("L4"), pytest.mark.usefixtures("empty_cache")]

PASSWORD = "correct horse"


@pytest.fixture
def failures(settings) -> int:
    settings.LOGIN_FAILURES = 3
    return 3


def sign_in(name: str, password: str, *, address: str = "192.0.2.1"):
    return Client().post("/login/", {"username": name, "password": password}, REMOTE_ADDR=address)


def test_staff_sign_in_and_out(cast: Cast):
    browser = Client()

    response = browser.post("/login/", {"username": "olga", "password": PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")
    assert browser.get("/api/v1/me/").json()["name"] == "Olga"
    assert browser.get("/logout/").status_code == 405, "a link must not sign anybody out"
    browser.post("/logout/")
    assert browser.get("/api/v1/me/").status_code == 401


def test_a_wrong_password_is_told_and_does_not_say_which_part_is_wrong(cast: Cast):
    wrong, unknown = (sign_in(name, "nonsense").content.decode() for name in ("olga", "nobody"))

    assert 'role="alert"' in wrong
    assert wrong.count("olga") == unknown.count("nobody")


def test_guessing_on_is_refused_even_with_the_right_password(cast: Cast, failures: int):
    for _ in range(failures):
        assert sign_in("olga", "nonsense").status_code == 200

    response = sign_in("olga", PASSWORD)

    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert "10" in response.content.decode()


def test_a_refused_password_is_not_looked_at(cast: Cast, failures: int, monkeypatch: pytest.MonkeyPatch):
    for _ in range(failures):
        sign_in("olga", "nonsense")
    monkeypatch.setattr("django.contrib.auth.forms.authenticate", lambda *_, **__: pytest.fail("looked at"))

    assert sign_in("olga", "nonsense").status_code == 429


def test_the_name_in_another_case_is_the_same_account(cast: Cast, failures: int):
    for name in ("olga", "OLGA", "Olga"):
        sign_in(name, "nonsense")

    assert sign_in("oLGA", "nonsense").status_code == 429


def test_colleagues_at_the_same_address_sign_in_all_the_same(cast: Cast, failures: int):
    for _ in range(failures + 1):
        sign_in("olga", "nonsense")

    assert sign_in("oleg", PASSWORD).status_code == 302


def test_an_account_is_not_closed_for_its_owner_by_somebody_s_few_guesses(cast: Cast, failures: int):
    for _ in range(failures + 1):
        sign_in("olga", "nonsense", address="198.51.100.66")

    assert sign_in("olga", PASSWORD).status_code == 302


def test_many_addresses_together_may_not_guess_one_account_for_ever(cast: Cast, failures: int):
    for number in range(failures * 5):
        sign_in("olga", "nonsense", address=f"198.51.100.{number}")

    assert sign_in("olga", PASSWORD, address="198.51.100.200").status_code == 429


def test_one_address_may_not_try_one_password_on_everybody(cast: Cast, failures: int):
    for number in range(failures * 10):
        sign_in(f"user{number}", "password1")

    assert sign_in("olga", PASSWORD).status_code == 429
    assert sign_in("olga", PASSWORD, address="192.0.2.2").status_code == 302


def test_success_forgives_earlier_mistakes(cast: Cast, failures: int):
    for _ in range(2):
        for _ in range(failures - 1):
            sign_in("olga", "nonsense")
        assert sign_in("olga", PASSWORD).status_code == 302


def test_while_redis_is_away_people_still_sign_in(cast: Cast, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1"}}

    assert sign_in("olga", "nonsense").status_code == 200
    assert sign_in("olga", PASSWORD).status_code == 302


def test_an_account_without_a_role_gets_in_but_sees_nothing(cast: Cast):
    browser = Client()
    browser.post("/login/", {"username": "stranger", "password": PASSWORD})

    assert browser.get("/").status_code == 403
    assert browser.get("/api/v1/console/").status_code == 403


def test_an_account_that_was_switched_off_is_out_at_once(cast: Cast):
    browser = Client()
    browser.post("/login/", {"username": "olga", "password": PASSWORD})
    type(cast.olga).objects.filter(pk=cast.olga.pk).update(is_active=False)

    assert browser.get("/api/v1/me/").status_code == 401
    assert sign_in("olga", PASSWORD).status_code == 200
    assert authenticate(username="olga", password=PASSWORD) is None


def test_signing_in_does_not_lead_to_other_sites(cast: Cast):
    response = Client().post("/login/?next=https://evil.example/", {"username": "olga", "password": PASSWORD})

    assert response["Location"] == "/"


def test_odd_names_are_no_failure_of_the_server(cast: Cast):
    for name in ("", "\0", "x" * 10_000, "ё" * 200, "a b\n"):
        assert sign_in(name, PASSWORD).status_code == 200
