"""Who is offered a dialog, in which order, and what happens when they don't take it."""

from datetime import timedelta

import pytest
from django.utils import translation

from openlines.models import Dialog, Timer
from openlines.services.closing import finish_dialog
from openlines.services.lines import change_line, set_queue_members
from routing.models import Decision, Offer, Turn
from routing.reasons import decision_json
from routing.services.queues import change_queue
from routing.services.waiting_dialogs import BATCH, lines_to_sweep, offer_waiting
from routing.tasks import sweep_presence
from tests.committing import committed
from tests.factories import make_line
from tests.routing.desk import Desk

SENDERS = ("Anna", "Boris", "Clara", "Dmitry", "Eva", "Fyodor", "Galina")


def codes(dialog: Dialog) -> list[str]:
    lines = dialog.messages.filter(author_kind="SYSTEM").order_by("seq")
    return [line.payload["service"]["code"] for line in lines]


@pytest.mark.row("R2")
def test_evenly_everyone_has_their_turn(desk: Desk):
    offers = [desk.offered(desk.hello(sender)) for sender in SENDERS]

    assert offers == [["olga"], ["oleg"], ["roman"], ["olga"], ["oleg"], ["roman"], ["olga"]]


@pytest.mark.row("R9")
def test_evenly_a_skip_costs_no_share(desk: Desk):
    first = desk.hello("Anna")
    desk.skip(first, "olga")
    assert desk.offered(first) == ["oleg"]

    assert desk.offered(desk.hello("Boris")) == ["roman"]
    assert desk.offered(desk.hello("Clara")) == ["olga"]


@pytest.mark.row("R9")
def test_evenly_a_newcomer_is_next(desk: Desk):
    desk.sit("olga", "oleg")
    for sender in ("Anna", "Boris"):
        desk.hello(sender)
    desk.sit("olga", "oleg", "roman")

    assert desk.offered(desk.hello("Clara")) == ["roman"]


@pytest.mark.row("R2")
def test_strictly_every_dialog_starts_from_the_top(desk: Desk):
    desk.rule(distribution="STRICTLY")

    first, second = desk.hello("Anna"), desk.hello("Boris")

    assert [desk.offered(first), desk.offered(second)] == [["olga"], ["olga"]]
    desk.skip(first, "olga")
    assert desk.offered(first) == ["oleg"]


@pytest.mark.row("R2")
def test_all_at_once_the_first_to_answer_takes_it(desk: Desk):
    desk.rule(distribution="ALL_AT_ONCE")

    dialog = desk.hello()

    assert desk.offered(dialog) == ["olga", "oleg", "roman"]
    assert codes(dialog)[-1] == "DIALOG_OFFERED"
    desk.answer(dialog, "oleg")
    assert desk.outcomes(dialog) == [("olga", "WITHDRAWN"), ("oleg", "ACCEPTED"), ("roman", "WITHDRAWN")]


@pytest.mark.row("R2")
def test_all_at_once_those_who_skip_drop_out(desk: Desk):
    desk.rule(distribution="ALL_AT_ONCE")
    dialog = desk.hello()

    desk.skip(dialog, "olga")
    assert desk.offered(dialog) == ["oleg", "roman"]
    for name in ("oleg", "roman"):
        desk.skip(dialog, name)

    assert desk.offered(dialog) == ["olga", "oleg", "roman"], "everybody has skipped it: round again"
    assert Offer.objects.filter(round=2).count() == 3


@pytest.mark.row("R1")
def test_the_order_of_the_queue_is_the_administrator_s(desk: Desk):
    desk.rule(distribution="STRICTLY")
    desk.sit("roman", "olga", "oleg")

    assert desk.offered(desk.hello()) == ["roman"]


@pytest.mark.row("R1")
def test_one_operator_may_serve_many_lines(desk: Desk):
    other = make_line(desk.scene.cast, name="Support")
    set_queue_members(administrator=desk.scene.cast.alla, line=other, operator_ids=[desk.people["olga"].pk])

    desk.hello()

    assert Turn.objects.filter(operator=desk.people["olga"]).count() == 1
    assert other.queue.distribution == "EVENLY"


# Deadlines


@pytest.mark.row("R3")
def test_an_offer_that_nobody_answers_moves_on(desk: Desk):
    desk.rule(offer_seconds=30)
    dialog = desk.hello()

    desk.wait(29)
    assert desk.offered(dialog) == ["olga"]
    desk.wait(1)
    assert desk.offered(dialog) == ["oleg"]

    assert desk.outcomes(dialog) == [("olga", "EXPIRED"), ("oleg", "PENDING")]
    assert codes(dialog)[-2:] == ["OFFER_EXPIRED", "DIALOG_OFFERED"]
    assert dialog.offer_expires_at == desk.now + timedelta(seconds=30)


@pytest.mark.row("R6")
def test_after_everyone_had_it_it_goes_round_again(desk: Desk):
    dialog = desk.hello()

    seen = [desk.offered(dialog)]
    for _ in range(5):
        desk.wait(60)
        seen.append(desk.offered(dialog))

    assert seen == [["olga"], ["oleg"], ["roman"], ["olga"], ["oleg"], ["roman"]]
    assert list(Offer.objects.order_by("pk").values_list("round", flat=True)) == [1, 1, 1, 2, 2, 2]


