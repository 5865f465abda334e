"""Lists cost the same however long they are."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_connectors.inbox import keep_event
from openlines.services.indexing import Indexer
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.api.client import Caller
from tests.api.world import World
from tests.factories import write

pytestmark = pytest.mark.row("P1")

# How many statements each list may cost, signing in by token included.
BUDGETS = {
    "/console/": 9,
    "/console/dictionaries/": 5,
    "/operators/": 3,
    "/dialogs/": 7,
    "/dialogs/?search=hello": 10,
    "/search/?q=hello&in=messages": 8,
    "/search/?q=i&in=clients": 8,
    "/dialogs/?tab=mine": 7,
    "/dialogs/?tab=closed&rating=none&tag=1&topic=1&channel=1": 7,
    "/dialogs/{active}/messages/": 9,
    "/dialogs/{active}/messages/?changed_after=0": 8,
    "/dialogs/{active}/decisions/": 6,
    "/dialogs/{active}/transfer-targets/": 14,
    "/quick-replies/": 8,
    "/clients/": 6,
    "/clients/{client}/": 15,
    "/clients/{client}/files/": 7,
    "/clients/{client}/similar/": 8,
    "/leads/": 7,
    "/lines/": 5,
    "/call-backs/": 4,
    "/call-backs/?state=open&mine=1": 4,
    "/tags/": 3,
    "/topics/": 3,
    "/channels/": 4,
    "/channels/{channel}/raw-events/": 4,
    "/channels/{channel}/templates/": 4,
}

OF_ADMINISTRATORS = {"/channels/{channel}/raw-events/"}


@pytest.mark.parametrize("path", BUDGETS)
def test_a_list_costs_the_same_however_long_it_is(path: str, world: World, olga: Caller, alla: Caller):
    for caller in (alla,) if path in OF_ADMINISTRATORS else (olga, alla):
        caller.get("/me/")
        Indexer().index_next()
        short = statements_of(caller, world.path(path))
        grow(world)
        long = statements_of(caller, world.path(path))

        assert len(long) <= BUDGETS[path], "\n".join(long)
        assert len(long) <= len(short), "\n".join(long)


def statements_of(caller: Caller, path: str) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = caller.http.get(f"/api/v1{path}")
    assert response.status_code == 200
    return [query["sql"][:200] for query in queries if "SAVEPOINT" not in query["sql"]]


def grow(world: World) -> Any:
    """Eight more clients with dialogs, leads and quotes, some of them Olga's."""
    scene = world.scene
    for number in range(8):
        keep_event(channel_id=scene.channel.pk, key=f"{number} {id(scene)}", body=b"{}")
        dialog = write(scene.channel, "Hello again", sender=f"Client{number}{id(scene)}", now=scene.now)
        answer_dialog(dialog_id=dialog.pk, operator=scene.cast.olga, now=scene.now)
        first, _is_new = send_reply(dialog_id=dialog.pk, operator=scene.cast.olga, text="Hi", now=scene.now)
        send_reply(dialog_id=dialog.pk, operator=scene.cast.olga, text="Hi", now=scene.now, reply_to_id=first.pk)
        send_reply(dialog_id=world.active.pk, operator=scene.cast.olga, text="Word", now=scene.now)
    Indexer().index_next()
