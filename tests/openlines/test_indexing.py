"""Nothing is left out of the search, whatever happens between two batches."""

import threading
import time

import pytest
from django.db import DataError, connection, transaction
from django.utils import timezone

from openlines.models import Message, SearchEntry, SearchState
from openlines.services.indexing import Indexer
from tests.factories import make_cast, make_channel, make_line, write

pytestmark = pytest.mark.row("D14")


def in_search() -> set[int]:
    return set(SearchEntry.objects.values_list("message_id", flat=True))


def to_find() -> set[int]:
    return set(Message.objects.exclude(text="").values_list("pk", flat=True))


@pytest.fixture
def talk(channel):
    for number in range(6):
        write(channel, f"Word {number}", number=number)


def test_batches_go_on_where_the_last_one_ended(talk):
    indexer = Indexer()

    while indexer.index_next(limit=2):
        pass

    assert in_search() == to_find()


def test_a_batch_that_is_killed_is_done_again(talk, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("openlines.services.indexing.KEEP_STATE", "SELECT 1 / 0, %s, %s, %s, %s")
        with pytest.raises(DataError):
            Indexer().index_next()
    assert in_search() == set()

    Indexer().index_next()

    assert in_search() == to_find()


def test_what_was_there_before_the_search_came_goes_in_from_the_newest_on(talk):
    newest = Message.objects.latest("pk").pk
    SearchState.objects.all().delete()
    SearchState.objects.create(indexed_to=newest, history_from=newest + 1)
    indexer = Indexer()

    indexer.index_next(limit=2)
    assert in_search() <= {newest, newest - 1}
    while indexer.index_next(limit=2):
        pass

    assert in_search() == to_find()
    assert SearchState.objects.get().history_from == 0


def test_nothing_to_do_costs_little_and_writes_nothing(talk, django_assert_num_queries):
    indexer = Indexer()
    while indexer.index_next():
        pass
    before = SearchState.objects.values().get()

    with django_assert_num_queries(6):
        indexer.index_next()

    assert SearchState.objects.values().get() == before


@pytest.mark.django_db(transaction=True)
def test_a_message_that_is_committed_after_a_later_one_is_not_forgotten():
    """Its number was given out before, and was not there when the later one was taken."""
    cast = make_cast()
    first, second = (make_channel(cast, make_line(cast, name=name)) for name in ("Sales", "Support"))
    written, may_commit = threading.Event(), threading.Event()

    def writes_slowly() -> None:
        with transaction.atomic():
            write(first, "Early and late", sender="Anna", now=timezone.now())
            written.set()
            may_commit.wait(10)
        connection.close()

    slow = threading.Thread(target=writes_slowly)
    slow.start()
    assert written.wait(10)
    write(second, "Late and early", sender="Boris", now=timezone.now())
    indexer = Indexer()
    for _ in range(3):
        indexer.index_next()
    assert SearchState.objects.values_list("awaited", flat=True).get()
    assert not SearchEntry.objects.filter(message__text="Early and late").exists()

    may_commit.set()
    slow.join()
    index_what_is_awaited(indexer)

    assert in_search() == to_find()


def index_what_is_awaited(indexer: Indexer) -> None:
    """The server may be at some work of its own meanwhile, for whose end a hole waits, too."""
    give_up = time.monotonic() + 20
    while SearchState.objects.exclude(awaited=[]).exists() and time.monotonic() < give_up:
        indexer.index_next()


@pytest.mark.django_db(transaction=True)
def test_one_worker_at_a_time_does_it():
    cast = make_cast()
    write(make_channel(cast, make_line(cast)), "Hello")
    outcomes: list[int] = []

    def as_another_worker() -> None:
        outcomes.append(Indexer().index_next())
        connection.close()

    with transaction.atomic():
        assert Indexer().index_next() > 0
        other = threading.Thread(target=as_another_worker)
        other.start()
        other.join(10)

    assert outcomes == [0]
