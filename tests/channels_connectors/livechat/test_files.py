import uuid

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from channels_connectors.livechat.api.views import ROOM_FOR_A_FORM
from openlines.models import Attachment
from openlines.services.replies import delete_reply, send_reply
from routing.services.answering import answer_dialog
from tests.channels_connectors.livechat.visitors import PNG, Visitor

HTML = b"<!doctype html><script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def fetch(url):
    """The answer with all of its content, and the file closed again."""
    answer = Client().get(url)
    answer.whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer


@pytest.mark.row("C3")
@pytest.mark.row("C18")
def test_a_picture_goes_up_and_into_a_message(anna):
    uploaded = anna.upload()
    assert uploaded.status_code == 201
    assert (uploaded.json()["kind"], uploaded.json()["state"]) == ("IMAGE", "READY")

    written = anna.write("Like this", attachments=[uploaded.json()["id"]]).json()["message"]
    assert written["kind"] == "IMAGE"
    assert [file["id"] for file in written["attachments"]] == [uploaded.json()["id"]]

    shown = fetch(written["attachments"][0]["url"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    assert shown.whole == PNG


def test_the_file_is_stored_once_and_nothing_waits_to_be_fetched(anna):
    anna.write(attachments=[anna.upload().json()["id"]])

    attachment = Attachment.objects.get()
    assert attachment.state == Attachment.State.READY
    assert attachment.message == anna.dialog.messages.first()


def test_files_keep_the_order_in_which_they_are_named(anna):
    first, second = (anna.upload(name=name).json()["id"] for name in ("a.png", "b.png"))

    written = anna.write(attachments=[second, first]).json()["message"]
    assert [file["name"] for file in written["attachments"]] == ["b.png", "a.png"]


def test_the_same_message_again_has_its_files_again(anna):
    number, file = str(uuid.uuid4()), anna.upload().json()["id"]
    anna.write(message_id=number, attachments=[file])
    again = anna.write(message_id=number, attachments=[file])

    assert again.status_code == 200
    assert [one["id"] for one in again.json()["message"]["attachments"]] == [file]


def test_a_file_is_sent_once(anna):
    file = anna.upload().json()["id"]
    anna.write(attachments=[file])

    assert anna.write(attachments=[file]).status_code == 400


def test_nobody_sends_the_files_of_others(anna, boris):
    file = anna.upload().json()["id"]

    assert boris.write("Mine", attachments=[file]).status_code == 400


@pytest.mark.parametrize(("content", "name"), [(HTML, "a.html"), (SVG, "a.svg"), (HTML, "a.png"), (b"MZ\x90", "a.exe")])
@pytest.mark.row("C3")
def test_what_a_browser_could_execute_is_only_downloaded(anna, content, name):
    file = anna.upload(content, name).json()

    answer = fetch(file["url"])
    assert file["kind"] == "FILE"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_name_can_not_leave_its_folder(anna):
    assert anna.upload(name="..\\..\\etc\\passwd").json()["name"] == "passwd"


def test_an_empty_file_and_none_at_all_are_refused(anna):
    assert anna.upload(b"").status_code == 400
    assert anna.call("POST", "files/").status_code == 400


def test_a_file_that_is_too_large_is_refused(anna, settings):
    settings.UPLOAD_BYTES = 10

    assert anna.upload().status_code == 413


def test_one_that_is_far_too_large_is_not_even_read(anna, settings, monkeypatch):
    settings.UPLOAD_BYTES = 10
    monkeypatch.setattr("django.http.request.HttpRequest._load_post_and_files", lambda _: 1 / 0)

    assert anna.upload(b"x" * (ROOM_FOR_A_FORM + 11)).status_code == 413


def test_files_are_not_taken_without_end(anna):
    with time_machine.travel("2026-11-23T12:00:00Z", tick=False):
        anna.arrive()
        answers = [anna.upload().status_code for _ in range(11)]

    assert answers == [201] * 10 + [429]


def test_without_a_token_nothing_is_uploaded(widget):
    assert Visitor(widget).upload().status_code == 401
    assert not Attachment.objects.exists()


class TestLinks:
    def test_a_link_is_the_same_all_day(self, anna):
        file = anna.upload().json()["id"]
        with time_machine.travel("2026-11-23T08:00:00Z", tick=False):
            anna.arrive()
            written = anna.write(attachments=[file]).json()["message"]
        with time_machine.travel("2026-11-23T20:00:00Z", tick=False):
            assert anna.messages()["messages"] == [written]

    def test_a_link_can_not_be_made_up(self, anna):
        url = anna.upload().json()["url"]
        address, _question, query = url.partition("?")

        for wrong in ("", "until=99999&signature=", f"{query}0", query.replace("until=", "until=9")):
            assert fetch(f"{address}?{wrong}").status_code == 404

    def test_a_link_ends(self, anna):
        with time_machine.travel("2026-11-01T12:00:00Z", tick=False):
            anna.arrive()
            url = anna.upload().json()["url"]
        with time_machine.travel("2026-11-07T12:00:00Z", tick=False):
            assert fetch(url).status_code == 200
        with time_machine.travel("2026-11-09T12:00:00Z", tick=False):
            assert fetch(url).status_code == 404

    def test_players_may_seek(self, anna):
        url = anna.upload(b"OggS" + bytes(100), "voice.ogg").json()["url"]

        part = Client(headers={"Range": "bytes=0-3"}).get(url)
        assert (part.status_code, part.content) == (206, b"OggS")

    @pytest.fixture
    def operators_file(self, anna, cast, commit):
        """A file that Olga uploaded, not sent yet."""
        anna.write("Hello")
        with commit():
            answer_dialog(dialog_id=anna.dialog.pk, operator=cast.olga, now=timezone.now())
        return Attachment.objects.create(uploaded_by=cast.olga, file="x", name="price.pdf")

    def send(self, anna, cast, file, visibility):
        fields = {"text": "", "visibility": visibility, "attachment_ids": [file.pk]}
        return send_reply(dialog_id=anna.dialog.pk, operator=cast.olga, now=timezone.now(), **fields)[0]

    def test_an_operators_file_can_be_had(self, anna, cast, operators_file, settings):
        (settings.MEDIA_ROOT / "x").write_bytes(b"%PDF-")
        self.send(anna, cast, operators_file, "PUBLIC")

        assert fetch(anna.messages()["messages"][-1]["attachments"][0]["url"]).status_code == 200

    def test_not_when_it_was_whispered_or_deleted(self, anna, cast, operators_file, settings, widget):
        (settings.MEDIA_ROOT / "x").write_bytes(b"%PDF-")
        message = self.send(anna, cast, operators_file, "PUBLIC")
        url = anna.messages()["messages"][-1]["attachments"][0]["url"]

        type(message).objects.filter(pk=message.pk).update(visibility="STAFF", delivery_state="")
        assert fetch(url).status_code == 404

        type(message).objects.filter(pk=message.pk).update(visibility="PUBLIC")
        delete_reply(message_id=message.pk, operator=cast.olga, now=timezone.now())
        assert fetch(url).status_code == 404
