"""What VKontakte's events say to us."""

import json
from typing import Any

import pytest

from channels_connectors.connector import Account, FetchedMedia
from channels_connectors.vk.content import reference_to
from channels_connectors.vk.keys import client_key_of, random_id_of
from channels_connectors.vk.payloads import incoming_from
from openlines.types import IncomingEcho, IncomingEdit, IncomingMessage, IncomingPress, IncomingReceipt

pytestmark = [pytest.mark.row("C2"), pytest.mark.row("C18")]

ACCOUNT = Account(channel_id=1, credentials={}, scope="vk:555")
MESSAGE = {
    "id": 812, "conversation_message_id": 17, "date": 1790000000, "peer_id": 7001, "from_id": 7001, "out": 0,
    "text": "Hi", "random_id": 0, "attachments": [], "fwd_messages": [],
}  # fmt: skip


def event(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "event_id": "a1", "v": "5.199", "group_id": 555, "object": value}


def said(**fields: Any) -> IncomingMessage:
    (message,) = incoming_from(event("message_new", {"message": {**MESSAGE, **fields}}))
    assert isinstance(message, IncomingMessage)
    return message


def carried(kind: str, **fields: Any) -> IncomingMessage:
    return said(text="", attachments=[{"type": kind, kind: fields}])


def test_a_text_with_where_the_client_came_from():
    message = said(ref="ad1", ref_source="shop", payload='{"command":"start"}')

    assert (message.text, message.external_id, message.chat_external_id) == ("Hi", "17", "7001")
    assert message.context == {"ref": "ad1", "ref_source": "shop", "payload": '{"command":"start"}'}
    assert (message.sender.external_id, message.sender.name) == ("7001", "")


def test_mentions_are_read_as_names():
    assert said(text="[id7001|Anna], [club555|Loft] wrote [id1|x]").text == "Anna, Loft wrote x"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"peer_id": 2_000_000_001}, "message_new"), ({"from_id": -555}, "message_new"), ({"out": 1}, "message_new"),
        ({"peer_id": 2_000_000_001}, "message_edit"), ({"from_id": -555}, "message_edit"),
        ({"peer_id": 2_000_000_001}, "message_reply"),
    ],
)  # fmt: skip
def test_chats_of_several_people_and_our_own_words_are_no_clients(fields: dict[str, Any], kind: str):
    assert incoming_from(event(kind, MESSAGE | fields)) == []


def test_another_community_may_write_to_ours():
    assert said(peer_id=-99, from_id=-99).sender.external_id == "-99"


@pytest.mark.parametrize(
    ("kind", "fields", "text"),
    [
        ("link", {"url": "https://shop.example/sofa", "title": "Sofa"}, "Sofa\nhttps://shop.example/sofa"),
        ("wall", {"id": 3, "owner_id": -5, "text": "News"}, "News\nhttps://vk.com/wall-5_3"),
        (
            "wall_reply", {"id": 4, "owner_id": -5, "post_id": 3, "text": "Nice"},
            "Nice\nhttps://vk.com/wall-5_3?reply=4",
        ),
        ("video", {"id": 9, "owner_id": 7001, "title": "The leg"}, "The leg\nhttps://vk.com/video7001_9"),
        ("poll", {"id": 9, "owner_id": 1, "question": "When?"}, "When?\nhttps://vk.com/poll1_9"),
        ("audio", {"artist": "Anna", "title": "Song"}, "♪ Anna – Song"),
    ],
)  # fmt: skip
def test_what_is_no_file_is_read_as_words_and_a_link(kind: str, fields: dict[str, Any], text: str):
    message = carried(kind, **fields)

    assert (message.kind, message.text, message.attachments) == ("TEXT", text, ())


def test_an_offer_is_what_the_client_writes_about():
    offer = {"id": 8, "owner_id": -555, "title": "Sofa", "price": {"text": "100 ₽"}, "thumb_photo": "https://x/s.jpg"}

    subject = carried("market", **offer).subject

    assert subject is not None
    assert (subject.kind, subject.title, subject.price, subject.image) == ("offer", "Sofa", "100 ₽", "https://x/s.jpg")
    assert subject.url == "https://vk.com/market-555_8"


def test_the_largest_size_of_a_photo_is_taken():
    sizes = [{"type": t, "url": f"https://x/{t}.jpg", "width": w, "height": w} for t, w in (("x", 604), ("s", 75))]

    (photo,) = carried("photo", id=1, owner_id=1, sizes=sizes).attachments

    assert (photo.kind, photo.reference, photo.width) == ("IMAGE", "https://x/x.jpg", 604)


