"""The hot path costs the same statements whatever the size of the batch. Numbers of statements, never times."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_connectors.inbox import keep_event, process_channel
from crm.models import User
from openlines.models import Channel, Dialog, Line, Message, Timer
from openlines.services.closing import close_dialog
from openlines.services.lifecycle import assign_dialog
from openlines.services.locking import lock_dialogs
from routing.models import Decision, Offer, Queue
from tests.bench.scene import BOT_TOKEN
from tests.bench.updates import update
from tests.factories import Cast, make_cast, make_line

pytestmark = pytest.mark.django_db

FEW, MANY = 1, 64
_numbers = count(1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def _nobody_asks_for_portraits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Courtesies run on threads of their own and would look for their rows in vain."""
    monkeypatch.setattr("channels_connectors.subscribers.later", lambda work: None)


@pytest.fixture
def channel(cast) -> Channel:
    from channels_connectors.models import Account

    channel = Channel.objects.create(line=make_line(cast), kind="telegram", name="@loft", scope="telegram:1")
    account = Account(channel=channel, inbound=Account.Inbound.WEBHOOK)
    account.credentials = {"token": BOT_TOKEN}
    account.save()
    return channel


@pytest.fixture
def process(channel, django_capture_on_commit_callbacks):
    """Clients write one message each; returns what was asked of the database until their frames were out."""

    def process(clients: range) -> list[str]:
        for client in clients:
            number = next(_numbers)
            keep_event(channel_id=channel.pk, key=str(number), body=update(number, client))
        with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks(execute=True):
            assert process_channel(channel_id=channel.pk, now=timezone.now()) == len(clients)
        return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]

    return process


@pytest.mark.row("C1")
def test_messages_in_open_dialogs_cost_the_same_for_one_and_for_many(cast, process):
    process(range(1000, 1000 + MANY))
    dialogs = lock_dialogs(Dialog.objects.values_list("pk", flat=True))
    for dialog in dialogs:
        assign_dialog(dialog, operator=cast.olga, now=timezone.now())

    one = process(range(1000, 1000 + FEW))
    many = process(range(1000, 1000 + MANY))

    assert len(many) == len(one) <= 16
    assert Message.objects.filter(author_kind="CLIENT").count() == FEW + 2 * MANY


@pytest.mark.row("R2")
def test_newcomers_cost_the_same_for_one_and_for_many(process):
    process(range(500, 502))
    one = process(range(1000, 1000 + FEW))
    many = process(range(2000, 2000 + MANY))

    assert len(many) == len(one) <= 40
    assert Dialog.objects.filter(state=Dialog.State.OFFERED).count() == 2 + FEW + MANY
    assert Offer.objects.count() == Decision.objects.count() == 2 + FEW + MANY


@pytest.mark.row("D9")
def test_going_on_with_closed_dialogs_costs_nothing_where_it_is_off_and_the_same_for_one_and_for_many(cast, process):
    process(range(1000, 1000 + MANY))
    dialogs = lock_dialogs(Dialog.objects.values_list("pk", flat=True))
    for dialog in dialogs:
        assign_dialog(dialog, operator=cast.olga, now=timezone.now())
    off = process(range(1000, 1000 + MANY))
    Line.objects.update(continue_seconds=3600)
    on = process(range(1000, 1000 + MANY))
    for dialog in lock_dialogs([dialog.pk for dialog in dialogs]):
        close_dialog(dialog, reason=Dialog.CloseReason.OPERATOR, now=timezone.now())

    one = process(range(1000, 1000 + FEW))
    many = process(range(1000 + FEW, 1000 + MANY))

    assert len(on) == len(off) <= 16
    assert len(many) == len(one) <= 40
    assert Dialog.objects.count() == MANY
    assert set(Dialog.objects.values_list("offered_to__0", flat=True)) == {cast.olga.pk}


@pytest.mark.row("R6")
def test_waiting_for_answers_costs_one_statement_for_many_and_none_where_it_is_off(process):
    process(range(500, 502))
    without = process(range(1000, 1000 + MANY))
    Queue.objects.update(no_answer_action=Queue.NoAnswer.RETURN)

    many = process(range(2000, 2000 + MANY))

    assert len(many) == len(without) + 1
    assert Timer.objects.filter(kind="no_answer").count() == MANY


@pytest.mark.row("R9")
def test_dialogs_of_one_batch_go_to_operators_in_turn(cast, process):
    process(range(1000, 1000 + MANY))

    offered = [operator_ids for (operator_ids,) in Dialog.objects.order_by("pk").values_list("offered_to")]
    assert offered == [[cast.olga.pk], [cast.oleg.pk]] * (MANY // 2)


@pytest.mark.row("R9")
def test_the_next_batch_goes_on_where_the_last_one_stopped(cast, process):
    process(range(1000, 1003))
    process(range(2000, 2003))

    assert User.objects.get(pk=cast.olga.pk).offers.count() == 3
    assert User.objects.get(pk=cast.oleg.pk).offers.count() == 3


def test_all_that_a_new_dialog_begins_with_is_there_for_each_of_many(process):
    process(range(1000, 1000 + MANY))

    for dialog in Dialog.objects.all():
        lines = [m.text or m.payload["service"]["code"] for m in dialog.messages.order_by("seq")]
        assert [lines[1], lines[2], lines[4]] == ["DIALOG_OPENED", "LEAD_CREATED", "DIALOG_OFFERED"]
        assert lines[3].startswith("Hello, Client ")
        assert list(dialog.messages.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
        assert (dialog.last_seq, dialog.unread, dialog.preview_author) == (5, 1, "CLIENT")
        assert dialog.lead is not None
        assert dialog.lead.title == dialog.client.name
        assert dialog.messages.get(seq=4).deliveries.get().state == "QUEUED"
