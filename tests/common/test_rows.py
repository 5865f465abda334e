from datetime import UTC, datetime

import pytest
from django.db import DataError
from django.utils import timezone

from common.rows import insert_rows, update_rows
from crm.models import Client, Lead, LeadStage
from openlines.models import Dialog, Message
from tests.factories import make_cast, make_channel, make_line, write

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def dialogs():
    cast = make_cast()
    channel = make_channel(cast, make_line(cast))
    return [write(channel, "Hello", sender=sender) for sender in ("Anna", "Boris")]


def test_each_row_gets_its_own_values_of_every_type(dialogs):
    anna, boris = dialogs
    anna.preview_text, anna.offered_to, anna.answered_at = 'it\'s "quoted" \\ 100% Привет 🙂', [1, 2], MOMENT
    boris.preview_text, boris.offered_to, boris.answered_at = "", [], None
    anna.last_seq = 99

    update_rows(dialogs, "preview_text", "offered_to", "answered_at")

    stored = list(Dialog.objects.order_by("pk").values_list("preview_text", "offered_to", "answered_at"))
    assert stored == [('it\'s "quoted" \\ 100% Привет 🙂', [1, 2], MOMENT), ("", [], None)]
    assert not Dialog.objects.filter(last_seq=99).exists()


def test_new_rows_have_their_ids_in_the_order_given(dialogs):
    anna = dialogs[0]
    messages = [_message(anna, seq) for seq in (30, 20, 10)]

    insert_rows(messages)

    stored = Message.objects.in_bulk([message.pk for message in messages])
    assert [stored[message.pk].seq for message in messages] == [30, 20, 10]
    assert stored[messages[0].pk].payload == {"service": {"params": [1, None, "а"]}}
    assert stored[messages[0].pk].external_id is None
    assert sorted(stored) == [message.pk for message in messages]


def test_what_is_left_to_the_database_is_made_by_it():
    client = Client.objects.create(name="Anna")
    stage = LeadStage.objects.create(name="New", position=1)
    lead = Lead(title="Anna", client=client, stage=stage)

    insert_rows([lead])

    assert abs(Lead.objects.get(pk=lead.pk).created_at - timezone.now()).total_seconds() < 60


def test_a_value_that_does_not_fit_is_refused(dialogs):
    dialogs[0].preview_text = "x" * 201

    with pytest.raises(DataError):
        update_rows(dialogs, "preview_text")


def test_no_rows_are_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        update_rows([], "preview_text")
        insert_rows([])


def _message(dialog: Dialog, seq: int) -> Message:
    return Message(
        dialog=dialog, chat_id=dialog.chat_id, seq=seq, revision=1, author_kind="SYSTEM", visibility="STAFF",
        payload={"service": {"params": [1, None, "а"]}}, created_at=MOMENT,
    )  # fmt: skip
