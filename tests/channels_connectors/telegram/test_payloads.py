import copy
from datetime import UTC, datetime

import pytest
from aiogram.types import Update as AiogramUpdate
from telegram import Update

from channels_connectors.telegram.payloads import incoming_from
from openlines.types import IncomingClosing, IncomingEdit, IncomingMessage, IncomingPress, IncomingReachability, Person
from tests.channels_connectors.telegram import updates
from tests.channels_connectors.telegram.updates import ALL, MESSAGES, Fields


def parsed(update: Fields) -> IncomingMessage:
    (incoming,) = incoming_from(update)
    assert isinstance(incoming, IncomingMessage)
    return incoming


@pytest.mark.row("C1")
def test_a_text_says_who_wrote_what_and_when():
    incoming = parsed(MESSAGES["text"])

    assert incoming.text == "Where is my order?"
    assert (incoming.chat_external_id, incoming.external_id, incoming.kind) == ("7001", "51", "TEXT")
    assert incoming.sent_at == datetime.fromtimestamp(1790000000, UTC)
    assert incoming.sender == Person(
        external_id="7001",
        first_name="Anna",
        last_name="Petrova",
        username="anna_p",
        language="ru",
        photo_reference="7001",
    )


@pytest.mark.parametrize(
    ("name", "kind", "reference", "mime"),
    [
        ("photo", "IMAGE", "large", "image/jpeg"),
        ("document", "FILE", "doc", "application/pdf"),
        ("video", "VIDEO", "vid", "video/mp4"),
        ("animation", "VIDEO", "anim", "video/mp4"),
        ("audio", "AUDIO", "song", "audio/mpeg"),
        ("voice", "VOICE", "voice", "audio/ogg"),
        ("video_note", "VIDEO", "note", "video/mp4"),
        ("sticker", "STICKER", "st", "image/webp"),
        ("video_sticker", "STICKER", "st", "video/webm"),
        ("animated_sticker", "STICKER", "thumb", ""),
    ],
)
@pytest.mark.row("C18")
def test_media_become_attachments_with_what_is_needed_to_fetch_them(name, kind, reference, mime):
    incoming = parsed(MESSAGES[name])

    (attachment,) = incoming.attachments
    assert (incoming.kind, attachment.kind, attachment.reference, attachment.mime) == (kind, kind, reference, mime)
    assert attachment.size == 1000


def test_names_captions_sizes_and_durations_are_kept():
    document, photo, voice = (parsed(MESSAGES[name]) for name in ("document", "photo", "voice"))

    assert (document.attachments[0].name, document.text) == ("bill.pdf", "The bill")
    assert (photo.attachments[0].width, photo.attachments[0].height, photo.text) == (1280, 960, "The leg is broken")
    assert voice.attachments[0].duration == 4
    assert parsed(MESSAGES["audio"]).attachments[0].name == "Kino - Zvezda"
    assert parsed(MESSAGES["video_note"]).attachments[0].width == 240


def test_places_have_coordinates_and_a_title_where_there_is_one():
    assert parsed(MESSAGES["location"]).location == {"latitude": 55.75, "longitude": 37.61, "title": None}
    assert parsed(MESSAGES["venue"]).location == {"latitude": 55.7, "longitude": 37.6, "title": "Loft, Nikolskaya 1"}
    assert parsed(MESSAGES["live_location"]).context == {"is_live": True}


def test_only_a_clients_own_card_tells_their_phone():
    own, other = parsed(MESSAGES["own_contact"]), parsed(MESSAGES["other_contact"])

    assert own.contact == {"name": "Anna", "phone": "+79161234567"}
    assert own.sender.phone == "+79161234567"
    assert other.contact == {"name": "Boris Orlov", "phone": "+79160000000"}
    assert other.sender.phone == ""


def test_replies_quotes_forwards_and_albums_keep_what_they_point_to():
    reply = parsed(MESSAGES["reply"])

    assert (reply.reply_to_external_id, reply.details) == ("50", {"quote": "on Monday"})
    assert parsed(MESSAGES["forward"]).details == {"forwarded_from": "Boris"}
    assert parsed(MESSAGES["forward_of_user"]).details == {"forwarded_from": "Anna Petrova"}
    assert parsed(MESSAGES["forward_of_channel"]).details == {"forwarded_from": "Sofas daily"}
    assert parsed(MESSAGES["album"]).details == {"album": "13000"}


def test_the_payload_of_a_start_link_is_context_and_not_words_of_the_client():
    assert (parsed(MESSAGES["start"]).text, parsed(MESSAGES["start"]).context) == ("/start", {})
    with_payload = parsed(MESSAGES["start_with_payload"])
    assert (with_payload.text, with_payload.context) == ("/start", {"start_payload": "from_site"})
    assert parsed(updates.message(text="/startled cat")).text == "/startled cat"


