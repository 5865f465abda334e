"""The queue of a line as its supervisor sees it: who waits, who is asked, who is next and why."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Client, User
from openlines.models import Dialog, Line, LineGroup, QueueMember
from routing.api.queue_now import queue_json
from routing.models import Schedule
from routing.queue_now import SHOWN_MEMBERS, SHOWN_WAITING, queue_now
from routing.waiting import waiting_of
from tests.committing import committed
from tests.factories import make_line, make_user
from tests.pages import browser, get, post, text_of
from tests.routing.desk import Desk

pytestmark = pytest.mark.row("R9")
HTMX = {"HX-Request": "true"}


def shown(desk: Desk) -> dict[str, Any]:
    return queue_json(queue_now(desk.scene.line, now=desk.now))


def clients(rows: list[dict[str, Any]]) -> list[str]:
    return [row["client"]["name"] for row in rows]


def names(desk: Desk) -> list[str]:
    return [member["operator"]["name"].lower() for member in shown(desk)["members"]]


def address(desk: Desk) -> str:
    return f"/lines/{desk.scene.line.pk}/queue/"


def everyone_away(desk: Desk) -> None:
    desk.away("olga", "oleg", "roman")


def test_whoever_is_shown_as_next_gets_the_next_client(desk: Desk):
    for sender in ("Anna", "Boris", "Clara", "Dmitry", "Eva"):
        first = names(desk)[0]
        assert shown(desk)["next"].startswith(f"Next is {first.title()}")
        assert desk.offered(desk.hello(sender)) == [first]


@pytest.mark.parametrize("distribution", ["EVENLY", "STRICTLY", "ALL_AT_ONCE"])
def test_looking_changes_nothing(desk: Desk, distribution: str):
    desk.rule(distribution=distribution)
    before = shown(desk)
    with CaptureQueriesContext(connection) as queries:
        after = shown(desk)

    assert before == after
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_members_stand_in_the_order_of_their_turns(desk: Desk):
    desk.hello("Anna")
    desk.hello("Boris")

    assert names(desk) == ["roman", "olga", "oleg"]
    assert [member["share"] for member in shown(desk)["members"]] == [0, 1, 1]
    assert [member["order"] for member in shown(desk)["members"]] == [1, 2, 3]


def test_whoever_cannot_be_asked_stands_last_with_the_reason(desk: Desk):
    desk.come("olga")
    desk.pause("olga")

    members = shown(desk)["members"]
    assert [(member["order"], member["why"]) for member in members][-1] == (None, "on a break")
    assert names(desk)[-1] == "olga"
    assert shown(desk)["counts"]["available"] == 2


def test_full_ones_say_their_places(desk: Desk):
    QueueMember.objects.filter(operator=desk.people["olga"]).update(dialog_limit=1)
    desk.hello("Anna")

    olga = shown(desk)["members"][-1]
    assert (olga["operator"]["name"], olga["why"], olga["taken"], olga["limit"]) == ("Olga", "no place free", 1, 1)


def test_what_waits_stands_in_the_order_in_which_it_is_offered(desk: Desk):
    everyone_away(desk)
    for sender in ("Anna", "Boris", "Clara"):
        desk.hello(sender)
        desk.seconds += 60

    now = shown(desk)
    assert clients(now["waiting"]) == ["Anna", "Boris", "Clara"]
    assert [row["place"] for row in now["waiting"]] == [1, 2, 3]
    assert {row["waits_for"] for row in now["waiting"]} == {"Olga, whose turn it is"}
    assert now["next"] == "Nobody is available: the next client waits with Olga, whose turn it is."


def test_what_is_said_of_the_wait_is_what_the_client_hears(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    """Also where everyone who is there has all they may have: then it matters most."""
    monkeypatch.setattr("routing.pace.gaps", lambda takings: [60.0] * 50)
    desk.away("oleg", "roman")
    QueueMember.objects.filter(operator=desk.people["olga"]).update(dialog_limit=1)
    dialogs = [desk.hello(sender) for sender in ("Anna", "Boris")]
    dialogs[1].refresh_from_db()

    (row,) = shown(desk)["waiting"]
    heard = waiting_of(dialogs[1], now=desk.now)
    assert heard is not None
    assert heard.wait is not None
    assert (row["place"], row["wait"]) == (heard.position, asdict(heard.wait))
    assert "usually" in text_of(get(desk.scene.cast.sergey, address(desk)))


def test_what_is_offered_says_to_whom_and_until_when(desk: Desk):
    desk.hello("Anna")

    now = shown(desk)
    (row,) = now["offered"]
    assert (row["client"]["name"], [operator["name"] for operator in row["operators"]]) == ("Anna", ["Olga"])
    assert row["expires_at"] > row["started_at"]
    assert now["counts"] == {"waiting": 0, "offered": 1, "members": 3, "available": 3}
    assert now["decisions"][0]["reason"].startswith("Offered to Olga")


@pytest.mark.parametrize(
    ("rule", "words"),
    [({"nobody_rule": "EVERYONE"}, "whoever comes first"), ({"nobody_rule": "TURN"}, "Olga, whose turn it is")],
)
def test_the_reason_for_waiting_is_the_lines(desk: Desk, rule: dict[str, str], words: str):
    desk.rule(**rule)
    everyone_away(desk)
    desk.hello("Anna")

    assert shown(desk)["waiting"][0]["waits_for"] == words


def test_a_line_that_is_off_or_closed_says_so(desk: Desk):
    everyone_away(desk)
    desk.hello("Anna")
    Schedule.objects.filter(line=desk.scene.line).update(is_enabled=True, weekly=[])
    now = shown(desk)
    assert (now["line"]["is_open"], now["waiting"][0]["waits_for"]) == (False, "the opening")
    assert now["next"].startswith("Outside the hours nothing is offered")

    Line.objects.update(is_active=False)
    desk.scene.line.refresh_from_db()
    now = shown(desk)
    assert now["waiting"][0]["waits_for"] == "the line, which is switched off"
    assert now["next"] == "The line is switched off: nothing is offered."


def test_only_those_who_steer_the_line_find_the_page(desk: Desk):
    cast = desk.scene.cast
    other = make_user("other", User.Role.SUPERVISOR)
    found = {
        name: get(getattr(cast, name), address(desk)).status_code for name in ("alla", "sergey", "olga", "mallory")
    }

    assert found == {"alla": 200, "sergey": 200, "olga": 404, "mallory": 404}
    assert get(other, address(desk)).status_code == 404
    assert get(cast.stranger, address(desk)).status_code == 403
    assert get(None, address(desk)).status_code == 302


def test_who_supervises_a_group_of_lines_finds_the_page(desk: Desk):
    group = LineGroup.objects.create(name="Shops")
    group.supervisors.add(make_user("other", User.Role.SUPERVISOR))
    Line.objects.filter(pk=desk.scene.line.pk).update(group=group)

    assert get(group.supervisors.get(), address(desk)).status_code == 200


def test_the_rail_leads_to_the_first_of_ones_lines(desk: Desk):
    make_line(desk.scene.cast, name="Another").supervisors.clear()

    assert get(desk.scene.cast.sergey, "/lines/queue/").headers["Location"] == address(desk)
    assert get(desk.scene.cast.olga, "/lines/queue/").status_code == 403
    lonely = make_user("lonely", User.Role.SUPERVISOR)
    assert "You supervise no line yet" in text_of(get(lonely, "/lines/queue/"))


def test_the_page_shows_clients_members_and_decisions(desk: Desk):
    desk.hello("Anna")
    everyone_away(desk)
    desk.hello("Boris")

    text = text_of(get(desk.scene.cast.sergey, address(desk)))
    for words in ("Anna", "Boris", "waits for", "Olga", "Roman", "Offered to Olga", "data-until"):
        assert words in text


def test_names_of_clients_are_text(desk: Desk):
    dialog = desk.hello("Anna")
    Client.objects.filter(pk=dialog.client_id).update(name="<b>Anna</b>")

    text = text_of(get(desk.scene.cast.sergey, address(desk)))
    assert "<b>Anna</b>" not in text
    assert "&lt;b&gt;Anna&lt;/b&gt;" in text


def test_while_nothing_changes_the_page_is_not_sent_again(desk: Desk):
    desk.hello("Anna")
    sergey = browser(desk.scene.cast.sergey)
    first = text_of(sergey.get(address(desk), headers=HTMX))
    assert "<html" not in first
    have = first.partition("?have=")[2][:16]

    assert sergey.get(f"{address(desk)}?have={have}", headers=HTMX).status_code == 204
    desk.hello("Boris")
    assert sergey.get(f"{address(desk)}?have={have}", headers=HTMX).status_code == 200


def test_a_supervisor_lets_an_important_client_pass(desk: Desk):
    everyone_away(desk)
    dialogs = [desk.hello(sender) for sender in ("Anna", "Boris")]
    with committed():
        answer = post(desk.scene.cast.sergey, f"{address(desk)}{dialogs[1].pk}/vip/", piece=True)

    assert answer.status_code == 200
    assert clients(shown(desk)["waiting"]) == ["Boris", "Anna"]
    assert shown(desk)["waiting"][0]["client"]["is_vip"] is True


def test_nobody_else_marks_clients_there(desk: Desk):
    dialog = desk.hello("Anna")
    elsewhere = make_line(desk.scene.cast, name="Support")
    vip = f"{address(desk)}{dialog.pk}/vip/"

    assert post(desk.scene.cast.olga, vip).status_code == 404
    assert post(desk.scene.cast.mallory, vip).status_code == 404
    assert post(desk.scene.cast.sergey, f"/lines/{elsewhere.pk}/queue/{dialog.pk}/vip/").status_code == 404
    assert get(desk.scene.cast.sergey, vip).status_code == 405
    assert not Client.objects.get(pk=dialog.client_id).is_vip


@pytest.mark.row("P1")
def test_a_long_queue_costs_what_a_short_one_costs_and_is_cut(desk: Desk):
    desk.hello("Anna")
    everyone_away(desk)
    model = desk.hello("Boris")
    short = statements(desk)
    crowd(desk, model)
    long = statements(desk)

    assert len(long) <= len(short), "\n".join(long)
    assert len(long) <= 14, "\n".join(long)
    now = shown(desk)
    assert (len(now["waiting"]), now["counts"]["waiting"]) == (SHOWN_WAITING, 501)
    assert (len(now["members"]), now["counts"]["members"]) == (SHOWN_MEMBERS, 203)
    assert "the first 100 of 501" in text_of(get(desk.scene.cast.sergey, address(desk)))


def statements(desk: Desk) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        shown(desk)
    return [query["sql"][:160] for query in queries]


def crowd(desk: Desk, model: Dialog) -> None:
    """500 more clients, 200 more operators."""
    line = desk.scene.line
    people = User.objects.bulk_create(
        User(username=f"operator{number}", first_name=f"Operator {number}", role=User.Role.OPERATOR)
        for number in range(200)
    )
    QueueMember.objects.bulk_create(
        QueueMember(line=line, operator=person, position=number) for number, person in enumerate(people, start=10)
    )
    chats = type(model.chat).objects.bulk_create(
        type(model.chat)(
            channel_id=model.channel_id,
            client_id=model.client_id,
            identity_id=model.chat.identity_id,
            external_id=f"crowd-{number}",
        )
        for number in range(500)
    )
    Dialog.objects.bulk_create(
        Dialog(
            chat=chat,
            channel_id=model.channel_id,
            line=line,
            client_id=model.client_id,
            state=Dialog.State.QUEUED,
            opened_at=desk.now + timedelta(seconds=number),
            ranked_at=desk.now + timedelta(seconds=number),
            last_message_at=desk.now,
        )
        for number, chat in enumerate(chats)
    )
