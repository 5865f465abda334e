"""Media are fetched at once, several at a time; whatever becomes of them, their messages stay."""

import io
import json
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from PIL import Image

from channels_connectors.connector import Account, FetchedMedia
from channels_connectors.errors import ConnectorError
from channels_connectors.inbox import keep_event, process_channel
from channels_connectors.services import media
from channels_connectors.services.media import LEASE, THREADS_OF_CHANNEL, Fetcher, fetch_due_media
from openlines.models import Attachment, Channel, Message
from openlines.services.attachments import sniff
from openlines.types import IncomingAttachment, IncomingMessage, Person
from tests.factories import make_cast, make_channel, make_line
from tests.providers.scripted import Scripted
from tests.scenes import Scene

pytestmark = pytest.mark.row("C18")


@pytest.fixture(autouse=True)
def _with_files(provider: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events say which files they bring."""

    def parse(self: Scripted, payload: Any, *, account: Account) -> list[IncomingMessage]:
        files = tuple(IncomingAttachment(kind="IMAGE", reference=one, name="a.png") for one in payload["files"])
        sender = Person(external_id="anna", first_name="Anna")
        return [IncomingMessage(chat_external_id="anna", external_id=payload["id"], sender=sender, attachments=files)]

    monkeypatch.setattr(Scripted, "parse", parse)


def arrives(channel: Channel, *files: str, number: int = 1) -> bytes:
    body = json.dumps({"id": f"m{number}", "files": files}).encode()
    keep_event(channel_id=channel.pk, key=f"k{number}", body=body)
    process_channel(channel_id=channel.pk, now=timezone.now())
    return body


def references(provider: Scripted) -> list[str]:
    return [said for name, said in provider.calls if name == "fetch_media"]


def test_a_connector_is_given_the_event_that_a_medium_came_in(scene: Scene, provider, monkeypatch):
    given: list[tuple[IncomingAttachment, bytes]] = []

    def fetch(self: Scripted, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        given.append((attachment, event))
        return FetchedMedia(content=b"content")

    monkeypatch.setattr(Scripted, "fetch_media", fetch)
    body = arrives(scene.channel, "r1")

    fetch_due_media(now=scene.now)

    assert given == [(IncomingAttachment(kind="IMAGE", reference="r1", name="a.png", mime=given[0][0].mime), body)]


def test_a_link_that_is_longer_than_any_row_is_read_from_the_event_once_more(scene: Scene, provider):
    long, longer = "https://cdn.example/" + "x" * 900, "https://cdn.example/" + "y" * 2000
    arrives(scene.channel, long, "short", longer)

    fetch_due_media(now=scene.now)

    assert references(provider) == [long, "short", longer]
    assert Message.objects.filter(has_attachments=True).count() == 1


def test_a_lost_medium_leaves_its_message(scene: Scene, provider):
    provider.then(ConnectorError("gone", kind="PERMANENT"))
    arrives(scene.channel, "r1", "r2")

    fetch_due_media(now=scene.now)

    assert list(Attachment.objects.order_by("position").values_list("state", flat=True)) == ["LOST", "READY"]
    assert Message.objects.filter(has_attachments=True, deleted_at=None).count() == 1


def test_one_that_can_not_be_had_now_is_tried_again_for_a_day(scene: Scene, provider):
    provider.then(*[ConnectorError("ill")] * 2, ConnectorError("slow down", retry_after=90))
    arrives(scene.channel, "r1")

    assert fetch_due_media(now=scene.now) == 1
    assert fetch_due_media(now=scene.now) == 0
    assert fetch_due_media(now=scene.later(seconds=2)) == 1
    assert fetch_due_media(now=scene.later(seconds=6)) == 1
    assert fetch_due_media(now=scene.later(seconds=90)) == 0
    assert Attachment.objects.get().state == "PENDING"

    provider.then(ConnectorError("ill"))
    fetch_due_media(now=scene.later(hours=25))
    assert Attachment.objects.get().state == "LOST"


def test_what_a_dead_worker_held_comes_up_again(scene: Scene, provider, monkeypatch):
    arrives(scene.channel, "r1")
    monkeypatch.setattr(media, "_fetch", lambda *_: None)
    assert fetch_due_media(now=scene.now) == 1
    monkeypatch.undo()

    assert fetch_due_media(now=scene.now + LEASE / 2) == 0
    assert fetch_due_media(now=scene.now + LEASE) == 1


def test_a_picture_of_absurd_size_is_not_decoded():
    """A few kilobytes that would become gigabytes of pixels: kept as a file, never as a picture."""
    packed = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(packed, "PNG")

    assert sniff(packed.getvalue()) == ("application/octet-stream", None)


@pytest.fixture
def two_channels(transactional_db: None) -> tuple[Channel, Channel]:
    cast = make_cast()
    line = make_line(cast)
    return make_channel(cast, line), make_channel(cast, line)


def test_a_slow_provider_holds_up_nobody_else(two_channels, provider, monkeypatch):
    slow, quick = two_channels
    released, fetched = threading.Event(), threading.Semaphore(0)

    def fetch(self: Scripted, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        if account.channel_id == slow.pk:
            assert released.wait(30)
        return FetchedMedia(content=attachment.reference.encode())

    def store(attachment_id: Any, now: Any) -> None:
        try:
            fetch_one(attachment_id, now)
        finally:
            connections.close_all()
            fetched.release()

    fetch_one = media._fetch_in_thread
    monkeypatch.setattr(Scripted, "fetch_media", fetch)
    monkeypatch.setattr(media, "_fetch_in_thread", store)
    for number in range(10):
        arrives(slow, f"slow{number}", number=number)
    arrives(quick, "quick1", "quick2", number=100)

    fetcher, now = Fetcher(), timezone.now()
    assert fetcher.fetch_due(now=now) == THREADS_OF_CHANNEL
    assert fetcher.fetch_due(now=now) == 2
    assert [fetched.acquire(timeout=20) for _ in range(2)] == [True] * 2
    assert Attachment.objects.filter(uploaded_in=quick, state="READY").count() == 2
    assert fetcher.fetch_due(now=now + timedelta(seconds=50)) == 0
    assert Attachment.objects.filter(fetch_at__gt=now + LEASE).count() == THREADS_OF_CHANNEL, "renewed"

    released.set()
    done = 0
    while done < 10:
        fetcher.fetch_due(now=now)
        assert fetched.acquire(timeout=20)
        done += 1
    assert Attachment.objects.filter(state="READY").count() == 12