def test_edits_give_the_new_words():
    expected = IncomingEdit(chat_external_id="7001", external_id="51", text="Where is my sofa?")

    assert incoming_from(updates.EDIT) == [expected]
    (edit,) = incoming_from(updates.CAPTION_EDIT)
    assert isinstance(edit, IncomingEdit)
    assert edit.text == "Both legs"


def test_a_pressed_button_brings_its_payload_and_its_label():
    (press,) = incoming_from(updates.BUTTON)

    assert isinstance(press, IncomingPress)
    assert (press.payload, press.text, press.chat_external_id) == ("deliver:monday", "On Monday", "7001")
    assert (press.external_id, press.message_external_id) == ("callback:4200", "50")
    assert press.context["needs_acknowledgement"] is True


def test_a_press_can_be_read_as_if_it_had_been_written():
    (press,) = incoming_from(updates.BUTTON)
    assert isinstance(press, IncomingPress)

    message = press.as_message()

    assert (message.text, message.external_id, message.reply_to_external_id) == ("On Monday", "callback:4200", "50")
    assert message.context["button"] == "deliver:monday"
    assert message.context["needs_acknowledgement"] is True


def test_a_button_of_a_message_that_telegram_no_longer_shows_speaks_with_its_data():
    (press,) = incoming_from(updates.OLD_BUTTON)
    assert isinstance(press, IncomingPress)

    assert press.as_message().text == "deliver:monday"


def test_blocking_and_unblocking_change_reachability():
    def expected(is_reachable: bool) -> IncomingReachability:
        return IncomingReachability(chat_external_id="7001", person_external_id="7001", is_reachable=is_reachable)

    assert incoming_from(updates.BLOCKED) == [expected(is_reachable=False)]
    assert incoming_from(updates.UNBLOCKED) == [expected(is_reachable=True)]


@pytest.mark.parametrize(
    "name", ["live_step", "removed_from_group", "group_button", "in_group", "channel_post", "pinned"]
)
def test_groups_channels_and_notices_of_telegram_are_passed_over(name):
    assert incoming_from(ALL[name]) == []


@pytest.mark.parametrize("kind", ["chat_member", "business_connection", "purchased_paid_media", "something_new"])
def test_updates_of_other_kinds_are_passed_over(kind):
    assert incoming_from({"update_id": 1, kind: {"anything": 1}}) == []


def test_what_we_can_not_show_is_kept_as_unsupported_and_says_what_it_was():
    poll, unheard_of = parsed(MESSAGES["poll"]), parsed(updates.NEWER_THAN_THE_LIBRARY)

    assert (poll.kind, poll.details) == ("UNSUPPORTED", {"provider_kind": "poll"})
    assert (unheard_of.kind, unheard_of.details) == ("UNSUPPORTED", {"provider_kind": "hologram"})
    assert parsed(MESSAGES["dice"]).text == "🎲"


@pytest.mark.parametrize("update", ALL.values(), ids=ALL.keys())
def test_aiogram_agrees_that_telegram_sends_such_updates(update):
    assert AiogramUpdate.model_validate(update).update_id == update["update_id"]


@pytest.mark.parametrize("update", MESSAGES.values(), ids=MESSAGES.keys())
def test_we_read_the_same_as_the_whole_update_of_python_telegram_bot_says(update):
    incoming, whole = parsed(update), Update.de_json(copy.deepcopy(update), None)

    message, user = whole.effective_message, whole.effective_user
    assert message is not None
    assert user is not None
    assert incoming.external_id == str(message.message_id)
    assert incoming.sent_at == message.date
    assert incoming.sender.name == user.full_name
    assert incoming.text in ((message.text or message.caption or ""), "/start", "🎲")
    replied = message.reply_to_message
    assert incoming.reply_to_external_id == (str(replied.message_id) if replied else "")


@pytest.mark.parametrize("update", ALL.values(), ids=ALL.keys())
def test_parsing_leaves_the_payload_as_it_was_and_gives_the_same_again(update):
    before = copy.deepcopy(update)

    assert incoming_from(update) == incoming_from(update)
    assert update == before


@pytest.mark.parametrize("broken", [{"message": {}}, {"message": {"chat": {"id": 1, "type": "private"}, "from": {}}}])
def test_a_malformed_update_is_refused_and_not_guessed_at(broken):
    with pytest.raises((KeyError, TypeError)):
        incoming_from({"update_id": 1} | broken)


@pytest.mark.row("A4")
@pytest.mark.parametrize("text", ["/stop", " /Stop ", "/stop@loft_bot"])
def test_the_stop_command_ends_the_conversation(text):
    update = copy.deepcopy(MESSAGES["text"])
    update["message"]["text"] = text

    assert incoming_from(update) == [IncomingClosing(chat_external_id="7001")]


@pytest.mark.parametrize("text", ["/stop it please", "stop", "/stopping", "I said /stop"])
def test_words_around_it_are_for_the_operator(text):
    update = copy.deepcopy(MESSAGES["text"])
    update["message"]["text"] = text

    assert parsed(update).text == text
