"""Ids in bodies and addresses that belong to somebody else: refused, and nothing is changed by them."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.base import ContentFile

from crm.models import Client, Lead
from openlines.models import (
    Attachment,
    CallBack,
    Dialog,
    Draft,
    Line,
    Message,
    QuickReply,
    QuickReplyFile,
    Topic,
)
from openlines.services.lines import create_line
from openlines.services.participants import invite_operators, remove_participant
from openlines.services.replies import send_reply
from tests.api.client import Caller
from tests.api.world import World
from tests.factories import make_channel, write
from tests.pages import browser

pytestmark = [pytest.mark.row("P1"), pytest.mark.row("D12")]

GONE = 999_999


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another line, which nobody of ours works with, and what is in it."""

    line: Line
    dialog: Dialog
    topic: Topic
    quick_reply: QuickReply
    olegs_reply: QuickReply
    olegs_file: QuickReplyFile
    olegs_upload: Attachment
    whisper: Message

    @property
    def ids(self) -> dict[str, Any]:
        words = self.dialog.messages.order_by("seq").first()
        return {
            "line": self.line.pk, "dialog": self.dialog.pk, "client": self.dialog.client_id, "topic": self.topic.pk,
            "quick_reply": self.quick_reply.pk, "olegs_reply": self.olegs_reply.pk, "gone": GONE,
            "olegs_file": str(self.olegs_file.pk), "olegs_upload": str(self.olegs_upload.pk),
            "words": words.pk if words else GONE, "whisper": self.whisper.pk,
        }  # fmt: skip


@pytest.fixture
def elsewhere(world: World) -> Elsewhere:
    scene = world.scene
    line = create_line(administrator=scene.cast.alla, name="Elsewhere")
    dialog = write(make_channel(scene.cast, line), "A secret", sender="Carl", now=scene.now)
    olegs = QuickReply.objects.create(owner=scene.cast.oleg, title="Oleg's", text="Oleg's")
    file = QuickReplyFile(quick_reply=olegs, name="a.txt", mime="text/plain", size=1, kind="FILE")
    file.file.save("a.txt", ContentFile(b"a"), save=False)
    file.save()
    whisper, _is_new = send_reply(
        dialog_id=world.active.pk, operator=scene.cast.olga, text="Psst", visibility="STAFF", now=scene.now
    )
    return Elsewhere(
        line, dialog, Topic.objects.create(name="Theirs", line=line),
        QuickReply.objects.create(line=line, title="Theirs", text="Theirs"), olegs, file,
        Attachment.objects.create(uploaded_by=scene.cast.oleg, name="o.txt", state="READY"), whisper,
    )  # fmt: skip


# What Olga sends: method, path, body with names of ids in it, and how it is refused.
REFUSED: tuple[tuple[str, str, dict[str, Any], int], ...] = (
    ("PUT", "/dialogs/{active}/tags/", {"tag_ids": ["gone"]}, 400),
    ("PATCH", "/clients/{client}/", {"tag_ids": ["gone"]}, 400),
    ("PUT", "/dialogs/{active}/topic/", {"topic_id": "topic"}, 400),
    ("PUT", "/dialogs/{active}/topic/", {"topic_id": "gone"}, 400),
    ("POST", "/dialogs/{active}/finish/", {"topic_id": "topic"}, 400),
    ("POST", "/quick-replies/{olegs_reply}/use/", {"dialog_id": "active"}, 404),
    ("PATCH", "/quick-replies/{olegs_reply}/", {"text": "Mine"}, 404),
    ("DELETE", "/quick-replies/{olegs_reply}/", {}, 404),
    ("POST", "/quick-replies/{their_reply}/use/", {"dialog_id": "active"}, 404),
    ("POST", "/quick-replies/{quick_reply}/use/", {"dialog_id": "dialog"}, 404),
    ("POST", "/quick-replies/", {"text": "x", "attachments": ["olegs_upload"]}, 400),
    ("POST", "/quick-replies/", {"text": "x", "scope": "LINE", "line": "line"}, 400),
    ("POST", "/dialogs/{active}/messages/", {"text": "x", "attachments": ["olegs_upload"]}, 400),
    ("POST", "/dialogs/{active}/messages/", {"text": "x", "attachments": ["olegs_file"]}, 400),
    ("POST", "/dialogs/{active}/messages/", {"text": "x", "reply_to": "words"}, 400),
    ("POST", "/dialogs/{active}/messages/", {"text": "x", "reply_to": "whisper"}, 400),
    ("POST", "/dialogs/{active}/messages/", {"text": "x", "visibility": "STAFF", "mentions": ["stranger"]}, 400),
    ("POST", "/dialogs/{active}/messages/", {"text": "x", "visibility": "STAFF", "mentions": ["gone"]}, 400),
    ("POST", "/dialogs/{active}/messages/", {"text": "x", "mentions": ["oleg"]}, 400),
    ("POST", "/dialogs/{dialog}/messages/", {"text": "x"}, 404),
    ("POST", "/dialogs/{active}/invite/", {"operator_ids": ["stranger"]}, 400),
    ("POST", "/dialogs/{active}/invite/", {"operator_ids": ["oleg", "gone"]}, 400),
    ("POST", "/dialogs/{active}/transfer/", {"operator_id": "stranger"}, 400),
    ("POST", "/clients/{client}/merge/", {"absorbed_id": "client"}, 404),
    ("POST", "/clients/{client}/merge/", {"absorbed_id": "absorbed"}, 404),
    ("POST", "/clients/{their_client}/merge/", {"absorbed_id": "own_client"}, 404),
    ("GET", "/clients/{absorbed}/", {}, 404),
    ("GET", "/clients/{absorbed}/files/", {}, 404),
    ("GET", "/clients/{absorbed}/similar/", {}, 404),
    ("GET", "/clients/{their_client}/similar/", {}, 404),
    ("DELETE", "/clients/{their_client}/addresses/{address}/", {}, 404),
    ("POST", "/call-backs/", {"client_id": "client", "phone": "+79161234567"}, 404),
    ("POST", "/call-backs/", {"client_id": "own_client", "dialog_id": "dialog", "phone": "+79161234567"}, 404),
    ("POST", "/call-backs/", {"client_id": "own_client", "dialog_id": "offered", "phone": "+79161234567"}, 400),
    ("POST", "/call-backs/", {"client_id": "own_client", "operator_id": "stranger", "phone": "+79161234567"}, 400),
    ("PATCH", "/call-backs/{call_back}/", {"operator_id": "stranger"}, 400),
    ("PATCH", "/messages/{words}/", {"text": "Mine"}, 404),
    ("DELETE", "/messages/{words}/", {}, 404),
    ("POST", "/messages/{words}/retry/", {}, 404),
)  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "status"), REFUSED, ids=lambda value: str(value)[:60])
def test_what_belongs_to_others_is_refused(
    method: str, path: str, body: dict[str, Any], status: int, world: World, elsewhere: Elsewhere, olga: Caller
):
    ids = ids_of(world, elsewhere)
    named = {name: resolved(value, ids) for name, value in body.items()}
    if "/call-backs/" in path and method == "POST":
        named["due_at"] = world.scene.later(hours=1).isoformat()
    before = everything()

    response = olga.call(method, world.path(path_with(path, ids)), named if method != "GET" else None)

    assert response.status_code == status, response.content
    assert everything() == before


