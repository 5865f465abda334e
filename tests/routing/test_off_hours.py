"""What happens to dialogs outside the hours of a line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Client
from openlines.models import Channel, Dialog, Line, Message, Timer
from openlines.services.closing import finish_dialog
from openlines.services.receiving import receive_messages
from openlines.services.replies import send_reply
from openlines.services.timers import fire_due_timers
from openlines.types import IncomingMessage, Person
from routing.models import Decision, Offer, Queue, Schedule
from routing.reasons import decision_json
from routing.services.answering import answer_dialog, skip_dialog
from routing.services.hours import change_hours
from routing.tasks import sweep_presence
from tests.committing import committed
from tests.factories import write
from tests.routing.opening_times import (
    MONDAY_NIGHT,
    MONDAY_NOON,
    TUESDAY_NIGHT,
    TUESDAY_OPENING,
    keep_hours,
    new_hours,
)

pytestmark = pytest.mark.row("A2")

SAID = "We are closed, Anna. We answer tomorrow at 09:00."


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=False), committed():
        yield


@pytest.fixture(autouse=True)
def _hours(cast, line) -> None:
    with at(MONDAY_NOON):
        keep_hours(cast, line, now=MONDAY_NOON)
    Line.objects.update(is_welcome_sent=False)
    line.refresh_from_db()


def anna(channel: Channel, moment: datetime, text: str = "Hello") -> Dialog:
    with at(moment):
        return write(channel, text, number=uuid4().hex, now=moment)


def texts(dialog: Dialog) -> list[str]:
    return list(dialog.messages.filter(author_kind=Message.Author.BOT).order_by("seq").values_list("text", flat=True))


def codes(dialog: Dialog) -> list[str]:
    return [m.payload["service"]["code"] for m in dialog.messages.filter(author_kind="SYSTEM").order_by("seq")]


def test_within_the_hours_a_dialog_is_offered(channel):
    dialog = anna(channel, MONDAY_NOON)

    assert (dialog.state, dialog.is_off_hours, texts(dialog)) == (Dialog.State.OFFERED, False, [])


def test_outside_the_hours_a_dialog_waits_and_the_client_is_told(channel):
    dialog = anna(channel, MONDAY_NIGHT)

    assert (dialog.state, dialog.is_off_hours, dialog.offered_to) == (Dialog.State.QUEUED, True, [])
    assert texts(dialog) == [SAID]
    assert dialog.messages.get(text=SAID).deliveries.get().state == "QUEUED"
    line = dialog.messages.latest("seq").payload["service"]
    assert line == {
        "code": "OFF_HOURS",
        "params": {"opening": "2026-11-24T09:00:00+03:00", "is_told": True, "is_waiting": True},
    }
    assert not Offer.objects.exists()


def test_the_decision_says_why_and_until_when(channel):
    decision = Decision.objects.get(dialog=anna(channel, MONDAY_NIGHT))

    assert decision.outcome == Decision.Outcome.QUEUED
    reason = decision_json(decision)["reason"]
    assert reason == "Outside the line's hours: the dialog waits for the opening, Tuesday, 24 November, at 09:00."


def test_at_the_opening_it_is_offered(channel):
    dialog = anna(channel, MONDAY_NIGHT)
    assert Timer.objects.get(dialog=dialog, kind="opening").due_at == TUESDAY_OPENING

    with at(TUESDAY_OPENING - timedelta(seconds=1)):
        fire_due_timers(now=TUESDAY_OPENING - timedelta(seconds=1))
    dialog.refresh_from_db()
    assert dialog.state == Dialog.State.QUEUED
    with at(TUESDAY_OPENING):
        fire_due_timers(now=TUESDAY_OPENING)

    dialog.refresh_from_db()
    assert dialog.state == Dialog.State.OFFERED
    assert dialog.is_off_hours
    assert not Timer.objects.filter(kind="opening").exists()


def test_one_timer_offers_everything_that_waited_for_the_same_opening(channel):
    for name in ("Anna", "Boris", "Clara"):
        with at(MONDAY_NIGHT):
            write(channel, "Hello", sender=name, now=MONDAY_NIGHT)
    assert Timer.objects.filter(kind="opening").count() == 3

    with at(TUESDAY_OPENING), CaptureQueriesContext(connection) as queries:
        fire_due_timers(now=TUESDAY_OPENING)

    assert set(Dialog.objects.values_list("state", flat=True)) == {Dialog.State.OFFERED}
    assert sum("DELETE" in query["sql"] and "openlines_timer" in query["sql"] for query in queries) <= 4


def test_the_sweep_is_the_net_of_a_lost_timer(channel):
    dialog = anna(channel, MONDAY_NIGHT)
    Timer.objects.all().delete()

    with at(MONDAY_NIGHT + timedelta(minutes=1)):
        sweep_presence()
    dialog.refresh_from_db()
    assert (dialog.state, Decision.objects.count()) == (Dialog.State.QUEUED, 1)
    with at(TUESDAY_OPENING):
        Queue.objects.update(checks_presence=False)
        sweep_presence()

    dialog.refresh_from_db()
    assert dialog.state == Dialog.State.OFFERED


def test_operators_may_take_it_by_hand_before(cast, channel):
    dialog = anna(channel, MONDAY_NIGHT)

    with at(MONDAY_NIGHT):
        answer_dialog(dialog_id=dialog.pk, operator=cast.oleg, now=MONDAY_NIGHT)
    with at(TUESDAY_OPENING):
        fire_due_timers(now=TUESDAY_OPENING)

    dialog.refresh_from_db()
    assert (dialog.state, dialog.owner) == (Dialog.State.ACTIVE, cast.oleg)


def test_an_offer_that_is_skipped_after_closing_waits_for_the_opening(cast, channel):
    dialog = anna(channel, MONDAY_NOON)

    with at(MONDAY_NIGHT):
        skip_dialog(dialog_id=dialog.pk, operator=cast.olga, now=MONDAY_NIGHT)

    dialog.refresh_from_db()
    assert (dialog.state, dialog.is_off_hours, texts(dialog)) == (Dialog.State.QUEUED, False, [])
    assert Timer.objects.get(dialog=dialog).kind == "opening"


# Once per closed period


def test_a_second_message_in_the_same_night_is_not_answered_by_itself(channel):
    anna(channel, MONDAY_NIGHT)
    dialog = anna(channel, MONDAY_NIGHT + timedelta(hours=1), "Anybody?")

    assert texts(dialog) == [SAID]


def test_nor_is_another_dialog_in_the_same_night(cast, channel):
    dialog = anna(channel, MONDAY_NIGHT)
    with at(MONDAY_NIGHT):
        answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=MONDAY_NIGHT)
        finish_dialog(dialog_id=dialog.pk, operator=cast.olga, as_spam=True, now=MONDAY_NIGHT)

    another = anna(channel, MONDAY_NIGHT + timedelta(hours=1))

    assert (another.state, another.is_off_hours) == (Dialog.State.QUEUED, True)
    assert (texts(dialog), texts(another)) == ([SAID], [])


def test_in_a_later_closed_period_an_open_dialog_hears_it_again_once(channel):
    anna(channel, MONDAY_NIGHT)
    for minutes in (0, 5, 10):
        dialog = anna(channel, TUESDAY_NIGHT + timedelta(minutes=minutes), "Still there?")

    assert texts(dialog) == [SAID, SAID]
    assert codes(dialog).count("OFF_HOURS") == 2


def test_whoever_wrote_by_day_is_told_at_night(cast, channel):
    dialog = anna(channel, MONDAY_NOON)
    with at(MONDAY_NOON):
        answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=MONDAY_NOON)

    dialog = anna(channel, MONDAY_NIGHT, "One more thing")

    assert texts(dialog) == [SAID]
    assert dialog.state == Dialog.State.ACTIVE
    assert dialog.messages.latest("seq").payload["service"]["params"]["is_waiting"] is False


def test_whoever_is_answered_at_night_is_not_told_that_nobody_is_there(cast, channel):
    dialog = anna(channel, MONDAY_NOON)
    with at(MONDAY_NIGHT):
        answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=MONDAY_NIGHT)
        send_reply(dialog_id=dialog.pk, operator=cast.olga, text="I am late today", now=MONDAY_NIGHT)

    dialog = anna(channel, MONDAY_NIGHT + timedelta(minutes=1), "Thank you")

    assert texts(dialog) == []


def test_numbers_stay_without_gaps_when_a_client_goes_on_at_night(channel):
    anna(channel, MONDAY_NOON)
    dialog = anna(channel, MONDAY_NIGHT)

    assert list(dialog.messages.order_by("seq").values_list("seq", flat=True)) == [*range(1, dialog.last_seq + 1)]


# What is said


def say(line: Line, **changes: Any) -> None:
    Queue.objects.filter(line=line).update(**changes)


def test_nothing_is_said_where_the_line_says_nothing(line, channel):
    say(line, off_hours_action=Line.Action.NONE)

    dialog = anna(channel, MONDAY_NIGHT)

    assert (dialog.state, texts(dialog)) == (Dialog.State.QUEUED, [])


@pytest.mark.parametrize(
    ("link", "said"), [("https://loft.example/form", f"{SAID}\nhttps://loft.example/form"), ("", SAID)]
)
def test_the_link_to_the_form_is_added_where_there_is_one(line, channel, link, said):
    Line.objects.update(form_url=link)
    say(line, off_hours_action=Line.Action.FORM)

    assert texts(anna(channel, MONDAY_NIGHT)) == [said]


def test_an_opening_days_ahead_is_called_by_its_date(line, channel):
    friday_night = MONDAY_NIGHT + timedelta(days=4)

    assert texts(anna(channel, friday_night)) == ["We are closed, Anna. We answer Monday, 30 November, at 09:00."]


def test_the_link_stands_where_the_text_puts_it(line, channel):
    Line.objects.update(form_url="https://loft.example/form")
    say(line, off_hours_action=Line.Action.FORM, off_hours_text="Closed. Fill in {form} please")

    assert texts(anna(channel, MONDAY_NIGHT)) == ["Closed. Fill in https://loft.example/form please"]


def test_clients_are_told_in_their_language(line, channel):
    Line.objects.update(translations={"ru": {"off_hours_text": "Мы закрыты, {client}."}})
    anna(channel, MONDAY_NOON)
    Client.objects.update(language="ru-RU")

    assert texts(anna(channel, MONDAY_NIGHT)) == ["Мы закрыты, Anna."]


def test_without_an_opening_its_words_are_left_out(cast, line, channel):
    Schedule.objects.update(weekly=[[]] * 7)

    assert texts(anna(channel, MONDAY_NIGHT)) == ["We are closed, Anna. We answer."]
    assert not Timer.objects.exists()


# Changes of the hours


def test_longer_hours_bring_what_waits_at_once(cast, line, channel):
    dialog = anna(channel, MONDAY_NIGHT)
    weekly = [[["00:00", "24:00"]]] * 7

    with at(MONDAY_NIGHT):
        change_hours(administrator=cast.alla, line=line, hours=new_hours(weekly=weekly), now=MONDAY_NIGHT)

    dialog.refresh_from_db()
    assert dialog.state == Dialog.State.OFFERED


def test_what_waits_waits_for_the_new_opening(cast, line, channel):
    dialog = anna(channel, MONDAY_NIGHT)
    weekly = [[["08:00", "18:00"]]] * 7

    with at(MONDAY_NIGHT):
        change_hours(administrator=cast.alla, line=line, hours=new_hours(weekly=weekly), now=MONDAY_NIGHT)

    assert Timer.objects.get(dialog=dialog).due_at == TUESDAY_OPENING - timedelta(hours=1)


def test_a_line_that_is_switched_off_says_nothing_of_its_hours(line, channel):
    Line.objects.update(is_active=False)

    dialog = anna(channel, MONDAY_NIGHT)

    assert (dialog.is_off_hours, texts(dialog), codes(dialog)[-1]) == (False, [], "DIALOG_QUEUED")


# Cost


def receive(channel: Channel, moment: datetime, names: list[str]) -> int:
    channel = Channel.objects.select_related("line").get(pk=channel.pk)
    incoming = [
        IncomingMessage(
            chat_external_id=name, external_id=uuid4().hex, sender=Person(external_id=name, first_name=name), text="Hi"
        )
        for name in names
    ]
    with at(moment), CaptureQueriesContext(connection) as queries:
        receive_messages(channel=channel, incoming=incoming, now=moment)
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def test_the_night_costs_the_same_for_one_and_for_many(channel):
    receive(channel, MONDAY_NIGHT, ["first"])
    many = [f"guest {number}" for number in range(30)]

    assert receive(channel, MONDAY_NIGHT, many) == receive(channel, MONDAY_NIGHT, ["second"])
    assert receive(channel, TUESDAY_NIGHT, many) == receive(channel, TUESDAY_NIGHT, ["second"])
    assert Message.objects.filter(text__startswith="We are closed").count() == 63


def test_without_hours_nothing_is_asked_for_them(channel):
    Schedule.objects.update(is_enabled=False)
    receive(channel, MONDAY_NIGHT, ["first"])

    with CaptureQueriesContext(connection) as queries:
        receive(channel, MONDAY_NIGHT, ["second"])

    assert not [query for query in queries if "routing_specialday" in query["sql"]]