@pytest.mark.row("R3")
def test_who_is_alone_keeps_the_offer_without_a_deadline(desk: Desk):
    desk.sit("olga")
    dialog = desk.hello()

    assert (desk.offered(dialog), dialog.offer_expires_at) == (["olga"], None)
    assert not Timer.objects.exists()
    desk.skip(dialog, "olga")
    assert desk.offered(dialog) == ["olga"]


@pytest.mark.row("R3")
def test_who_was_alone_gets_a_deadline_when_somebody_comes(desk: Desk):
    desk.away("oleg", "roman")
    dialog = desk.hello()
    assert dialog.offer_expires_at is None

    desk.come("oleg")
    dialog.refresh_from_db()
    assert (desk.offered(dialog), dialog.offer_expires_at) == (["olga"], desk.now + timedelta(seconds=60))
    desk.wait(60)

    assert desk.offered(dialog) == ["oleg"]


# Who is there


@pytest.mark.row("R5")
def test_those_who_are_away_or_on_a_break_are_left_out(desk: Desk):
    desk.away("olga")
    desk.come("oleg")
    desk.pause("oleg")

    assert desk.offered(desk.hello()) == ["roman"]


@pytest.mark.row("R5")
def test_they_are_asked_all_the_same_if_the_line_does_not_check(desk: Desk):
    desk.rule(checks_presence=False)
    desk.away("olga", "oleg", "roman")

    assert desk.offered(desk.hello()) == ["olga"]


@pytest.mark.row("R5")
def test_a_colleague_who_left_the_company_is_not_asked(desk: Desk):
    type(desk.people["olga"]).objects.filter(username="olga").update(is_active=False)

    assert desk.offered(desk.hello()) == ["oleg"]


@pytest.mark.row("R5")
def test_while_nobody_is_there_a_dialog_waits_and_is_offered_to_whoever_comes(desk: Desk):
    desk.away("olga", "oleg", "roman")
    dialog = desk.hello()

    assert (dialog.state, desk.offered(dialog)) == ("QUEUED", [])
    assert codes(dialog)[-1] == "DIALOG_QUEUED"
    desk.come("roman")

    assert desk.offered(dialog) == ["roman"]


@pytest.mark.row("R8")
def test_what_waits_is_offered_oldest_first_and_nothing_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("routing.services.waiting_dialogs.BATCH", 3)
    desk.away("olga", "oleg", "roman")
    dialogs = [desk.hello(sender) for sender in SENDERS]

    desk.come("olga")

    assert [desk.offered(dialog) for dialog in dialogs] == [["olga"]] * len(SENDERS)
    offered = Offer.objects.order_by("pk").values_list("dialog_id", flat=True)
    assert list(offered) == [dialog.pk for dialog in dialogs]
    assert BATCH > 3


@pytest.mark.row("R5")
def test_a_queue_without_anybody_keeps_its_dialogs(desk: Desk):
    desk.sit()

    assert desk.hello().state == "QUEUED"


@pytest.mark.row("R1")
def test_someone_who_joins_the_queue_gets_what_waits(desk: Desk):
    desk.sit("olga")
    desk.away("olga")
    dialog = desk.hello()

    with committed():
        desk.sit("olga", "roman")

    assert desk.offered(dialog) == ["roman"]


@pytest.mark.row("R2")
def test_another_way_of_distribution_is_in_force_for_what_waits(desk: Desk):
    desk.away("olga", "oleg", "roman")
    dialog = desk.hello()

    with committed():
        change_queue(
            administrator=desk.scene.cast.alla, queue=desk.queue, distribution="ALL_AT_ONCE", checks_presence=False
        )

    assert desk.offered(dialog) == ["olga", "oleg", "roman"]


@pytest.mark.row("R5")
def test_the_sweep_offers_what_a_lost_nudge_left_behind(desk: Desk):
    desk.away("olga", "oleg", "roman")
    dialog = desk.hello()
    assert lines_to_sweep() == []
    type(desk.people["olga"]).objects.filter(username="olga").update(presence="ONLINE")

    assert lines_to_sweep() == [desk.scene.line.pk]
    with committed():
        sweep_presence()

    assert desk.offered(dialog) == ["olga"]


def test_the_sweep_leaves_alone_what_nobody_could_have(desk: Desk):
    desk.away("olga", "oleg", "roman")
    dialog = desk.hello()

    for _ in range(3):
        sweep_presence()

    assert Decision.objects.filter(dialog=dialog).count() == 1


def test_a_line_that_is_switched_off_offers_nothing_until_it_works_again(desk: Desk):
    desk.scene.line.is_active = False
    desk.scene.line.save()
    dialog = desk.hello()
    assert dialog.state == "QUEUED"
    for _ in range(3):
        sweep_presence()
    assert Decision.objects.filter(dialog=dialog).count() == 1

    desk.scene.line.is_active = True
    desk.scene.line.save()
    sweep_presence()

    assert desk.offered(dialog) == ["olga"]


