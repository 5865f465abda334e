"""Files are private, and no browser ever runs one."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from crm.models import Client as Customer
from openlines.models import Attachment
from openlines.services.attachments import (
    MAX_PIXELS,
    FileTooLarge,
    clean_name,
    sniff,
    store_fetched,
    store_upload,
)
from openlines.services.closing import finish_dialog
from openlines.services.replies import delete_reply
from openlines.types import IncomingAttachment
from tests.scenes import Scene, active, anna_writes, hand_to, reply

pytestmark = pytest.mark.row("D10")

HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SCRIPT = b"alert(1)"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **how: Any) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(stream, kind, **how)
    return stream.getvalue()


def upload(scene: Scene, content: bytes, name: str = "a.bin", mime: str = "application/x") -> Attachment:
    return store_upload(upload=SimpleUploadedFile(name, content, mime), operator=scene.cast.olga)


def fetch(user: Any, attachment: Attachment, **headers: str) -> Any:
    client = Client()
    client.force_login(user)
    response = client.get(f"/files/{attachment.pk}/", headers=headers)
    response.body = b"".join(response.streaming_content) if response.streaming else response.content
    return response


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (HTML, "a.html", "text/html"),
        (HTML, "a.png", "image/png"),
        (SVG, "a.svg", "image/svg+xml"),
        (SCRIPT, "a.js", "text/javascript"),
        (b"<?xml version='1.0'?><x/>", "a.xml", "text/xml"),
        (b"%PDF-1.7 ...", "a.pdf", "application/pdf"),
        (b"MZ\x90\x00", "a.exe", "application/octet-stream"),
        (b"", "a.txt", "text/plain"),
    ],
    ids=["html", "html as a picture", "svg", "script", "xml", "pdf", "program", "empty"],
)
def test_what_a_browser_could_run_is_only_ever_downloaded(scene, content, name, mime):
    if not content:
        content = b" "
    response = fetch(scene.cast.olga, upload(scene, content, name, mime))

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"].startswith("private")
    assert response.body == content


@pytest.mark.parametrize(
    ("kind", "mime"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")]
)
def test_pictures_are_shown(scene, kind, mime):
    attachment = upload(scene, picture(kind), "a.html", "text/html")
    response = fetch(scene.cast.olga, attachment)

    assert (attachment.kind, attachment.width, attachment.height) == ("IMAGE", 40, 30)
    assert response["Content-Type"] == mime
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_pictures_of_phones_that_hold_several_in_one_are_shown():
    several = io.BytesIO()
    first, second = (Image.new("RGB", (40, 30), colour) for colour in ("red", "blue"))
    first.save(several, "MPO", save_all=True, append_images=[second])

    assert sniff(several.getvalue()) == ("image/jpeg", (40, 30))


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"OggS\x00\x02", "audio/ogg"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"plain words", "application/octet-stream"),
        (picture()[:20], "application/octet-stream"),
    ],
)
def test_the_type_is_told_by_the_content(content, mime):
    assert sniff(content)[0] == mime


def test_a_picture_larger_than_any_screen_is_not_opened():
    side = int(MAX_PIXELS**0.5) + 100
    stream = io.BytesIO()
    Image.new("1", (side, side)).save(stream, "PNG")

    assert sniff(stream.getvalue()) == ("application/octet-stream", None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Olga\\счёт.pdf", "счёт.pdf"),
        ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("", "file"),
        ("...", "..."),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_names_are_plain(given, kept):
    assert clean_name(given) == kept


def test_a_file_lies_under_a_name_that_says_nothing(scene, folder):
    attachment = upload(scene, HTML, "../evil.html", "text/html")

    (stored,) = (path for path in folder.rglob("*") if path.is_file())
    assert stored.name == attachment.pk.hex
    assert stored.is_relative_to(folder)


def test_a_file_that_is_too_large_is_refused(scene, settings):
    settings.UPLOAD_BYTES = 10

    with pytest.raises(FileTooLarge):
        upload(scene, b"x" * 11)


@pytest.mark.row("L4")
def test_only_those_who_may_see_the_message_get_its_file(scene):
    active(scene)
    attachment = upload(scene, picture(), "a.png")
    before = {name: fetch(getattr(scene.cast, name), attachment).status_code for name in ("olga", "sergey")}
    reply(scene, "", attachment_ids=[attachment.pk])

    after = {name: fetch(getattr(scene.cast, name), attachment).status_code for name in scene.cast.__slots__}

    assert before == {"olga": 200, "sergey": 404}, "an upload is its uploader's until it is sent"
    assert after == {"alla": 200, "sergey": 200, "olga": 200, "oleg": 404, "mallory": 404, "stranger": 404}
    assert Client().get(f"/files/{attachment.pk}/").status_code == 302


@pytest.mark.row("D6")
def test_the_files_of_earlier_dialogs_go_along_with_the_history(scene):
    active(scene)
    attachment = upload(scene, picture(), "a.png")
    reply(scene, "", attachment_ids=[attachment.pk])
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    anna_writes(scene, "I am back")
    hand_to(scene, scene.cast.oleg, by=scene.cast.sergey)

    assert fetch(scene.cast.oleg, attachment).status_code == 200
    assert fetch(scene.cast.mallory, attachment).status_code == 404


def test_a_deleted_message_takes_its_file_along(scene):
    active(scene)
    attachment = upload(scene, picture(), "a.png")
    message = reply(scene, "", attachment_ids=[attachment.pk])
    delete_reply(message_id=message.pk, operator=scene.cast.olga, now=scene.now)

    assert fetch(scene.cast.olga, attachment).status_code == 404


def test_a_file_that_is_not_there_yet_is_not_found(scene):
    attachment = Attachment.objects.create(uploaded_by=scene.cast.olga, state=Attachment.State.PENDING)

    assert fetch(scene.cast.olga, attachment).status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "body", "span"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=8-", 206, b"89", "bytes 8-9/10"),
        ("bytes=5-99", 206, b"56789", "bytes 5-9/10"),
        ("bytes=20-", 200, b"0123456789", None),
        ("bytes=4-2", 200, b"0123456789", None),
        ("bytes=-3", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("bytes=x-y", 200, b"0123456789", None),
        ("bytes=²-", 200, b"0123456789", None),
        ("lines=0-1", 200, b"0123456789", None),
    ],
)
def test_players_may_seek(scene, asked, status, body, span):
    response = fetch(scene.cast.olga, upload(scene, b"0123456789"), Range=asked)

    assert (response.status_code, response.body, response.get("Content-Range")) == (status, body, span)


def test_a_name_in_any_script_survives_the_header(scene):
    response = fetch(scene.cast.olga, upload(scene, b"x", 'счёт "1".pdf'))

    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D1%81")


@pytest.mark.row("K2")
def test_a_client_s_photo_is_for_those_who_know_the_client(scene):
    active(scene)
    customer = Customer.objects.get()
    customer.photo.save("1.img", io.BytesIO(picture("JPEG")))

    def status_for(user: Any) -> int:
        client = Client()
        client.force_login(user)
        response = client.get(f"/files/clients/{customer.pk}/")
        if response.streaming:
            b"".join(response.streaming_content)
        return response.status_code

    assert [status_for(getattr(scene.cast, name)) for name in ("olga", "sergey", "mallory")] == [200, 200, 404]


def test_a_photo_that_is_no_picture_is_not_shown(scene):
    active(scene)
    customer = Customer.objects.get()
    customer.photo.save("1.img", io.BytesIO(HTML))
    client = Client()
    client.force_login(scene.cast.olga)

    assert client.get(f"/files/clients/{customer.pk}/").status_code == 404


def test_a_medium_that_two_workers_fetched_is_kept_once(scene, folder):

    anna_writes(scene, attachments=(IncomingAttachment(kind="IMAGE", reference="r", mime="text/html"),))
    attachment = Attachment.objects.get()

    for content in (picture(), b"the second copy"):
        store_fetched(attachment_id=attachment.pk, content=content, name="a.png", mime="image/png")

    attachment.refresh_from_db()
    assert (attachment.state, attachment.mime, attachment.size) == ("READY", "image/png", len(picture()))
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
