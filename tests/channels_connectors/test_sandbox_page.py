"""The page that plays customers of a sandbox."""

import io
import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from channels_connectors.inbox import process_channel
from channels_connectors.models import RawEvent
from channels_connectors.sandbox.connector import Sandbox
from openlines.models import Attachment, Channel, Message
from openlines.services.lines import create_line
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.factories import make_channel
from tests.openlines.rated import asked, rating_of
from tests.pages import browser, get, text_of
from tests.scenes import carry_all


def written(text: str = "Hello", *, chat: str = "c-anna", name: str = "Anna", **more):
    return {"chat": chat, "id": str(uuid4()), "name": name, "text": text} | more


def write(user, channel, *messages):
    body = json.dumps({"messages": messages})
    return browser(user).post(f"/sandbox/{channel.pk}/messages/", body, content_type="application/json")


def state(user, channel, chats="c-anna", version=""):
    return get(user, f"/sandbox/{channel.pk}/state/", chats=chats, version=version)


@pytest.fixture
def process(channel, commit):
    def work():
        with commit():
            process_channel(channel_id=channel.pk, now=timezone.now())

    return work


def test_administrators_and_supervisors_of_the_line_play(cast, line, channel):
    foreign = make_channel(cast, create_line(administrator=cast.alla, name="Support"))
    for user in (cast.alla, cast.sergey):
        assert get(user, f"/sandbox/{channel.pk}/").status_code == 200
        assert get(user, "/sandbox/").status_code == 302
    for user in (cast.olga, cast.mallory, cast.stranger):
        assert get(user, "/sandbox/").status_code == 403
        assert get(user, f"/sandbox/{channel.pk}/").status_code == 403
        assert state(user, channel).status_code == 403
        assert write(user, channel, written()).status_code == 403
        assert browser(user).post(f"/sandbox/{channel.pk}/files/").status_code == 403
    assert get(cast.sergey, f"/sandbox/{foreign.pk}/").status_code == 403
    assert write(cast.sergey, foreign, written()).status_code == 403
    assert get(None, f"/sandbox/{channel.pk}/").status_code == 302
    assert not RawEvent.objects.exists()


def test_only_sandboxes_are_played(cast, line):
    chat = make_channel(cast, line, kind="livechat")

    assert get(cast.alla, f"/sandbox/{chat.pk}/").status_code == 404
    assert write(cast.alla, chat, written()).status_code == 404


def test_without_a_sandbox_the_page_says_where_to_get_one(cast):
    assert "No sandbox yet" in text_of(get(cast.alla, "/sandbox/"))


def test_what_a_customer_writes_goes_the_whole_way(cast, line, channel, process):
    assert write(cast.alla, channel, written("Hello"), written("Hi", chat="c-boris", name="Boris")).status_code == 202
    process()

    names = list(Message.objects.filter(author_kind="CLIENT").values_list("dialog__client__name", "text"))
    assert names == [("Anna", "Hello"), ("Boris", "Hi")]
    answer = state(cast.alla, channel, "c-anna,c-boris").json()
    assert [customer["name"] for customer in answer["customers"]] == ["Boris", "Anna"]
    assert [message["text"] for message in answer["conversations"]["c-anna"]] == ["Hello"]


def test_the_same_message_twice_is_stored_once(cast, channel, process):
    message = written()
    write(cast.alla, channel, message)
    write(cast.alla, channel, message)
    process()

    assert Message.objects.filter(author_kind="CLIENT").count() == 1


def test_ten_at_once_keep_their_order(cast, channel, process):
    write(cast.alla, channel, *[written(str(number)) for number in range(10)])
    process()

    texts = Message.objects.filter(author_kind="CLIENT").order_by("seq").values_list("text", flat=True)
    assert list(texts) == [str(number) for number in range(10)]


def test_a_customer_sees_what_was_sent_to_them_and_no_more(scene, process):
    cast, channel = scene.cast, scene.channel
    write(cast.alla, channel, written())
    process()
    dialog = Message.objects.filter(author_kind="CLIENT").get().dialog
    answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    for visibility, text in (("PUBLIC", "Good morning"), ("STAFF", "A difficult one")):
        send_reply(dialog_id=dialog.pk, operator=cast.olga, text=text, visibility=visibility, now=timezone.now())

    before = state(cast.alla, channel).json()["conversations"]["c-anna"]
    carry_all(scene)
    after = state(cast.alla, channel).json()["conversations"]["c-anna"]

    assert [message["text"] for message in before] == ["Hello"]
    seen = [(message["author"], message["text"]) for message in after]
    assert seen == [("CLIENT", "Hello"), ("BOT", seen[1][1]), ("OPERATOR", "Good morning")]
    assert "A difficult one" not in json.dumps(after)


