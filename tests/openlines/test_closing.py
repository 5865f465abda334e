"""Ends with a text: what is said, in which language, and what an answer to it does."""

from datetime import timedelta

import pytest

from common.errors import NotAllowed, NotFound
from crm.models import Client
from openlines.models import Dialog, Line, Message, Timer
from openlines.services.closing import close_by_client, finish_dialog
from openlines.services.lifecycle import pin_dialog
from openlines.services.lines import Place, set_queue
from openlines.services.timers import fire_due_timers
from openlines.types import IncomingClosing
from routing.models import Offer, Queue
from routing.services.transferring import take_over, transfer_dialog
from routing.types import ToOperator
from tests.factories import write
from tests.scenes import Scene, active, anna_writes, offered, queued, quiet, reply, sent

pytestmark = pytest.mark.row("A4")

FORM = "https://forms.example/after"


def feed(dialog: Dialog) -> list[str]:
    return [m.text or m.payload["service"]["code"] for m in dialog.messages.order_by("seq")]


def finish(scene: Scene, who: str = "olga", **how: bool) -> Dialog:
    return finish_dialog(dialog_id=scene.dialog.pk, operator=getattr(scene.cast, who), now=scene.now, **how)


def anna_finishes(scene: Scene) -> None:
    close_by_client(channel=scene.channel, closing=IncomingClosing(chat_external_id="anna"), now=scene.now)


def with_grace(scene: Scene, **line: object) -> None:
    Line.objects.update(grace_seconds=600, **line)
    sent(scene)


# What is said


def test_the_link_to_the_form_goes_below_the_text(scene):
    Line.objects.update(closing_action="FORM", closing_text="Bye, {client}!", form_url=FORM)
    sent(scene)

    finish(scene)

    assert feed(scene.dialog)[-2:] == [f"Bye, Anna!\n{FORM}", "DIALOG_FINISHED"]


def test_a_text_may_place_the_link_itself(scene):
    Line.objects.update(closing_action="FORM", closing_text="Tell us at {form} how it was.", form_url=FORM)
    sent(scene)

    finish(scene)

    assert feed(scene.dialog)[-2] == f"Tell us at {FORM} how it was."


def test_the_form_needs_no_text(scene):
    Line.objects.update(silence_action="FORM", silence_text="", form_url=FORM)
    sent(scene)

    fire_due_timers(now=scene.later(hours=1))

    assert feed(scene.dialog)[-2:] == [FORM, "CLOSED_BY_SILENCE"]


@pytest.mark.parametrize("changes", [{"silence_action": "NONE"}, {"silence_text": ""}])
def test_silence_may_end_without_a_word(scene, changes):
    Line.objects.update(grace_seconds=600, **changes)
    sent(scene)

    fire_due_timers(now=scene.later(hours=1))

    dialog = scene.dialog
    assert (feed(dialog)[-1], dialog.close_reason) == ("CLOSED_BY_SILENCE", "SILENCE")
    assert feed(dialog)[-2] == "Good morning", "and nothing waits for an answer to nothing"


@pytest.mark.row("A6")
@pytest.mark.parametrize(("language", "words"), [("en-GB", "Goodbye"), ("EN", "Goodbye"), ("de", "Пока"), ("", "Пока")])
def test_the_clients_language_picks_the_text(scene, language, words):
    Line.objects.update(closing_text="Пока", translations={"en": {"closing_text": "Goodbye"}})
    sent(scene)
    Client.objects.update(language=language)

    finish(scene)

    assert feed(scene.dialog)[-2] == words


# By the client


def test_the_client_ends_the_conversation(scene):
    sent(scene)

    anna_finishes(scene)

    dialog = scene.dialog
    assert (dialog.state, dialog.close_reason, dialog.owner) == ("CLOSED", "CLIENT", scene.cast.olga)
    assert feed(dialog)[-2:] == ["Good morning", "CLOSED_BY_CLIENT"], "nothing is said unless the line has words"
    assert not Timer.objects.exists()


@pytest.mark.parametrize("before", [queued, offered, active])
def test_the_client_may_leave_before_anybody_answers(scene, before):
    Line.objects.update(client_closing_action="TEXT", client_closing_text="Come back, {client}", grace_seconds=600)
    before(scene)

    anna_finishes(scene)

    dialog = scene.dialog
    assert feed(dialog)[-2:] == ["Come back, Anna", "CLOSED_BY_CLIENT"]
    assert dialog.is_open == (before is active), "only who has an operator can be answered"
    assert not Offer.objects.filter(outcome="PENDING").exists()


def test_where_no_dialog_is_open_the_clients_end_means_nothing(scene):
    quiet(scene)
    anna_finishes(scene)
    sent(scene)
    finish(scene)
    before = scene.dialog.revision

    anna_finishes(scene)

    assert (scene.dialog.revision, scene.dialog.close_reason) == (before, "OPERATOR")


def test_the_client_who_finishes_twice_means_it(scene):
    with_grace(scene, client_closing_action="TEXT", client_closing_text="Bye")
    anna_finishes(scene)
    assert scene.dialog.closing_at == scene.later(seconds=600)

    anna_finishes(scene)

    assert (scene.dialog.state, scene.dialog.close_reason) == ("CLOSED", "CLIENT")
    assert Message.objects.filter(text="Bye").count() == 1


# Grace