def ids_of(world: World, elsewhere: Elsewhere) -> dict[str, Any]:
    cast = world.scene.cast
    return elsewhere.ids | {
        "active": world.active.pk, "offered": world.offered.pk, "own_client": world.client.pk, "oleg": cast.oleg.pk,
        "stranger": cast.stranger.pk, "absorbed": world.merge.absorbed_id,
    }  # fmt: skip


def resolved(value: Any, ids: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [ids[name] for name in value]
    return ids.get(value, value)


def path_with(path: str, ids: dict[str, Any]) -> str:
    """Names that the world does not know; its own stay for it."""
    known = {
        "their_reply": "quick_reply", "olegs_reply": "olegs_reply", "dialog": "dialog", "their_client": "client",
        "absorbed": "absorbed", "words": "words",
    }  # fmt: skip
    for name, own in known.items():
        path = path.replace(f"{{{name}}}", str(ids[own]))
    return path


def everything() -> list[Any]:
    """Rows that a call may have changed."""
    rows: list[Any] = []
    for model in (Dialog, Message, Client, Lead, CallBack, QuickReply, QuickReplyFile, Attachment, Draft):
        rows += model._default_manager.order_by("pk").values_list()
    return rows


def test_a_draft_quotes_nothing_of_another_chat(world: World, elsewhere: Elsewhere, olga: Caller):
    quoted = elsewhere.ids["words"]

    assert olga.put(world.path("/dialogs/{active}/draft/"), {"text": "x", "reply_to": quoted}).status_code == 204

    assert Draft.objects.get().reply_to is None


def test_who_was_sent_away_gets_nothing_any_more(world: World):
    cast, dialog, now = world.scene.cast, world.active, world.scene.now
    mallory = Caller.by(cast.mallory)
    invite_operators(dialog_id=dialog.pk, actor=cast.olga, operator_ids=[cast.mallory.pk], now=now)
    paths = [
        f"/dialogs/{dialog.pk}/", f"/dialogs/{dialog.pk}/messages/", f"/clients/{dialog.client_id}/",
        f"/clients/{dialog.client_id}/files/",
    ]  # fmt: skip
    assert mallory.put(f"/dialogs/{dialog.pk}/draft/", {"text": "x"}).status_code == 204
    assert [mallory.get(path).status_code for path in paths] == [200] * len(paths)

    remove_participant(dialog_id=dialog.pk, actor=cast.olga, operator_id=cast.mallory.pk, now=now)

    assert [mallory.get(path).status_code for path in paths] == [404] * len(paths)
    boot = mallory.get("/console/").json()
    assert (boot["dialogs"], boot["drafts"]) == ([], [])
    assert mallory.post("/console/sync/", {"known": {str(dialog.pk): 1}}).json()["drafts"] == []


def test_files_of_others_are_not_found(world: World, elsewhere: Elsewhere):
    client = browser(world.scene.cast.mallory)
    stored = Attachment.objects.create(message=world.reply, name="a.txt", state="READY")
    paths = [
        f"/files/{stored.pk}/", f"/files/{elsewhere.olegs_upload.pk}/", f"/files/clients/{world.client.pk}/",
        f"/files/quick-replies/{elsewhere.olegs_file.pk}/",
    ]  # fmt: skip

    assert [client.get(path).status_code for path in paths] == [404] * len(paths)
