"""Links that providers fetch files by: signed, short-lived, only while a delivery needs them."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from channels_connectors.models import Delivery
from channels_connectors.public_links import VALID_FOR, plain_name
from openlines.models import Attachment, Line, Message
from tests.channels_connectors.carrying import carry
from tests.providers.scripted import Scripted
from tests.scenes import Scene, active, reply

pytestmark = pytest.mark.row("C18")


@pytest.fixture
def link(scene: Scene, provider: Scripted, settings) -> str:
    """Where the provider that was given Olga's picture may fetch it."""
    settings.PUBLIC_URL = "https://desk.example"
    Line.objects.update(is_welcome_sent=False)
    active(scene)
    picture = Attachment(uploaded_by=scene.cast.olga, name="Прайс лист.PNG", mime="image/png", kind="IMAGE", size=10)
    picture.file.save("x", ContentFile(b"0123456789"))
    picture.save()
    reply(scene, "", attachment_ids=[picture.pk])
    carry(scene)
    (said,) = (said for name, said in provider.calls if name == "send")
    url: str = said.attachments[0].public_url
    assert url.startswith("https://desk.example/media/")
    return url.removeprefix("https://desk.example")


def fetch(link: str, **headers: str):
    return Client().get(link, headers=headers)


def test_anybody_with_the_link_has_the_file_and_nothing_more(link):
    answer = fetch(link)

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"0123456789"
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_the_address_ends_as_files_of_its_type_do(link):
    assert link.endswith(".png")
    assert link.isascii()


def test_its_head_and_parts_of_it_can_be_had(link):
    head = Client().head(link)
    # Closing the answer would close the test's connection to the database with it.
    for close in head._resource_closers:
        close()
    assert (head.status_code, head["Content-Length"]) == (200, "10")
    part = fetch(link, Range="bytes=2-4")
    assert (part.status_code, part.content, part["Content-Range"]) == (206, b"234", "bytes 2-4/10")


def test_it_ends_after_a_day(link, scene):
    with time_machine.travel(scene.now + VALID_FOR + timedelta(minutes=1), tick=False):
        Delivery.objects.update(finished_at=timezone.now())
        assert fetch(link).status_code == 404


def test_it_ends_an_hour_after_the_message_was_sent(link, scene):
    Delivery.objects.update(finished_at=scene.later(hours=-2))

    assert fetch(link).status_code == 404


def test_it_ends_with_the_message(link, scene):
    Message.objects.filter(has_attachments=True).update(deleted_at=scene.now)

    assert fetch(link).status_code == 404


def test_what_is_not_signed_is_not_found(link):
    signed = link.split("/")[2]
    for forged in (signed[:-1] + ("A" if signed[-1] != "A" else "B"), signed.replace(signed[0], "z", 1), "x", "a:b:c"):
        assert fetch(f"/media/{forged}/file.png").status_code == 404
    assert Client().post(link).status_code == 405


@pytest.mark.parametrize(
    ("name", "mime", "plain"),
    [
        ("photo.jpeg", "image/jpeg", "photo.jpeg"),
        ("photo", "image/png", "photo.png"),
        ("photo.html", "image/png", "photo.png"),
        ("Прайс.docx", "application/octet-stream", "file.docx"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("a b?c#d.pdf", "application/pdf", "a-b-c-d.pdf"),
        ("", "application/x-unheard-of", "file.bin"),
        ("x" * 300 + ".png", "image/png", "x" * 60 + ".png"),
    ],
)
def test_names_are_plain(name, mime, plain):
    assert plain_name(name, mime) == plain


def test_without_a_public_address_there_are_no_links(scene, provider, settings):
    settings.PUBLIC_URL = ""
    Line.objects.update(is_welcome_sent=False)
    active(scene)
    picture = Attachment(uploaded_by=scene.cast.olga, name="a.png", mime="image/png", kind="IMAGE", size=1)
    picture.file.save("x", ContentFile(b"0"))
    picture.save()
    reply(scene, "", attachment_ids=[picture.pk])

    carry(scene)

    links = [file.public_url for _name, said in provider.calls for file in said.attachments]
    assert links == [""]
