"""Staff and roles: the administrators' pages."""

from typing import Any

import pytest

from crm.models import AccessToken, User
from crm.services import user_for_token
from crm.staff import LastAdministrator, set_active
from openlines.models import Dialog, QueueMember
from tests.factories import NOON, Cast, make_user, write
from tests.pages import browser, get, post, text_of

PASSWORD = "a long enough pass phrase"
NEWCOMER: dict[str, Any] = {
    "first_name": "Ivan",
    "last_name": "",
    "username": "ivan",
    "role": "OPERATOR",
    "password": PASSWORD,
}


def addresses(cast: Cast) -> list[str]:
    return ["/settings/staff/", "/settings/staff/new/", f"/settings/staff/{cast.olga.pk}/"]


def test_only_administrators_see_staff(cast):
    for address in addresses(cast):
        for name in ("sergey", "olga", "mallory", "stranger"):
            response = get(getattr(cast, name), address)
            assert response.status_code == 403
            assert "403" in text_of(response)
        assert get(cast.alla, address).status_code == 200
        assert get(None, address).headers["Location"] == f"/login/?next={address}"


def test_only_administrators_change_staff(cast):
    token = AccessToken.objects.create(user=cast.olga, digest="x")
    writes: list[tuple[str, dict[str, Any]]] = [
        ("/settings/staff/new/", NEWCOMER),
        (f"/settings/staff/{cast.olga.pk}/", {"first_name": "Eve", "role": "ADMINISTRATOR"}),
        (f"/settings/staff/{cast.olga.pk}/password/", {"password": PASSWORD}),
        (f"/settings/staff/{cast.olga.pk}/active/", {"is_active": "0"}),
        (f"/settings/staff/{cast.olga.pk}/tokens/", {"name": "mine"}),
        (f"/settings/staff/tokens/{token.pk}/revoke/", {}),
    ]
    for address, values in writes:
        for name in ("sergey", "olga", "mallory", "stranger"):
            assert post(getattr(cast, name), address, **values).status_code == 403
        assert post(None, address, **values).status_code == 302

    olga = User.objects.get(pk=cast.olga.pk)
    assert (olga.first_name, olga.role, olga.is_active) == ("Olga", "OPERATOR", True)
    assert AccessToken.objects.get().revoked_at is None


def test_a_new_member_can_sign_in(cast):
    response = post(cast.alla, "/settings/staff/new/", **NEWCOMER)

    assert response.status_code == 302
    assert browser().login(username="ivan", password=PASSWORD)
    assert User.objects.get(username="ivan").role == "OPERATOR"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("username", "olga", "This user name is taken."),
        ("username", "two words", "Enter a valid username"),
        ("password", "12345", "too short"),
        ("first_name", "", "This field is required."),
        ("role", "GOD", "Select a valid choice"),
    ],
)
def test_a_mistake_is_shown_at_its_field(cast, field, value, words):
    response = post(cast.alla, "/settings/staff/new/", piece=True, **(NEWCOMER | {field: value}))

    assert response.status_code == 422
    assert words in text_of(response)
    assert not User.objects.filter(username="ivan").exists()


def test_a_password_is_never_shown_again(cast):
    response = post(cast.alla, "/settings/staff/new/", **(NEWCOMER | {"username": "olga"}))

    assert PASSWORD not in text_of(response)


def test_a_new_administrator_has_the_back_room_and_loses_it_with_the_role(cast):
    address = f"/settings/staff/{cast.sergey.pk}/"
    names = {"first_name": "Sergey", "last_name": "Sokolov"}

    post(cast.alla, address, **names, role="ADMINISTRATOR")
    assert User.objects.get(pk=cast.sergey.pk).is_superuser

    post(cast.alla, address, **names, role="SUPERVISOR")
    sergey = User.objects.get(pk=cast.sergey.pk)
    assert (sergey.is_superuser, sergey.is_staff, sergey.name) == (False, False, "Sergey Sokolov")


