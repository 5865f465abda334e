"""Commits inside the transaction that a test is rolled back with."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def committed() -> Iterator[None]:
    """What the block's ``on_commit`` hooks do is done when it ends, and they are gone then, as after a real commit.

    ``django_capture_on_commit_callbacks`` leaves them registered, so the next block's changes would join them unseen.
    """
    before, connection.run_on_commit = connection.run_on_commit, []
    try:
        with transaction.atomic():
            yield
        _run_hooks()
    finally:
        connection.run_on_commit = before


def _run_hooks() -> None:
    """A hook that makes a transaction of its own has that one's hooks run before the next."""
    hooks, connection.run_on_commit = connection.run_on_commit, []
    for registered in hooks:
        registered[1]()
        _run_hooks()