def test_a_voice_message_comes_with_what_was_heard():
    message = carried("audio_message", id=1, owner_id=1, duration=4, link_ogg="https://x/a.ogg", transcript="When?")

    assert (message.kind, message.details) == ("VOICE", {"transcript": "When?"})
    assert (message.attachments[0].mime, message.attachments[0].duration) == ("audio/ogg", 4)


def test_a_link_that_is_too_long_is_found_in_its_event_again(vk, monkeypatch):
    url = f"https://x.example/{'a' * 600}"
    body = json.dumps(
        event("message_new", {"message": {**MESSAGE, "attachments": [{"type": "doc", "doc": {"url": url}}]}})
    )
    (message,) = vk.parse(json.loads(body), account=ACCOUNT)
    (attachment,) = message.attachments
    fetched = []
    monkeypatch.setattr("channels_connectors.vk.community.fetch_link", lambda link: fetched.append(link) or _nothing())

    vk.fetch_media(attachment, ACCOUNT, event=body.encode())

    assert (len(attachment.reference) <= 512, fetched) == (True, [url])
    assert reference_to("https://x/a") == "https://x/a"


def _nothing() -> FetchedMedia:
    return FetchedMedia(content=b"x")


def test_forwarded_words_and_files_come_along():
    inner = {
        "from_id": 1,
        "text": "Deeper",
        "attachments": [{"type": "doc", "doc": {"url": "https://x/d", "title": "d"}}],
    }
    message = said(text="Look", fwd_messages=[{"from_id": 1, "text": "One\nTwo", "fwd_messages": [inner]}])

    assert message.text == "Look\n> One\n> Two\n> > Deeper"
    assert [attachment.name for attachment in message.attachments] == ["d"]


def test_an_answer_names_its_question_only_in_the_same_chat():
    question = {"conversation_message_id": 15, "text": "Hello", "from_id": -555, "peer_id": 7001}

    assert said(reply_message=question).reply_to_external_id == "15"
    assert said(reply_message=question).details == {"quoted_text": "Hello"}
    assert said(reply_message=question | {"peer_id": 7002}).reply_to_external_id == ""


def test_words_stay_whole_beside_a_thing_that_we_do_not_know():
    message = said(attachments=[{"type": "hologram", "hologram": {}}])

    assert (message.kind, message.text, message.details) == ("TEXT", "Hi", {"provider_kind": "hologram"})
    assert carried("hologram").kind == "UNSUPPORTED"


def test_a_button_of_ours_in_an_old_application_is_a_press():
    message = MESSAGE | {"text": "Yes", "payload": '{"button":"rating:1:5","label":"Yes"}'}
    (press,) = incoming_from(event("message_new", {"message": message}))

    assert isinstance(press, IncomingPress)
    assert (press.payload, press.text, press.context) == ("rating:1:5", "Yes", {})


def test_which_buttons_the_client_sees_is_remembered():
    info = {"button_actions": ["text"], "keyboard": True, "inline_keyboard": False}
    (message,) = incoming_from(event("message_new", {"message": MESSAGE, "client_info": info}))

    assert message.thread == {"inline": False, "callback": False}


def test_our_own_send_is_known_by_its_random_id_and_a_persons_is_not():
    own = MESSAGE | {"from_id": -555, "out": 1, "random_id": random_id_of("41.2")}

    (ours,) = incoming_from(event("message_reply", own))
    (staff,) = incoming_from(event("message_reply", own | {"admin_author_id": 9}))

    assert isinstance(ours, IncomingEcho)
    assert isinstance(staff, IncomingEcho)
    assert (ours.client_key, staff.client_key, staff.details) == ("41.2", "", {"author_id": "9"})


def test_random_ids_are_read_back_while_they_fit_and_never_zero():
    for key in ("1.0", "41.2", "67108863.15"):
        assert client_key_of(random_id_of(key)) == key
    for key in ("67108864.0", "1.16", "no number", "0.0"):
        assert client_key_of(random_id_of(key)) == ""
        assert 0 < random_id_of(key) < 2**31


def test_what_was_read_and_typed_by_us_says_nothing():
    read = {"from_id": -555, "peer_id": 7001, "read_message_id": 1, "conversation_message_id": 1}
    assert incoming_from(event("message_read", read)) == []
    (receipt,) = incoming_from(event("message_read", read | {"from_id": 7001}))
    assert receipt == IncomingReceipt(state="READ", chat_external_id="7001", external_id="1")
    assert incoming_from(event("message_typing_state", {"from_id": -555, "to_id": 7001, "state": "typing"})) == []


def test_an_edit_brings_the_whole_text():
    (edit,) = incoming_from(event("message_edit", MESSAGE | {"text": "Hi there"}))

    assert edit == IncomingEdit(chat_external_id="7001", external_id="17", text="Hi there")