def test_a_goodbye_may_be_answered_for_a_while(scene):
    with_grace(scene)
    anna_writes(scene, "Thanks")

    finish(scene)

    dialog = scene.dialog
    assert (dialog.state, dialog.close_reason, dialog.closing_at) == ("ACTIVE", "OPERATOR", scene.later(minutes=10))
    assert (dialog.closed_at, dialog.waiting_since, dialog.unread) == (None, None, 0)
    assert list(Timer.objects.values_list("kind", "due_at")) == [("closing", scene.later(minutes=10))]


@pytest.mark.row("R8")
def test_its_place_is_free_at_once(scene, commit):
    Line.objects.update(grace_seconds=600)
    Queue.objects.update(place_rule="UNTIL_CLOSED")
    set_queue(
        administrator=scene.cast.alla, line=scene.line, places=[Place(operator_id=scene.cast.olga.pk, dialog_limit=1)]
    )
    sent(scene)
    waiting = write(scene.channel, "Hello", sender="Boris", now=scene.now)
    assert waiting.offered_to == []

    with commit():
        finish(scene)

    waiting.refresh_from_db()
    assert waiting.offered_to == [scene.cast.olga.pk]


def test_when_the_time_is_over_the_dialog_closes(scene):
    with_grace(scene)
    finish(scene)
    before = feed(scene.dialog)

    fire_due_timers(now=scene.later(seconds=599))
    assert scene.dialog.is_open
    fire_due_timers(now=scene.later(seconds=600))

    dialog = scene.dialog
    assert (dialog.state, dialog.close_reason, dialog.closing_at) == ("CLOSED", "OPERATOR", None)
    assert dialog.closed_at == scene.later(seconds=600)
    assert feed(dialog) == before


def test_a_word_of_the_client_takes_the_dialog_back(scene):
    with_grace(scene)
    finish(scene)

    anna_writes(scene, "And the delivery?")

    dialog = scene.dialog
    assert (dialog.state, dialog.owner, dialog.closing_at, dialog.close_reason) == ("ACTIVE", scene.cast.olga, None, "")
    assert (dialog.waiting_since, dialog.unread) == (scene.now, 1)
    assert feed(dialog)[-2:] == ["And the delivery?", "REOPENED_BY_CLIENT"]
    fire_due_timers(now=scene.later(days=1))
    assert scene.dialog.is_open
    assert Dialog.objects.count() == 1


def test_a_message_that_comes_twice_does_not_reopen(scene):
    with_grace(scene)
    anna_writes(scene, "Thanks", external_id="same")
    finish(scene)

    anna_writes(scene, "Thanks", external_id="same")

    assert scene.dialog.closing_at is not None


def test_a_word_of_the_operator_takes_it_back_too(scene):
    with_grace(scene)
    finish(scene)

    reply(scene, "One more thing")

    dialog = scene.dialog
    assert (dialog.closing_at, dialog.close_reason) == (None, "")
    assert feed(dialog)[-2:] == ["One more thing", "REOPENED_BY_OPERATOR"]
    assert [timer.kind for timer in Timer.objects.all()] == ["silence"]


def test_a_whisper_does_not(scene):
    with_grace(scene)
    finish(scene)

    reply(scene, "Nice client", visibility="STAFF")

    assert scene.dialog.closing_at is not None


def test_finishing_again_closes_at_once(scene):
    with_grace(scene)
    finish(scene)

    finish(scene, "sergey")

    dialog = scene.dialog
    assert (dialog.state, dialog.close_reason, dialog.closed_at) == ("CLOSED", "OPERATOR", scene.now)
    assert feed(dialog)[-1] == "CLOSED_AT_ONCE"
    assert not Timer.objects.exists()


@pytest.mark.parametrize("who", ["oleg", "mallory"])
def test_strangers_cannot_hurry_it(scene, who):
    with_grace(scene, access="LINE")
    finish(scene)

    with pytest.raises((NotAllowed, NotFound)):
        finish(scene, who)

    assert scene.dialog.closing_at is not None


def test_silence_has_its_grace_as_well_and_keeps_its_reason(scene):
    with_grace(scene)

    fire_due_timers(now=scene.later(hours=1))
    assert scene.dialog.closing_at == scene.later(hours=1, seconds=600)
    fire_due_timers(now=scene.later(hours=1, seconds=600))

    assert scene.dialog.close_reason == "SILENCE"


def test_who_blocked_us_gets_no_text_and_so_no_grace(scene):
    with_grace(scene)
    Client.objects.update(is_reachable=False)

    finish(scene)

    assert not scene.dialog.is_open


def test_spam_has_no_grace(scene):
    with_grace(scene)
    finish(scene)

    finish(scene, as_spam=True)

    assert (scene.dialog.state, scene.dialog.close_reason) == ("CLOSED", "SPAM")


@pytest.mark.parametrize("how", ["transfer", "take over", "pin"])
def test_whoever_goes_on_with_it_takes_it_back(scene, how):
    with_grace(scene)
    finish(scene)

    match how:
        case "transfer":
            oleg = ToOperator(scene.cast.oleg.pk)
            transfer_dialog(dialog_id=scene.dialog.pk, actor=scene.cast.olga, target=oleg, now=scene.now)
        case "take over":
            take_over(dialog_id=scene.dialog.pk, actor=scene.cast.sergey, now=scene.now)
        case "pin":
            pin_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, is_pinned=True, now=scene.now)
    fire_due_timers(now=scene.now + timedelta(minutes=20))

    assert (scene.dialog.state, scene.dialog.closing_at, scene.dialog.close_reason) == ("ACTIVE", None, "")
