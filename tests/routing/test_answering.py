"""Answer and skip: who may, and who wins."""

import pytest
from django.db import IntegrityError, transaction

from common.errors import NotFound
from openlines.models import Chat, Dialog
from openlines.services.closing import finish_dialog
from openlines.services.lifecycle import DialogAlreadyClosed
from routing.models import Offer, Turn
from routing.services.answering import AlreadyTaken, NotOffered, answer_dialog, skip_dialog
from tests.routing.desk import Desk


@pytest.mark.row("D2")
def test_who_answers_owns_the_dialog(desk: Desk):
    dialog = desk.hello()

    desk.answer(dialog, "olga")

    dialog.refresh_from_db()
    assert (dialog.state, dialog.owner, dialog.offered_to) == ("ACTIVE", desk.people["olga"], [])
    assert (dialog.answered_at, dialog.offer_expires_at) == (desk.now, None)
    assert Chat.objects.get().last_operator == desk.people["olga"]
    line = dialog.messages.latest("seq").payload["service"]
    assert line == {"code": "DIALOG_ACCEPTED", "params": {"operator": "Olga", "seconds": 0}}
    assert not dialog.timers.filter(kind="offer").exists()


def test_answering_again_changes_nothing(desk: Desk):
    dialog = desk.hello()
    desk.answer(dialog, "olga")
    dialog.refresh_from_db()
    before = dialog.revision

    desk.answer(dialog, "olga")

    dialog.refresh_from_db()
    assert dialog.revision == before


@pytest.mark.row("R10")
def test_who_comes_second_hears_who_was_first(desk: Desk):
    desk.rule(distribution="ALL_AT_ONCE")
    dialog = desk.hello()
    desk.answer(dialog, "oleg")

    with pytest.raises(AlreadyTaken, match="Oleg has already answered this dialog"):
        desk.answer(dialog, "olga")


def test_an_offer_that_has_moved_on_can_not_be_answered_any_more(desk: Desk):
    dialog = desk.hello()
    desk.wait(60)

    with pytest.raises(NotOffered):
        desk.answer(dialog, "olga")


@pytest.mark.row("R5")
def test_whoever_is_in_the_queue_may_take_what_waits(desk: Desk):
    desk.away("olga", "oleg", "roman")
    dialog = desk.hello()

    desk.answer(dialog, "roman")

    dialog.refresh_from_db()
    assert dialog.owner == desk.people["roman"]


@pytest.mark.row("L4")
def test_strangers_do_not_learn_that_the_dialog_exists(desk: Desk):
    dialog = desk.hello()
    mallory, stranger = desk.scene.cast.mallory, desk.scene.cast.stranger

    for who in (mallory, stranger):
        for act in (answer_dialog, skip_dialog):
            with pytest.raises(NotFound):
                act(dialog_id=dialog.pk, operator=who, now=desk.now)


def test_what_is_closed_can_not_be_answered(desk: Desk):
    dialog = desk.hello()
    finish_dialog(dialog_id=dialog.pk, operator=desk.scene.cast.sergey, now=desk.now)

    for act in (answer_dialog, skip_dialog):
        with pytest.raises(DialogAlreadyClosed):
            act(dialog_id=dialog.pk, operator=desk.people["olga"], now=desk.now)


def test_a_dialog_that_ends_while_it_is_offered_takes_its_offers_along(desk: Desk):
    dialog = desk.hello()

    finish_dialog(dialog_id=dialog.pk, operator=desk.scene.cast.sergey, as_spam=True, now=desk.now)

    assert desk.outcomes(dialog) == [("olga", "WITHDRAWN")]
    assert not dialog.timers.exists()


@pytest.mark.row("D2")
def test_only_who_has_the_offer_can_skip_it(desk: Desk):
    dialog = desk.hello()

    for who in (desk.people["oleg"], desk.scene.cast.sergey):
        with pytest.raises(NotOffered):
            skip_dialog(dialog_id=dialog.pk, operator=who, now=desk.now)
    desk.answer(dialog, "olga")
    with pytest.raises(NotOffered):
        skip_dialog(dialog_id=dialog.pk, operator=desk.people["olga"], now=desk.now)


@pytest.mark.row("R9")
def test_what_one_accepts_is_counted(desk: Desk):
    for sender in ("Anna", "Boris", "Clara", "Dmitry"):
        dialog = desk.hello(sender)
        desk.answer(dialog, desk.offered(dialog)[0])

    counts = dict(Turn.objects.values_list("operator__username", "accepted"))
    assert counts == {"olga": 2, "oleg": 1, "roman": 1}


@pytest.mark.row("R10")
def test_the_database_itself_knows_of_one_owner_and_one_acceptance(desk: Desk):
    dialog = desk.hello()
    offer = Offer.objects.get()
    Offer.objects.filter(pk=offer.pk).update(outcome="ACCEPTED")

    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(
            dialog=dialog, operator=desk.people["oleg"], round=1, outcome="ACCEPTED", offered_at=desk.now
        )
    Offer.objects.create(dialog=dialog, operator=desk.people["roman"], round=1, offered_at=desk.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(dialog=dialog, operator=desk.people["roman"], round=2, offered_at=desk.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dialog.objects.filter(pk=dialog.pk).update(state="ACTIVE")
