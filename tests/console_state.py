"""A console without a screen: boots over HTTP, applies frames by the rules of docs/realtime.md, and says whether it
shows what a fresh one would.

*State before + pushed events = fresh state* is asked of every command through the ``verify`` fixture:
see tests/openlines/test_console_state.py.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Self

from rest_framework.test import APIClient

from crm.models import User
from openlines.console import digest
from openlines.streams import streams_of
from tests.bells import Bells, Frame
from tests.committing import committed

Json = dict[str, Any]
API = "/api/v1"
DICTIONARIES = ("lines", "tags", "topics", "troubles")


@dataclass(slots=True)
class Feed:
    """The history of a client as it is on screen; ``revisions`` say up to where each of its dialogs is known."""

    client_id: int
    dialog_id: int
    revisions: dict[int, int]
    messages: dict[int, Json]

    @property
    def revision(self) -> int:
        return self.revisions[self.dialog_id]

    def merge(self, messages: Iterable[Json]) -> None:
        for message in messages:
            known = self.messages.get(message["id"])
            if known is None or known["revision"] < message["revision"]:
                self.messages[message["id"]] = message


@dataclass(slots=True)
class Console:
    user: User
    client: APIClient
    streams: frozenset[str]
    dialogs: dict[int, Json] = field(default_factory=dict)
    feeds: dict[int, Feed] = field(default_factory=dict)
    operators: dict[int, Json] = field(default_factory=dict)
    drafts: dict[int, Json] = field(default_factory=dict)
    dictionaries: Json = field(default_factory=dict)
    fetches: int = 0

    @classmethod
    def opened(cls, user: User) -> Self:
        """A console that has booted and shows every dialog it lists."""
        client = APIClient()
        client.force_authenticate(User.objects.get(pk=user.pk))
        console = cls(user=user, client=client, streams=_streams(user))
        if not console.may_work:
            return console
        boot = console._get("/console/")
        console.dialogs = {dialog["id"]: dialog for dialog in boot["dialogs"]}
        console.operators = {operator["id"]: operator for operator in boot["operators"]}
        console.drafts = {draft["dialog_id"]: draft for draft in boot["drafts"]}
        console.dictionaries = {name: boot[name] for name in DICTIONARIES}
        for dialog in boot["dialogs"]:
            console._show(dialog)
        assert console.digest == boot["digest"]
        return console

    @property
    def may_work(self) -> bool:
        return User.objects.get(pk=self.user.pk).works_with_clients

    def copied(self) -> Self:
        copy = type(self)(user=self.user, client=self.client, streams=self.streams)
        copy.dialogs, copy.feeds, copy.operators = deepcopy((self.dialogs, self.feeds, self.operators))
        copy.drafts = deepcopy(self.drafts)
        copy.dictionaries = deepcopy(self.dictionaries)
        return copy

    @property
    def digest(self) -> Json:
        revisions = sum(dialog["revision"] for dialog in self.dialogs.values())
        return {"dialogs": len(self.dialogs), "revisions": revisions}

    def hear(self, frames: Iterable[Frame]) -> None:
        for frame in frames:
            if frame.reaches(self.streams):
                self._apply(frame.body)

    def _apply(self, frame: Json) -> None:
        reactions: dict[str, Callable[[Json], None]] = {
            "dialog.changed": self._change,
            "history.changed": self._change,
            "client.changed": self._follow_client,
            "dialog.gone": self._forget,
            "operator.changed": self._take_operator,
            "draft.changed": self._take_draft,
            "dictionaries.changed": lambda _frame: self._read_dictionaries(),
            "reconnect": lambda _frame: self.reconnect(),
            "resync": lambda _frame: self.sync(),
        }
        if react := reactions.get(frame["type"]):
            react(frame)

    def _forget(self, frame: Json) -> None:
        self.dialogs.pop(frame["dialog_id"], None)
        self.feeds.pop(frame["dialog_id"], None)

    def _take_operator(self, frame: Json) -> None:
        self.operators[frame["operator"]["id"]] = frame["operator"]

    def _read_dictionaries(self) -> None:
        if self.may_work:
            self.dictionaries = self._get("/console/dictionaries/")

    def _follow_client(self, frame: Json) -> None:
        """Dialogs went to or from the client: the histories on screen are read anew."""
        for feed in list(self.feeds.values()):
            if frame["has_moved"] and feed.client_id == frame["client_id"]:
                self._show(self._get(f"/dialogs/{feed.dialog_id}/"))

    def _change(self, frame: Json) -> None:
        if dialog := frame.get("dialog"):
            known = self.dialogs.get(dialog["id"])
            if known is None or known["revision"] < dialog["revision"]:
                self._put(dialog)
        self._merge(frame)

    def _put(self, dialog: Json) -> None:
        if dialog["state"] == "CLOSED":
            self.dialogs.pop(dialog["id"], None)
        else:
            self.dialogs[dialog["id"]] = dialog
            if dialog["id"] not in self.feeds:
                self._show(dialog)

    def _take_draft(self, frame: Json) -> None:
        """The newest wins; an older one comes too late."""
        known = self.drafts.get(frame["dialog_id"])
        if known and known["updated_at"] > frame["updated_at"]:
            return
        if frame["draft"]:
            self.drafts[frame["dialog_id"]] = frame["draft"]
        else:
            self.drafts.pop(frame["dialog_id"], None)

    def _merge(self, frame: Json) -> None:
        dialog = frame.get("dialog") or frame["span"]
        client_id = frame.get("client_id") or dialog["client"]["id"]
        for feed in list(self.feeds.values()):
            if feed.client_id == client_id:
                self._merge_in(feed, frame, dialog["id"], dialog["revision"])

    def _merge_in(self, feed: Feed, frame: Json, dialog_id: int, revision: int) -> None:
        known = feed.revisions.get(dialog_id, 0)
        if known >= revision:
            return
        if frame["from_revision"] > known:
            # A dialog that has only now come to this history was begun before: that is no gap in what was heard.
            self.fetches += known > 0
            self._show(self.dialogs.get(feed.dialog_id) or self._get(f"/dialogs/{feed.dialog_id}/"))
        else:
            feed.merge(frame["messages"])
            feed.revisions[dialog_id] = revision

    def _catch_up(self, dialog_id: int, feed: Feed) -> None:
        self.fetches += 1
        feed.merge(self._get(f"/dialogs/{dialog_id}/messages/?changed_after={feed.revision}")["messages"])

    def _show(self, dialog: Json) -> None:
        """The conversation is opened on screen. It is read after its dialog, so it is at least as new."""
        page = self._get(f"/dialogs/{dialog['id']}/messages/?limit=200")
        revisions = {span["id"]: span["revision"] for span in page["dialogs"]} | {dialog["id"]: dialog["revision"]}
        messages = {message["id"]: message for message in page["messages"]}
        self.feeds[dialog["id"]] = Feed(dialog["client"]["id"], dialog["id"], revisions, messages)

    def reconnect(self) -> None:
        """The socket was cut: join again with the rights of now, and ask what was missed."""
        if self.may_work:
            self.streams = _streams(self.user)
            self.sync()
            self._read_dictionaries()
        else:
            self.streams, self.dialogs, self.feeds, self.operators = frozenset(), {}, {}, {}
            self.dictionaries = {}

    def sync(self) -> None:
        known = {str(pk): dialog["revision"] for pk, dialog in self.dialogs.items()}
        answer = self.client.post(f"{API}/console/sync/", {"known": known}, format="json").json()
        for pk in answer["gone"]:
            self._leave(pk)
        for dialog in answer["dialogs"]:
            self._put(dialog)
            feed = self.feeds[dialog["id"]]
            if feed.revision < dialog["revision"]:
                self._catch_up(dialog["id"], feed)
                feed.revisions[dialog["id"]] = dialog["revision"]
        self.operators = {operator["id"]: operator for operator in answer["operators"]}
        self.drafts = {draft["dialog_id"]: draft for draft in answer["drafts"]}

    def _leave(self, dialog_id: int) -> None:
        """It is closed, or no longer ours to see; what is on screen of it is read once more."""
        self.dialogs.pop(dialog_id, None)
        if not self._may_read(dialog_id):
            self.feeds.pop(dialog_id, None)
        elif dialog_id in self.feeds:
            self._catch_up(dialog_id, self.feeds[dialog_id])

    def beat(self) -> None:
        """The heartbeat's digest tells whether something was missed."""
        if not self.may_work or digest(User.objects.get(pk=self.user.pk)) != self.digest:
            self.reconnect()

    def assert_fresh(self) -> None:
        self.assert_same(type(self).opened(self.user))

    def assert_same(self, fresh: "Console", *, heard_all: bool = True) -> None:
        """The digest speaks of open dialogs alone: without frames, people and earlier dialogs may be out of date.

        Colleagues who left stay in the list until the next boot: the server takes nothing that names them.
        """
        assert self.dialogs == fresh.dialogs
        assert self.digest == fresh.digest
        assert not heard_all or self.dictionaries == fresh.dictionaries
        assert not heard_all or self.operators.items() >= fresh.operators.items()
        drafts = {pk: draft for pk, draft in self.drafts.items() if pk in self.dialogs}
        assert not heard_all or drafts == fresh.drafts
        for dialog_id, feed in self.feeds.items():
            shown, true = _comparable(feed.messages), _comparable(fresh.reads(dialog_id))
            if dialog_id not in self.dialogs:
                shown, true = _until(dialog_id, shown), _until(dialog_id, true)
            if not heard_all:
                shown, true = _own(dialog_id, shown), _own(dialog_id, true)
            assert shown == true, f"feed of {dialog_id}"

    def reads(self, dialog_id: int) -> dict[int, Json]:
        """The conversation, opened if it was not yet; fails where the user may not see it."""
        if dialog_id not in self.feeds:
            self._show(self._get(f"/dialogs/{dialog_id}/"))
        return self.feeds[dialog_id].messages

    def _may_read(self, dialog_id: int) -> bool:
        return bool(self.client.get(f"{API}/dialogs/{dialog_id}/").status_code == 200)

    def _get(self, path: str) -> Json:
        response = self.client.get(f"{API}{path}")
        assert response.status_code == 200, response.content
        answer: Json = response.json()
        return answer


