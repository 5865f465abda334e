"""Forms of the pages that came with the console's lists, filled in wrong."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from tests.api.world import World
from tests.pages import browser

pytestmark = pytest.mark.row("P1")

FIELDS = {
    "/settings/tags/": ("name",),
    "/settings/tags/{tag}/": ("name", "color"),
    "/settings/tags/9999999999999999999/": ("name", "color"),
    "/settings/tags/{tag}/remove/": ("name",),
    "/settings/tags/9999999999999999999/remove/": ("name",),
    "/settings/topics/add/": ("name", "line"),
    "/settings/topics/order/": ("line", "order", "move"),
    "/settings/topics/{topic}/": ("name", "line"),
    "/settings/topics/9999999999999999999/": ("name",),
    "/settings/topics/{topic}/remove/": ("line",),
    "/settings/quick-replies/new/": ("text", "title", "shortcut", "folder", "place", "files", "uploads"),
    "/settings/quick-replies/{quick_reply}/": ("text", "title", "shortcut", "folder", "place", "files", "uploads"),
    "/settings/quick-replies/9999999999999999999/": ("text",),
}
JUNK: tuple[Any, ...] = (
    "", " ", "\0", "a\0b", "²", "-1", "9" * 40, "x" * 20_000, "<script>", "\u202egpj.exe", "up:²", "up:" + "9" * 40,
    "LINE:²", "LINE:999999999999999999999", ["1", "1"], ["x"] * 500,
)  # fmt: skip


@pytest.mark.parametrize("partial", [False, True], ids=["whole page", "part of a page"])
@pytest.mark.parametrize("pattern", FIELDS)
def test_no_form_breaks_the_server(pattern: str, partial: bool, world: World):
    client = browser(world.scene.cast.alla)
    path, right = world.path(pattern), {"name": "Name", "color": "1", "text": "Text", "place": "COMPANY"}
    headers = {"HX-Request": "true"} if partial else {}

    for name in FIELDS[pattern]:
        for junk in JUNK:
            with transaction.atomic():
                response = client.post(path, right | {name: junk}, headers=headers)
                transaction.set_rollback(True)
            assert response.status_code < 500, (name, str(junk)[:40])


@pytest.mark.parametrize("pattern", FIELDS)
def test_neither_form_is_for_operators(pattern: str, world: World):
    client = browser(world.scene.cast.olga)

    assert client.post(world.path(pattern), {"name": "Mine", "text": "Mine"}).status_code in {302, 403, 404}
    world.tag.refresh_from_db()
    world.topic.refresh_from_db()
    world.quick_reply.refresh_from_db()
    assert (world.tag.name, world.topic.name, world.quick_reply.title) == ("VIP", "Delivery", "Hello")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data"),
        (b"--x\r\nContent-Disposition: form-data; name=file; filename=\"\xff\xfe\"\r\n\r\nhi\r\n--x--\r\n",
         "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\0b.txt\"\r\n\r\nhi\r\n--x--\r\n",
         "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename*=utf-8''%ff%00\r\n\r\nhi\r\n--x--\r\n",
         "multipart/form-data; boundary=x"),
        (b"--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nno file\r\n--x--\r\n",
         "multipart/form-data; boundary=x"),
        (b'{"file": "x"}', "application/json"),
        (b"\xff", "text/html"),
    ],
    ids=range(9),
)  # fmt: skip
def test_an_upload_that_is_none_is_refused(body: bytes, content_type: str, world: World):
    client = browser(world.scene.cast.olga)

    response = client.post("/api/v1/attachments/", body, content_type=content_type)

    assert response.status_code in {201, 400, 413, 415}
    if response.status_code == 201:
        assert response.json()["name"].isprintable()


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("cat.png", b"<!doctype html><script>document.title='owned'</script>", "image/png"),
        ("cat.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
        ("cat.js", b"alert(1)", "text/javascript"),
        ("\u202egnp.exe", b"MZ\x90\x00", "image/png"),
        ("cat.gif", b"GIF89a/*\x00\x00*/=1;alert(1)", "image/gif"),
    ],
)
def test_what_says_it_is_a_picture_is_only_ever_downloaded(name: str, content: bytes, mime: str, world: World):
    client = browser(world.scene.cast.olga)
    sent = client.post("/api/v1/attachments/", {"file": SimpleUploadedFile(name, content, mime)}).json()

    shown = client.get(sent["url"])
    shown.close()

    assert shown["X-Content-Type-Options"] == "nosniff"
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "\u202e" not in sent["name"] + shown["Content-Disposition"]
    if shown["Content-Type"] != "image/gif":
        assert shown["Content-Type"] == "application/octet-stream"
        assert shown["Content-Disposition"].startswith("attachment")