def test_nothing_is_sent_when_nothing_has_changed(cast, channel, process):
    write(cast.alla, channel, written())
    process()
    version = state(cast.alla, channel).json()["version"]

    assert state(cast.alla, channel, version=version).status_code == 204
    write(cast.alla, channel, written("And?"))
    process()
    assert state(cast.alla, channel, version=version).status_code == 200


def test_a_look_costs_the_same_however_many_customers_there_are(cast, channel, process, django_assert_num_queries):
    chats = [f"c-{number}" for number in range(12)]
    write(cast.alla, channel, *[written(chat=chat, name=chat) for chat in chats])
    process()
    alla = browser(cast.alla)

    with django_assert_num_queries(8):
        alla.get(f"/sandbox/{channel.pk}/state/", {"chats": ",".join(chats)})


def test_a_picture_arrives_and_stays_its_customers_own(cast, channel, process):
    alla = browser(cast.alla)
    content = io.BytesIO()
    Image.new("RGB", (2, 2)).save(content, "PNG")
    picture = SimpleUploadedFile("a.png", content.getvalue())
    stored = alla.post(f"/sandbox/{channel.pk}/files/", {"file": picture, "chat": "c-anna"}).json()

    stolen = write(cast.alla, channel, written("", chat="c-boris", attachments=[stored["id"]]))
    sent = write(cast.alla, channel, written("", attachments=[stored["id"]]))
    process()

    assert (stolen.status_code, sent.status_code) == (400, 202)
    message = Message.objects.get(author_kind="CLIENT")
    assert (message.kind, Attachment.objects.get().message) == ("IMAGE", message)
    shown = state(cast.alla, channel).json()["conversations"]["c-anna"][0]["attachments"]
    assert [file["url"] for file in shown] == [f"/files/{stored['id']}/"]


@pytest.mark.parametrize(
    "message",
    [
        written(""),
        written("   "),
        written("x" * (Sandbox.capabilities.text_length + 1)),
        written(chat="a/b"),
        written(chat=""),
        written(name=""),
        written(email="nobody"),
        written(attachments=["x"]),
        written(id="7"),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(cast, channel, message):
    response = write(cast.alla, channel, message)

    assert response.status_code == 400
    assert response.json()["message"]
    assert not RawEvent.objects.exists()


@pytest.mark.parametrize("body", ["", "no json", "[]", '{"messages": []}', '{"messages": {}}'])
def test_a_body_that_is_none_is_refused(cast, channel, body):
    response = browser(cast.alla).post(f"/sandbox/{channel.pk}/messages/", body, content_type="application/json")

    assert response.status_code == 400


def test_a_disconnected_sandbox_hears_nothing(cast, channel):
    Channel.objects.filter(pk=channel.pk).update(state="DISCONNECTED")

    response = write(cast.alla, channel, written())

    assert response.status_code == 409
    assert "disconnected" in response.json()["message"]
    assert "disconnected" in text_of(get(cast.alla, f"/sandbox/{channel.pk}/"))


def test_a_file_that_is_missing_or_empty_is_refused(cast, channel):
    alla = browser(cast.alla)
    empty = SimpleUploadedFile("a.txt", b"")

    for values in ({"chat": "c-anna"}, {"chat": "c-anna", "file": empty}, {"chat": "../x", "file": empty}):
        assert alla.post(f"/sandbox/{channel.pk}/files/", values).status_code == 400


@pytest.mark.row("A5")
def test_a_played_customer_presses_what_stands_below_a_request(cast, channel, process, scene):
    dialog = asked(scene, "LIKE")
    carry_all(scene)
    request = state(cast.alla, channel, chats="anna").json()["conversations"]["anna"][-1]
    (row,) = request["buttons"]
    assert ([button["text"] for button in row], request["chosen"]) == (["👍", "👎"], None)

    pressed = written("👍", chat="anna") | {"press": row[0]["payload"]}
    assert write(cast.alla, channel, pressed).status_code == 202
    process()

    assert rating_of(dialog).score == 1
    seen = state(cast.alla, channel, chats="anna").json()["conversations"]["anna"]
    assert [message["chosen"] for message in seen if message["buttons"]] == [row[0]["payload"]]
    assert "👍" not in [message["text"] for message in seen]