def _streams(user: User) -> frozenset[str]:
    return streams_of(User.objects.get(pk=user.pk))


def _comparable(messages: dict[int, Json]) -> dict[int, Json]:
    """Without what a console shows from elsewhere: a client's name from the dialog, a failure's words by its code."""
    comparable = deepcopy(messages)
    for message in comparable.values():
        if message["author"]["kind"] == "CLIENT":
            del message["author"]["name"]
        if message["reply_to"]:
            del message["reply_to"]["author_name"]
        if message["delivery"] and message["delivery"]["error"]:
            del message["delivery"]["error"]["message"]
    return comparable


def _until(dialog_id: int, messages: dict[int, Json]) -> dict[int, Json]:
    """Nobody is told what goes on after the end of a conversation that is still on their screen."""
    return {pk: message for pk, message in messages.items() if message["dialog_id"] <= dialog_id}


def _own(dialog_id: int, messages: dict[int, Json]) -> dict[int, Json]:
    return {pk: message for pk, message in messages.items() if message["dialog_id"] == dialog_id}


@dataclass(slots=True)
class Verifier:
    """Consoles that watch while a command runs.

    Each user has three: a lucky one hears every frame as it was sent and must not ask for anything, an unlucky one
    hears them twice and in the wrong order, a deaf one hears none and has only its heartbeat.
    """

    bells: Bells

    @contextmanager
    def __call__(self, *users: User) -> Iterator[None]:
        self.bells.taken()
        lucky = [Console.opened(user) for user in users]
        unlucky, deaf = [one.copied() for one in lucky], [one.copied() for one in lucky]
        with committed():
            yield
        frames = self.bells.taken()
        for console in lucky:
            console.hear(frames)
            assert not console.fetches or _cut(frames), "frames left a gap"
        for console in unlucky:
            console.hear([*frames[::-1], *frames])
        for console in deaf:
            console.beat()
        for one, other, silent in zip(lucky, unlucky, deaf, strict=True):
            fresh = Console.opened(one.user)
            one.assert_same(fresh)
            other.assert_same(fresh)
            silent.assert_same(fresh, heard_all=False)


def _cut(frames: Iterable[Frame]) -> bool:
    return any(frame.body["type"] in {"reconnect", "resync"} for frame in frames)


Verify = Callable[..., Any]
