"""What updates of MAX say to us, beside what the contract tries."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from channels_connectors.max.payloads import event_key, incoming_from
from channels_connectors.max.sending import TEXT_LENGTH, keyboard_of, marked_up, text_of
from openlines.types import Button, IncomingMessage, IncomingPress, TextFormat
from tests.providers.max import ANNA, BOT, CHAT, MaxSimulator

pytestmark = pytest.mark.row("C13")


@pytest.fixture
def anna():
    return MaxSimulator()


def test_start_brings_what_the_link_carried(anna):
    (started,) = incoming_from(anna.happens("bot_started", chat_id=CHAT, user=ANNA, payload="ad5", user_locale="ru"))

    assert isinstance(started, IncomingMessage)
    assert (started.text, started.context) == ("/start", {"start_payload": "ad5"})
    assert (started.sender.name, started.sender.language) == ("Anna Petrova", "ru")


def test_a_forwarded_message_has_its_words_in_the_link(anna):
    link = {"type": "forward", "sender": {"first_name": "Boris"}, "message": {"mid": "mid.9", "seq": 9, "text": "News"}}
    update = anna.message(None, link=link)
    (message,) = incoming_from(update)

    assert isinstance(message, IncomingMessage)
    assert (message.text, message.details) == ("News", {"forwarded_from": "Boris"})
    assert message.external_id == update["message"]["body"]["mid"]


def test_a_forwarded_message_may_have_no_body_at_all(anna):
    update = anna.message(None, link={"type": "forward", "message": {"mid": "mid.9", "seq": 9, "text": "News"}})
    update["message"]["body"] = None

    (message,) = incoming_from(update)
    assert isinstance(message, IncomingMessage)
    assert (message.text, message.external_id) == ("News", "mid.9")
    assert event_key(update) == "message_created:mid.9"


def test_her_own_card_tells_her_phone_and_somebody_else_s_does_not(anna):
    card = {"vcf_info": "BEGIN:VCARD\nFN:Anna P\nTEL:79161234567\nEND:VCARD", "max_info": ANNA}
    (own,) = incoming_from(anna.message(None, attachments=[{"type": "contact", "payload": card}]))
    other = card | {"max_info": ANNA | {"user_id": 5}}
    (others,) = incoming_from(anna.message(None, attachments=[{"type": "contact", "payload": other}]))

    assert isinstance(own, IncomingMessage)
    assert isinstance(others, IncomingMessage)
    assert (own.sender.phone, others.sender.phone) == ("+79161234567", "")


def test_a_voice_message_brings_what_max_heard(anna):
    voice = {"type": "audio", "payload": {"url": "https://x/a"}, "transcription": "Where is it?"}
    (message,) = incoming_from(anna.message(None, attachments=[voice]))

    assert isinstance(message, IncomingMessage)
    assert (message.kind, message.details) == ("VOICE", {"transcript": "Where is it?"})


def test_groups_and_other_bots_are_left_alone(anna):
    in_group = anna.message("Hello, neighbours")
    in_group["message"]["recipient"]["chat_type"] = "chat"
    of_bot = anna.message("Beep")
    of_bot["message"]["sender"] = BOT

    assert incoming_from(in_group) == incoming_from(of_bot) == []


def test_a_press_whose_message_is_gone_still_counts(anna):
    callback = {"timestamp": 1, "callback_id": "c", "payload": "rating:1:2", "user": ANNA}
    (press,) = incoming_from(anna.happens("message_callback", callback=callback, message=None))

    assert isinstance(press, IncomingPress)
    assert (press.payload, press.chat_external_id) == ("rating:1:2", "user:700")


def test_two_edits_within_a_millisecond_are_two_events(anna):
    update = anna.message("One")
    edits = [
        {
            "update_type": "message_edited",
            "timestamp": 5,
            "message": update["message"] | {"body": {"mid": "m", "text": t}},
        }
        for t in ("Two", "Three")
    ]
    assert len({event_key(edit) for edit in edits}) == 2


def test_marks_never_cross():
    text = "one two three"
    formats = (TextFormat("BOLD", 0, 7), TextFormat("ITALIC", 4, 13))

    assert marked_up(text, formats) == "<b>one </b><b><i>two</i></b><i> three</i>"
    assert text_of("<b> & co", ()) == {"text": "<b> & co"}
    assert marked_up("a<b", (TextFormat("CODE", 0, 3),)) == "<code>a&lt;b</code>"


def test_words_whose_marks_do_not_fit_go_without_them():
    text = "x" * TEXT_LENGTH

    assert text_of(text, (TextFormat("BOLD", 0, 5),)) == {"text": text}


def test_what_is_too_long_for_a_button_is_cut():
    (keyboard,) = keyboard_of(((Button(text="y" * 200, payload="p" * 2000),),))
    ((button,),) = keyboard["payload"]["buttons"]

    assert (len(button["text"]), len(button["payload"])) == (128, 1024)


junk = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
places = some.sampled_from(
    ["message", "sender", "recipient", "body", "timestamp", "attachments", "link", "mid", "user_id"]
)


@given(places, junk)
def test_nonsense_anywhere_is_refused_or_read_never_worse(place, nonsense):
    update = json.loads(json.dumps(MaxSimulator().message("Hello", link={"type": "reply", "message": {"mid": "m"}})))
    for holder in (update, update["message"], update["message"]["body"], update["message"]["sender"]):
        if place in holder:
            holder[place] = nonsense
    for read in (event_key, incoming_from):
        try:
            read(update)
        except (ValueError, LookupError, TypeError, AttributeError):
            continue