def test_a_line_that_is_switched_on_offers_what_waits_at_once(desk: Desk):
    desk.scene.line.is_active = False
    desk.scene.line.save()
    dialog = desk.hello()

    with committed():
        change_line(administrator=desk.scene.cast.alla, line=desk.scene.line, is_active=True)

    assert desk.offered(dialog) == ["olga"]


# Who knows the client


@pytest.mark.row("R4")
def test_a_returning_client_goes_to_the_operator_they_spoke_with(desk: Desk):
    dialog = desk.hello()
    desk.skip(dialog, "olga")
    desk.answer(dialog, "oleg")
    finish_dialog(dialog_id=dialog.pk, operator=desk.people["oleg"], now=desk.now)
    for sender in ("Boris", "Clara"):
        desk.hello(sender)

    again = desk.hello()

    assert desk.offered(again) == ["oleg"]
    assert desk.reasons(again) == ["Offered to Oleg, who spoke with this client last."]
    desk.wait(60)
    assert desk.offered(again) != ["oleg"], "asked once, then the queue"


@pytest.mark.row("R4")
def test_even_one_outside_the_queue(desk: Desk):
    dialog = desk.hello()
    desk.answer(dialog, "olga")
    finish_dialog(dialog_id=dialog.pk, operator=desk.people["olga"], now=desk.now)
    desk.sit("oleg", "roman")

    assert desk.offered(desk.hello()) == ["olga"]


@pytest.mark.row("R4")
def test_an_operator_who_is_not_there_is_not_waited_for(desk: Desk):
    dialog = desk.hello()
    desk.answer(dialog, "olga")
    finish_dialog(dialog_id=dialog.pk, operator=desk.people["olga"], now=desk.now)
    desk.away("olga")

    assert desk.offered(desk.hello()) == ["oleg"]


@pytest.mark.row("R4")
def test_the_line_may_do_without(desk: Desk):
    desk.rule(prefers_last_operator=False)
    dialog = desk.hello()
    desk.answer(dialog, "olga")
    finish_dialog(dialog_id=dialog.pk, operator=desk.people["olga"], now=desk.now)

    assert desk.offered(desk.hello()) == ["oleg"]


# Reasons


@pytest.mark.row("R9")
def test_every_decision_has_its_reason_in_words(desk: Desk):
    desk.away("roman")
    dialog = desk.hello()
    desk.wait(60)
    desk.skip(dialog, "oleg")
    desk.answer(dialog, "olga")

    assert desk.reasons(dialog) == [
        "Offered to Olga: given the least in this line today, round 1.",
        "Offered to Oleg: given the least in this line today, round 1.",
        "Offered to Olga: given the least in this line today, round 2.",
        "Olga answered.",
    ]
    (second,) = Decision.objects.filter(dialog=dialog).order_by("pk")[1:2]
    assert [(one["operator"], one["why"]) for one in decision_json(second)["considered"]] == [
        ("Olga", "had this dialog already in this round"),
        ("Oleg", "offered: place 2 in the queue, given today: 0"),
        ("Roman", "offline"),
    ]


@pytest.mark.row("R9")
def test_reasons_are_told_in_russian_too(desk: Desk):
    dialog = desk.hello()

    with translation.override("ru"):
        (words,) = desk.reasons(dialog)

    assert "Olga" in words
    assert words != desk.reasons(dialog)[0]


ALL_REASONS = (
    {"code": "EVENLY"}, {"code": "STRICTLY"}, {"code": "ALL_AT_ONCE"}, {"code": "LAST_OPERATOR"},
    {"code": "LINE_OFF"}, {"code": "NOBODY_AVAILABLE", "operators": []}, {"code": "ANSWERED"}, {"code": "TRANSFERRED"},
    {"code": "TAKEN_OVER"}, {"code": "OFFLINE"}, {"code": "PAUSED"}, {"code": "EVENLY", "alone": True},
)  # fmt: skip


@pytest.mark.row("R9")
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_reason_has_words(desk: Desk, language: str):
    dialog = desk.hello()

    with translation.override(language):
        for reason in ALL_REASONS:
            considered = [
                {"operator": "Olga", "position": 1, "verdict": verdict}
                for verdict in ("OFFERED", "LATER", "ALREADY_OFFERED", "PAUSED", "OFFLINE")
            ]
            decision = Decision(
                dialog=dialog, reason={"operators": ["Olga"]} | reason, considered=considered, decided_at=desk.now
            )
            told = decision_json(decision)
            assert told["reason"]
            assert "%" not in told["reason"] + "".join(one["why"] for one in told["considered"])


def test_offer_waiting_says_how_many_it_offered(desk: Desk):
    desk.away("olga", "oleg", "roman")
    desk.hello("Anna")
    desk.hello("Boris")

    assert offer_waiting(line_id=desk.scene.line.pk, now=desk.now) == 0
    type(desk.people["olga"]).objects.update(presence="ONLINE")
    assert offer_waiting(line_id=desk.scene.line.pk, now=desk.now) == 2
