"""The hot queries find their rows by indexes, however full the tables are. Plans are looked at, times never."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_connectors.inbox import keep_event, process_everything
from channels_connectors.models import Account
from channels_connectors.services import deliveries
from openlines.console import RATED, boot, listed_dialogs, tagged
from openlines.history import message_page
from openlines.models import Channel, Dialog
from openlines.services import timers
from openlines.services.lifecycle import assign_dialog
from openlines.services.locking import lock_dialogs
from openlines.services.replies import send_reply
from routing.waiting import waiting_of
from tests.bench.filling import add_history
from tests.bench.scene import BOT_TOKEN
from tests.bench.updates import update
from tests.factories import Cast, make_cast, make_line

pytestmark = pytest.mark.django_db

CLIENT = 1000
MESSAGES = 20_000
GROWING = {
    "openlines_message", "openlines_dialog", "openlines_chat", "crm_client", "crm_identity",
    "channels_connectors_rawevent",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def _nobody_asks_for_portraits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Courtesies run on threads of their own and would look for their rows in vain."""
    monkeypatch.setattr("channels_connectors.subscribers.later", lambda work: None)


@pytest.fixture
def process(cast, django_capture_on_commit_callbacks) -> Callable[..., None]:
    """Clients write, in a database that has been in use for years. The first one is talking with Olga."""
    channel = Channel.objects.create(line=make_line(cast), kind="telegram", name="@loft", scope="telegram:1")
    account = Account(channel=channel, inbound=Account.Inbound.WEBHOOK)
    account.credentials = {"token": BOT_TOKEN}
    account.save()

    def process(**numbers: int) -> None:
        for name, number in numbers.items():
            keep_event(channel_id=channel.pk, key=name, body=update(number, number))
        with django_capture_on_commit_callbacks(execute=True):
            process_everything(now=timezone.now())

    process(hello=CLIENT)
    for dialog in lock_dialogs(Dialog.objects.values_list("pk", flat=True)):
        assign_dialog(dialog, operator=cast.olga, now=timezone.now())
    add_history(connection.connection, MESSAGES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return process


def scanned_whole(work: Callable[[], Any]) -> dict[str, str]:
    """The growing tables that ``work`` reads from end to end, each with the statement that does it."""
    with CaptureQueriesContext(connection) as queries:
        work()
    statements = [query["sql"] for query in queries if query["sql"].lstrip().startswith(("SELECT", "UPDATE", "DELETE"))]
    assert statements
    return {table: sql for sql in statements for table in _whole(_plan(sql)) if table in GROWING}


def _plan(sql: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"), [])
        (found,) = cursor.fetchone()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def _whole(plan: dict[str, Any]) -> Iterator[str]:
    if plan["Node Type"] == "Seq Scan":
        yield plan["Relation Name"]
    for part in plan.get("Plans", ()):
        yield from _whole(part)


def test_receiving_reads_no_table_from_end_to_end(process):
    assert scanned_whole(lambda: process(again=CLIENT)) == {}
    assert scanned_whole(lambda: process(newcomer=CLIENT + 1)) == {}


def test_an_empty_inbox_is_found_empty_by_an_index(process):
    assert scanned_whole(lambda: process_everything(now=timezone.now())) == {}


def test_replying_reads_no_table_from_end_to_end(cast, process, django_capture_on_commit_callbacks):
    dialog = Dialog.objects.get(owner=cast.olga, closed_at=None)

    def reply() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            send_reply(dialog_id=dialog.pk, operator=cast.olga, text="Hi", now=timezone.now())
        assert deliveries.claim_due(limit=5, now=timezone.now())

    assert scanned_whole(reply) == {}


def test_due_rows_are_found_by_their_times(process):
    assert scanned_whole(lambda: timers.fire_due_timers(now=timezone.now())) == {}
    assert scanned_whole(timers.next_due_at) == {}
    assert scanned_whole(lambda: deliveries.next_due_at(now=timezone.now())) == {}


def test_a_console_starts_without_reading_what_is_closed(cast, process):
    assert scanned_whole(lambda: boot(cast.olga)) == {}


def test_a_page_of_a_list_reads_a_page(cast, process):
    for tab in ("mine", "all", "closed"):
        page = listed_dialogs(cast.olga, tab=tab).order_by("-id")
        assert scanned_whole(lambda page=page: list(page[:50])) == {}, tab


def test_a_narrowed_list_reads_no_table_from_end_to_end(cast, process):
    channel = Channel.objects.get()
    for narrowed in (
        {"filters": {"channel_id": channel.pk}},
        {"filters": {"owner_id": cast.olga.pk}},
        {"filters": {"topic_id": 1}},
        {"wanted": tagged(1)},
        {"wanted": RATED["bad"]},
    ):
        page = listed_dialogs(cast.olga, tab="closed", **narrowed).order_by("-id")
        assert scanned_whole(lambda page=page: list(page[:50])) == {}, narrowed


def test_a_place_in_the_queue_is_found_without_reading_what_is_closed(process):
    process(newcomer=CLIENT + 1)
    dialog = Dialog.objects.get(owner=None, closed_at=None)

    assert scanned_whole(lambda: waiting_of(dialog, now=timezone.now())) == {}


@pytest.mark.parametrize("edges", [{}, {"before": 500}, {"after": 500}, {"around": 500}], ids=str)
def test_a_feed_reads_pages_of_its_chats(cast, process, edges):
    dialog = Dialog.objects.get(owner=cast.olga, closed_at=None)

    for reader in (cast.olga, cast.alla):
        assert scanned_whole(lambda reader=reader: message_page(dialog, reader=reader, limit=50, **edges)) == {}
