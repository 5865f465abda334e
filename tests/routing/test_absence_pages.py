"""Absences on the page of a member of staff, and the limit of dialogs over all lines."""

import pytest

from crm.models import User
from routing.models import Absence
from tests.pages import get, post, text_of
from tests.scenes import Scene

pytestmark = pytest.mark.row("R5")


@pytest.fixture
def address(scene: Scene) -> str:
    return f"/settings/staff/{scene.cast.olga.pk}/absences/"


def test_an_absence_is_added_shown_and_removed(scene: Scene, address: str):
    today = scene.now.date().isoformat()
    shown = post(scene.cast.alla, address, piece=True, kind="SICK", first_date=today, last_date=today, note="Flu")

    assert "Sick leave · Flu" in text_of(shown)
    assert User.objects.get(pk=scene.cast.olga.pk).is_absent
    absence = Absence.objects.get()
    post(scene.cast.alla, f"/settings/staff/absences/{absence.pk}/remove/", piece=True)
    assert not Absence.objects.exists()
    assert not User.objects.get(pk=scene.cast.olga.pk).is_absent


def test_a_mistake_is_shown_at_its_field(scene: Scene, address: str):
    response = post(scene.cast.alla, address, piece=True, kind="SICK", first_date="2026-12-02", last_date="2026-12-01")

    assert response.status_code == 422
    assert "The last day is before the first." in text_of(response)


def test_supervisors_arrange_those_of_their_lines_alone(scene: Scene, address: str):
    cast = scene.cast
    assert get(cast.sergey, address).status_code == 200
    assert get(cast.sergey, f"/settings/staff/{cast.mallory.pk}/absences/").status_code == 404
    for user in (cast.olga, cast.mallory, cast.stranger):
        assert get(user, address).status_code == 403
    absence = Absence.objects.create(operator=cast.mallory, first_date="2026-12-01", last_date="2026-12-01")
    assert post(cast.sergey, f"/settings/staff/absences/{absence.pk}/remove/").status_code == 404


def test_the_page_of_a_member_takes_absences_in(scene: Scene, address: str):
    assert f'hx-get="{address}"' in text_of(get(scene.cast.alla, f"/settings/staff/{scene.cast.olga.pk}/"))


@pytest.mark.row("R1")
@pytest.mark.parametrize(("limit", "kept"), [("5", 5), ("", None)])
def test_the_limit_over_all_lines_is_set_on_the_page(scene: Scene, limit: str, kept: int | None):
    address = f"/settings/staff/{scene.cast.olga.pk}/"
    post(scene.cast.alla, address, first_name="Olga", last_name="", role="OPERATOR", dialog_limit=limit)

    assert User.objects.get(pk=scene.cast.olga.pk).dialog_limit == kept


def test_a_limit_of_nothing_is_refused(scene: Scene):
    address = f"/settings/staff/{scene.cast.olga.pk}/"
    response = post(scene.cast.alla, address, piece=True, first_name="Olga", role="OPERATOR", dialog_limit="0")

    assert response.status_code == 422