def test_the_last_administrator_stays(cast):
    address = f"/settings/staff/{cast.alla.pk}/"

    demoted = post(cast.alla, address, first_name="Alla", last_name="", role="OPERATOR")
    switched_off = post(cast.alla, f"{address}active/", is_active="0")

    for response in (demoted, switched_off):
        assert response.status_code == 422
        assert "last administrator" in text_of(response)
    assert User.objects.get(pk=cast.alla.pk).is_administrator


def test_two_administrators_cannot_switch_each_other_off(cast):
    other = make_user("anton", User.Role.ADMINISTRATOR)

    set_active(administrator=cast.alla, member_id=other.pk, is_active=False)

    with pytest.raises(LastAdministrator):
        set_active(administrator=other, member_id=cast.alla.pk, is_active=False)


def test_who_is_switched_off_leaves_the_queue_and_their_dialogs_go_on(scene, commit):
    cast = scene.cast
    with commit():
        dialog = write(scene.channel, "Hello")
    assert dialog.offered_to == [cast.olga.pk]
    olga = browser(cast.olga)

    with commit():
        post(cast.alla, f"/settings/staff/{cast.olga.pk}/active/", is_active="0")

    assert Dialog.objects.get().offered_to == [cast.oleg.pk]
    assert not QueueMember.objects.filter(operator=cast.olga).exists()
    assert olga.get("/").status_code == 302


def test_an_answered_dialog_of_who_left_is_offered_to_the_next(scene, commit):
    cast = scene.cast
    with commit():
        dialog = write(scene.channel, "Hello")
    Dialog.objects.filter(pk=dialog.pk).update(state="ACTIVE", owner=cast.olga, offered_to=[])

    with commit():
        set_active(administrator=cast.alla, member_id=cast.olga.pk, is_active=False)

    dialog.refresh_from_db()
    assert (dialog.state, dialog.owner, dialog.offered_to) == ("OFFERED", None, [cast.oleg.pk])


def test_consoles_hear_of_a_new_role(cast, bells, commit):
    with commit():
        post(cast.alla, f"/settings/staff/{cast.olga.pk}/", first_name="Olga", last_name="Orlova", role="SUPERVISOR")

    shown = bells.bodies("operator.changed")
    assert [frame["operator"]["name"] for frame in shown] == ["Olga Orlova"]
    assert [sorted(frame.to) for frame in bells.frames if frame.body["type"] == "reconnect"] == [
        [f"user:{cast.olga.pk}"]
    ]


def test_a_new_password_ends_old_sessions_but_not_ones_own(cast):
    olga, alla = browser(cast.olga), browser(cast.alla)

    alla.post(f"/settings/staff/{cast.olga.pk}/password/", {"password": PASSWORD})
    alla.post(f"/settings/staff/{cast.alla.pk}/password/", {"password": PASSWORD})

    assert olga.get("/").status_code == 302
    assert alla.get("/settings/staff/").status_code == 200
    assert browser().login(username="olga", password=PASSWORD)


def test_a_token_is_shown_once_and_opens_nothing_when_revoked(cast):
    made = post(cast.alla, f"/settings/staff/{cast.olga.pk}/tokens/", piece=True, name="Shop")
    shown = text_of(made).partition('id="new-token">')[2].partition("<")[0]
    assert user_for_token(shown, now=NOON) == cast.olga
    assert "no-store" in made.headers["Cache-Control"]
    assert shown not in text_of(get(cast.alla, f"/settings/staff/{cast.olga.pk}/"))

    post(cast.alla, f"/settings/staff/tokens/{AccessToken.objects.get().pk}/revoke/")

    assert user_for_token(shown, now=NOON) is None


def test_the_list_costs_the_same_however_many_there_are(cast, django_assert_num_queries):
    alla = browser(cast.alla)
    for number in range(30):
        make_user(f"member{number}", User.Role.OPERATOR)

    with django_assert_num_queries(3):
        alla.get("/settings/staff/")


def test_a_name_of_markup_is_text(cast):
    make_user("x", User.Role.OPERATOR, last_name="<script>alert(1)</script>")

    page = text_of(get(cast.alla, "/settings/staff/"))

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
