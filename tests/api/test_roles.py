"""What docs/roles.md promises each role, row by row: the table there is the one that is tried here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from crm.models import User
from openlines.models import Dialog, Line
from openlines.services.line_groups import change_line_group
from openlines.services.participants import invite_operators
from routing.models import Queue
from tests.api.client import Caller
from tests.api.world import World
from tests.factories import make_user
from tests.pages import get

pytestmark = [pytest.mark.row("L4"), pytest.mark.row("P4")]

PAGE = Path(__file__).parents[2] / "docs" / "roles.md"
ROLES = {
    "administrator": "alla",
    "supervisor of the line": "sergey",
    "supervisor of its group": "galina",
    "operator of the dialog": "olga",
    "invited to the dialog": "ivan",
    "operator of the queue": "oleg",
    "other staff": "mallory",
    "no role": "stranger",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody at work in the world, by the API and by pages."""

    world: World
    user: User

    def api(self, method: str, path: str, body: Any = None) -> bool:
        """Whether it is done; the API refuses in many ways, and never fails."""
        body = {} if body is None and method != "GET" else body
        status = Caller.by(self.user).call(method, self.world.path(path), body).status_code
        assert status < 500
        return bool(status < 300)

    def page(self, path: str, **query: Any) -> bool:
        return bool(get(self.user, self.world.path(path), **query).status_code == 200)


Probe = Callable[[Attempt], list[bool]]
PROBES: dict[str, Probe] = {}


def row(title: str) -> Callable[[Probe], Probe]:
    def keep(probe: Probe) -> Probe:
        PROBES[title] = probe
        return probe

    return keep


def try_calls(title: str, *calls: tuple[str, str] | tuple[str, str, Any]) -> None:
    PROBES[title] = lambda attempt: [attempt.api(*call) for call in calls]


@row("See it, in a line whose operators see all dialogs")
def _in_an_open_line(attempt: Attempt) -> list[bool]:
    Line.objects.update(access=Line.Access.LINE)
    return [attempt.api("GET", "/dialogs/{active}/"), attempt.api("GET", "/dialogs/{active}/messages/")]


@row("See and answer what waits in the queue")
def _what_waits(attempt: Attempt) -> list[bool]:
    Dialog.objects.filter(pk=attempt.world.offered.pk).update(state=Dialog.State.QUEUED, offered_to=[])
    attempt.world.offered.offers.all().delete()
    return [attempt.api("GET", "/dialogs/{offered}/"), attempt.api("POST", "/dialogs/{offered}/answer/")]


@row("Transfer the dialog")
def _transfer(attempt: Attempt) -> list[bool]:
    return [attempt.api("POST", "/dialogs/{active}/transfer/", {"operator_id": attempt.world.scene.cast.oleg.pk})]


@row("Reopen it when it is closed")
def _reopen(attempt: Attempt) -> list[bool]:
    closed = {"state": Dialog.State.CLOSED, "closed_at": attempt.world.scene.now}
    Dialog.objects.filter(pk=attempt.world.active.pk).update(**closed)
    return [attempt.api("POST", "/dialogs/{active}/reopen/")]


@row("Invite colleagues into it and send them away")
def _invite(attempt: Attempt) -> list[bool]:
    return [
        attempt.api("POST", "/dialogs/{active}/invite/", {"operator_ids": [attempt.world.scene.cast.mallory.pk]}),
        attempt.api("DELETE", "/dialogs/{active}/participants/{oleg}/"),
    ]


@row("Call colleagues by name who are in it")
def _call(attempt: Attempt) -> list[bool]:
    whisper = {"text": "Olga?", "visibility": "STAFF", "mentions": [attempt.world.scene.cast.olga.pk]}
    return [attempt.api("POST", "/dialogs/{active}/messages/", whisper)]


@row("See the queue of the line now")
def _queue_now(attempt: Attempt) -> list[bool]:
    return [attempt.page("/lines/{line}/queue/"), attempt.api("GET", "/lines/{line}/queue-now/")]


@row("Read reports of the line")
def _reports(attempt: Attempt) -> list[bool]:
    return [attempt.page("/stats/", line=attempt.world.scene.line.pk)]


