"""Before the queue: whoever is responsible for the client, then who spoke with them last; each only if available."""

import pytest

from crm.models import Client, Lead, User
from openlines.models import Dialog
from openlines.services.closing import finish_dialog
from tests.factories import make_user
from tests.routing.desk import Desk

pytestmark = pytest.mark.row("R4")


@pytest.fixture
def vera(desk: Desk) -> User:
    """Responsible for Anna, and in no queue."""
    vera = make_user("vera", "OPERATOR", presence="ONLINE")
    desk.people["vera"] = vera
    return vera


def known(desk: Desk, responsible: User) -> None:
    """Anna spoke with Oleg once, and somebody is responsible for her."""
    dialog = desk.hello("Anna")
    desk.skip(dialog, "olga")
    desk.answer(dialog, "oleg")
    finish_dialog(dialog_id=dialog.pk, operator=desk.people["oleg"], now=desk.now)
    Client.objects.update(responsible=responsible)


def test_the_responsible_comes_first_even_from_outside_the_queue(desk: Desk, vera: User):
    known(desk, vera)

    dialog = desk.hello("Anna")

    assert desk.offered(dialog) == ["vera"]
    assert desk.reasons(dialog) == ["Offered to Vera, who is responsible for this client."]


def test_then_who_spoke_with_them_last_then_the_queue_each_with_their_patience(desk: Desk, vera: User):
    desk.rule(responsible_seconds=20, last_operator_seconds=30, offer_seconds=60)
    known(desk, vera)
    dialog = desk.hello("Anna")
    seen = [desk.offered(dialog)]

    for seconds in (20, 30, 60):
        desk.wait(seconds)
        seen.append(desk.offered(dialog))

    assert seen == [["vera"], ["oleg"], ["roman"], ["olga"]]
    assert list(dialog.offers.order_by("pk").values_list("kind", flat=True)) == [
        "RESPONSIBLE", "LAST_OPERATOR", "QUEUE", "QUEUE",
    ]  # fmt: skip


def test_the_responsible_of_the_lead_counts_where_the_client_has_none(desk: Desk, vera: User):
    known(desk, vera)
    Client.objects.update(responsible=None)
    Lead.objects.update(responsible=vera)

    assert desk.offered(desk.hello("Anna")) == ["vera"]


@pytest.mark.parametrize(
    ("rules", "first"),
    [
        ({"prefers_responsible": False}, "oleg"),
        ({"prefers_last_operator": False}, "vera"),
        ({"prefers_responsible": False, "prefers_last_operator": False}, "roman"),
    ],
)
def test_each_can_be_switched_off(desk: Desk, vera: User, rules: dict[str, bool], first: str):
    known(desk, vera)
    desk.rule(**rules)

    assert desk.offered(desk.hello("Anna")) == [first]


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        ({"presence": "OFFLINE"}, {}),
        ({"is_absent": True}, {}),
        ({"working_day": "ENDED"}, {"checks_working_day": True}),
        ({"is_active": False}, {}),
        ({"role": "NONE"}, {}),
    ],
)
def test_nobody_waits_for_one_who_is_not_available(
    desk: Desk, vera: User, change: dict[str, object], rules: dict[str, bool]
):
    known(desk, vera)
    User.objects.exclude(pk=vera.pk).update(working_day="STARTED")
    desk.rule(**rules)
    User.objects.filter(pk=vera.pk).update(**change)

    assert desk.offered(desk.hello("Anna")) == ["oleg"]


def test_a_responsible_who_comes_is_offered_their_client_who_waits(desk: Desk, vera: User):
    known(desk, vera)
    User.objects.update(presence="OFFLINE")
    dialog: Dialog = desk.hello("Anna")
    assert dialog.state == "QUEUED"

    desk.come("vera")

    assert desk.offered(dialog) == ["vera"]
