"""Pages stay where they are while rows are added in between: nothing is left out, nothing comes twice."""

from collections.abc import Callable
from typing import Any

import pytest

from openlines.models import Attachment, CallBack
from openlines.services.indexing import Indexer
from tests.api.client import API, Caller
from tests.api.world import World
from tests.factories import write

pytestmark = [pytest.mark.row("P1"), pytest.mark.row("D12")]

ROWS = 6


def add_dialog(world: World, number: int) -> None:
    write(world.scene.channel, f"A sofa, {number}", sender=f"Client{number}", now=world.scene.now)


def add_call_back(world: World, number: int) -> None:
    olga = world.scene.cast.olga
    CallBack.objects.create(
        client=world.client, operator=olga, created_by=olga, phone="+79161234567",
        due_at=world.scene.later(hours=number // 2),
    )  # fmt: skip


def add_file(world: World, number: int) -> None:
    Attachment.objects.create(message=world.reply, name=f"{number}.txt", state="READY", position=number, kind="FILE")
    type(world.reply).objects.filter(pk=world.reply.pk).update(has_attachments=True)


LISTS: dict[str, Callable[[World, int], None]] = {
    "/dialogs/?tab=all": add_dialog,
    "/clients/": add_dialog,
    "/leads/": add_dialog,
    "/call-backs/": add_call_back,
    "/call-backs/?state=open": add_call_back,
    "/clients/{client}/files/?kind=files": add_file,
}


@pytest.mark.parametrize("path", LISTS)
def test_what_was_there_comes_once_whatever_is_added(path: str, world: World, alla: Caller):
    add = LISTS[path]
    for number in range(ROWS):
        add(world, number)
    Indexer().index_next()
    before = ids_of(alla.get(with_limit(world.path(path), 100)).json()["results"])

    seen: list[Any] = []
    address: str | None = with_limit(world.path(path), 2)
    while address is not None:
        page = alla.get(address.removeprefix("http://testserver").removeprefix(API)).json()
        seen += ids_of(page["results"])
        add(world, ROWS + len(seen))
        address = next_address(page, address)
        assert len(seen) < 100

    assert len(seen) == len(set(seen))
    assert [pk for pk in seen if pk in before] == before


def with_limit(path: str, limit: int) -> str:
    return f"{path}{'&' if '?' in path else '?'}limit={limit}"


def ids_of(rows: list[Any]) -> list[Any]:
    return [row["attachment"]["id"] if "attachment" in row else row["id"] for row in rows]


def next_address(page: dict[str, Any], address: str) -> str | None:
    if "next" in page:
        return str(page["next"]) if page["next"] else None
    cursor = page["next_cursor"]
    return f"{address.partition('&cursor=')[0]}&cursor={cursor}" if cursor else None


def test_call_backs_come_soonest_first(world: World, alla: Caller):
    for number in range(ROWS):
        add_call_back(world, number)

    times = [row["due_at"] for row in alla.get("/call-backs/", state="open").json()["results"]]

    assert times == sorted(times)