@row("Change the settings of the line")
def _settings(attempt: Attempt) -> list[bool]:
    return [attempt.page("/settings/lines/{line}/"), attempt.api("PATCH", "/lines/{line}/", {"name": "Support"})]


@row("Connect, pause and move channels")
def _channels(attempt: Attempt) -> list[bool]:
    line = attempt.world.scene.line.pk
    return [
        attempt.api("POST", "/channels/", {"line": line, "kind": "sandbox"}),
        attempt.api("PATCH", "/channels/{channel}/", {"state": "PAUSED"}),
        attempt.api("PATCH", "/channels/{channel}/", {"line": line}),
        attempt.page("/settings/channels/{channel}/"),
    ]


@row("See what went through a channel")
def _logs(attempt: Attempt) -> list[bool]:
    pages = ("", "{channel}/events/", "{channel}/deliveries/")
    return [attempt.page(f"/settings/channels/{page}") for page in pages]


@row("Arrange staff, their roles and groups")
def _staff(attempt: Attempt) -> list[bool]:
    pages = ["/settings/staff/", "/settings/staff/new/", "/settings/staff/{oleg}/"]
    return [*map(attempt.page, pages), attempt.api("POST", "/staff-groups/", {"name": "Evening"})]


@row("Arrange stages and sources of leads")
def _stages(attempt: Attempt) -> list[bool]:
    return [attempt.page("/settings/crm/")]


@row("Arrange tags and topics")
def _tags_and_topics(attempt: Attempt) -> list[bool]:
    return [
        attempt.page("/settings/tags/"),
        attempt.page("/settings/topics/"),
        attempt.api("PATCH", "/tags/{tag}/", {"name": "Big"}),
        attempt.api("POST", "/topics/", {"name": "Complaint"}),
    ]


@row("Keep quick replies of the line")
def _quick_replies(attempt: Attempt) -> list[bool]:
    new = {"text": "Hello!", "scope": "LINE", "line": attempt.world.scene.line.pk}
    return [
        attempt.api("POST", "/quick-replies/", new),
        attempt.api("PATCH", "/quick-replies/{quick_reply}/", {"title": "Greeting"}),
        attempt.page("/settings/quick-replies/{quick_reply}/"),
    ]


@row("Read the audit log")
def _log(attempt: Attempt) -> list[bool]:
    return [attempt.page("/settings/audit/"), attempt.api("GET", "/audit/")]


@row("Arrange groups of lines")
def _groups(attempt: Attempt) -> list[bool]:
    return [
        attempt.page("/settings/line-groups/"),
        attempt.api("POST", "/line-groups/", {"name": "Moscow"}),
        attempt.api("PATCH", "/line-groups/{line_group}/", {"name": "Best"}),
        attempt.api("DELETE", "/line-groups/{line_group}/"),
    ]


try_calls("See the dialog and what was said", ("GET", "/dialogs/{active}/"), ("GET", "/dialogs/{active}/messages/"))
try_calls("Write to the client", ("POST", "/dialogs/{active}/messages/", {"text": "Hi"}))
try_calls("Rate how the dialog was led", ("PUT", "/dialogs/{active}/supervisor-rating/", {"score": 4}))
try_calls("Edit an own message", ("PATCH", "/messages/{reply}/", {"text": "Edited"}))
try_calls("Return it to the queue", ("POST", "/dialogs/{active}/return/"))
try_calls(
    "Pin and finish it",
    ("POST", "/dialogs/{active}/pin/", {"is_pinned": True}),
    ("POST", "/dialogs/{active}/finish/"),
)
try_calls("Tag it", ("PUT", "/dialogs/{active}/tags/", {"tag_ids": []}))
try_calls("Choose its topic, after its end, too", ("PUT", "/dialogs/{active}/topic/", {"topic_id": None}))
try_calls("Make new tags", ("POST", "/tags/", {"name": "Wholesale"}))
try_calls("Put it aside", ("POST", "/dialogs/{active}/snooze/"), ("DELETE", "/dialogs/{active}/snooze/"))
try_calls(
    "See and change call-backs that its operator noted",
    ("GET", "/call-backs/{call_back}/"),
    ("PATCH", "/call-backs/{call_back}/", {"comment": "About oak"}),
)
try_calls("Take over what is offered to somebody", ("POST", "/dialogs/{offered}/take-over/"))
try_calls("Leave it", ("POST", "/dialogs/{active}/leave/"))
try_calls("See why it went where it went", ("GET", "/dialogs/{active}/decisions/"))
try_calls("See which way a message took", ("GET", "/messages/{reply}/trace/"))
try_calls(
    "See and change its client", ("GET", "/clients/{client}/"), ("PATCH", "/clients/{client}/", {"name": "Boris"})
)
try_calls("See and change its lead", ("GET", "/leads/{lead}/"), ("PATCH", "/leads/{lead}/", {"title": "Parcel"}))
try_calls(
    "See the settings of the line",
    ("GET", "/lines/{line}/"),
    ("GET", "/lines/{line}/queue/"),
    ("GET", "/lines/{line}/queue-members/"),
    ("GET", "/lines/{line}/hours/"),
)
try_calls(
    "Change its queue and hours",
    ("PATCH", "/lines/{line}/queue/", {"offer_seconds": 5}),
    ("PUT", "/lines/{line}/queue-members/", {"operators": []}),
    ("PUT", "/lines/{line}/hours/", {
        "is_enabled": False, "time_zone": "UTC", "weekly": [[]] * 7, "country": "", "special_days": [],
    }),
)  # fmt: skip
try_calls(
    "Make, copy, archive and restore lines",
    ("POST", "/lines/", {"name": "Another"}),
    ("POST", "/lines/{line}/copy/"),
    ("POST", "/lines/{line}/archive/", {"finishes_dialogs": True}),
    ("POST", "/lines/{line}/restore/"),
)
try_calls("Start, pause and end their own day", ("POST", "/working-day/start/"), ("POST", "/working-day/end/"))


def table() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [cells[0], *cells[2:]]


TABLE = table()


@pytest.fixture
def people(world: World) -> dict[str, User]:
    """The cast; Galina, who supervises the line's group and not the line; Ivan, who is invited and of no line."""
    cast = world.scene.cast
    galina = make_user("galina", User.Role.SUPERVISOR)
    change_line_group(
        administrator=cast.alla,
        group_id=world.line_group.pk,
        supervisor_ids=[galina.pk],
        line_ids=[world.scene.line.pk],
        now=world.scene.now,
    )
    ivan = make_user("ivan", User.Role.OPERATOR)
    invite_operators(
        dialog_id=world.active.pk, actor=cast.olga, operator_ids=[ivan.pk], now=world.scene.now
    )  # fmt: skip
    Queue.objects.update(colleagues_take_over=False)
    return {"galina": galina, "ivan": ivan} | {name: getattr(cast, name) for name in cast.__slots__}


@pytest.mark.parametrize("cells", TABLE[1:], ids=lambda cells: cells[0])
def test_each_role_may_what_the_table_says_and_nothing_else(cells: list[str], world: World, people: dict[str, User]):
    title, *promised = cells

    found = {role: tried(PROBES[title], Attempt(world, people[name])) for role, name in ROLES.items()}

    assert found == {role: promise == "yes" for role, promise in zip(TABLE[0][1:], promised, strict=True)}


def tried(probe: Probe, attempt: Attempt) -> bool:
    """Tried and undone, so that the next one finds the same; whoever may a part of it must be allowed all of it."""
    with transaction.atomic():
        answers = probe(attempt)
        transaction.set_rollback(True)
    assert len(set(answers)) == 1, answers
    return answers[0]


def test_the_table_and_the_probes_are_of_the_same_rows_and_roles():
    assert [cells[0] for cells in TABLE[1:]] == list(dict.fromkeys(cells[0] for cells in TABLE[1:]))
    assert {cells[0] for cells in TABLE[1:]} == PROBES.keys()
    assert TABLE[0][1:] == list(ROLES)
    assert all(cell in {"yes", "no"} for cells in TABLE[1:] for cell in cells[1:])
