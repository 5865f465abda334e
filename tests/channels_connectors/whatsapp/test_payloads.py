"""What WhatsApp's webhooks say to us."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_connectors.whatsapp.events import events_of
from channels_connectors.whatsapp.numbers import other_spelling
from channels_connectors.whatsapp.payloads import incoming_from
from openlines.types import (
    IncomingAlias,
    IncomingDeletion,
    IncomingEcho,
    IncomingEdit,
    IncomingMessage,
    IncomingPress,
    IncomingReaction,
    IncomingReceipt,
)
from tests.channels_connectors.hostile import REFUSALS, mutated
from tests.providers.whatsapp import ANNA, BORIS, NUMBER_ID, Somebody
from tests.providers.whatsapp.people import People

pytestmark = [pytest.mark.row("C11"), pytest.mark.row("C18")]

TOLD = People()
OLD = Somebody("Anna", number="5511987654321")


def read(payload):
    return [item for event in events_of(payload) for item in incoming_from(json.loads(event.body))]


def one(payload, kind=IncomingMessage):
    (item,) = [item for item in read(payload) if isinstance(item, kind)]
    return item


def said(type_, **fields):
    return one(TOLD.message(type_, **{type_: fields}))


def test_a_text_comes_with_who_wrote_it():
    message = one(TOLD.writes("Where is my order?", message_id="wamid.A", at=1_790_000_000))

    assert (message.text, message.kind, message.external_id) == ("Where is my order?", "TEXT", "wamid.A")
    assert (message.sender.name, message.sender.username, message.sender.phone) == (
        "Anna Petrova", "anna_p", "+79161234567",
    )  # fmt: skip
    assert message.sent_at == datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)


def test_the_id_at_the_business_comes_before_the_number_which_is_another_name():
    aliases = [item for item in read(TOLD.writes("Hi")) if isinstance(item, IncomingAlias)]
    message = one(TOLD.writes("Hi"))

    assert message.chat_external_id == message.sender.external_id == "RU.77001"
    assert message.thread == {"user_id": "RU.77001", "wa_id": "79161234567"}
    assert aliases == [IncomingAlias(person_external_id="RU.77001", alias="79161234567")]


def test_who_hides_the_number_and_who_has_no_id_yet_can_both_be_answered():
    hidden, old = one(TOLD.writes("Hi", who=BORIS)), one(TOLD.writes("Hi", who=OLD))

    assert (hidden.chat_external_id, hidden.thread, hidden.sender.phone) == ("DE.88002", {"user_id": "DE.88002"}, "")
    assert (old.chat_external_id, old.thread) == ("5511987654321", {"wa_id": "5511987654321"})


@pytest.mark.parametrize(
    ("number", "other"),
    [
        ("5511987654321", "551187654321"), ("551187654321", "5511987654321"), ("551123456789", "5511923456789"),
        ("5491123456789", "541123456789"), ("541123456789", "5491123456789"), ("5215512345678", "525512345678"),
        ("79161234567", ""), ("5512", ""), ("RU.77001", ""), ("", ""),
    ],
)  # fmt: skip
def test_telephones_that_are_written_in_two_ways(number, other):
    # A fixed line in Brazil has no nine.
    assert other_spelling(number) == ("" if number == "551123456789" else other)


def test_both_spellings_are_the_same_person():
    aliases = [item.alias for item in read(TOLD.writes("Oi", who=OLD)) if isinstance(item, IncomingAlias)]

    assert aliases == ["551187654321"]


@pytest.mark.parametrize(
    ("type_", "fields", "kind"),
    [
        ("image", {"id": "1", "mime_type": "image/jpeg", "caption": "Look"}, "IMAGE"),
        ("video", {"id": "1", "mime_type": "video/mp4", "caption": "Look"}, "VIDEO"),
        ("document", {"id": "1", "mime_type": "application/pdf", "filename": "b.pdf", "caption": "Look"}, "FILE"),
        ("audio", {"id": "1", "mime_type": "audio/ogg; codecs=opus", "voice": True}, "VOICE"),
        ("audio", {"id": "1", "mime_type": "audio/mpeg", "voice": False}, "AUDIO"),
        ("sticker", {"id": "1", "mime_type": "image/webp", "animated": False}, "STICKER"),
    ],
)
def test_files_are_known_by_their_ids(type_, fields, kind):
    message = said(type_, **fields)

    (attachment,) = message.attachments
    assert (message.kind, attachment.kind, attachment.reference) == (kind, kind, "1")
    assert (attachment.name, attachment.mime) == (fields.get("filename", ""), fields["mime_type"].partition(";")[0])
    assert message.text == fields.get("caption", "")


def test_a_place_cards_and_an_order():
    place = said("location", latitude=55.75, longitude=37.61, name="Loft", address="Tverskaya 1")
    cards = [{"name": {"formatted_name": n}, "phones": [{"phone": p}]} for n, p in (("A", "+7 1"), ("B", "+7 2"))]
    contact = one(TOLD.message("contacts", contacts=cards))
    item = {"product_retailer_id": "sofa-1", "quantity": 2, "item_price": 10, "currency": "USD"}
    order = said("order", catalog_id="1", text="Quickly", product_items=[item])

    assert place.location == {"latitude": 55.75, "longitude": 37.61, "title": "Loft, Tverskaya 1"}
    assert (contact.contact, contact.text) == ({"name": "A", "phone": "+71"}, "B +72")
    assert order.text == "Quickly\n2 × sofa-1 — 10 USD"


def test_buttons_lists_and_templates_buttons_are_presses():
    context = {"id": "wamid.OURS", "from": "15550783881"}
    reply = {"type": "button_reply", "button_reply": {"id": "rate:1", "title": "Good"}}
    row = {"type": "list_reply", "list_reply": {"id": "rate:2", "title": "Two", "description": "x"}}
    presses = [
        one(TOLD.message("interactive", interactive=reply, context=context), IncomingPress),
        one(TOLD.message("interactive", interactive=row, context=context), IncomingPress),
        one(TOLD.message("button", button={"payload": "yes", "text": "Yes"}, context=context), IncomingPress),
    ]

    assert [(press.payload, press.text) for press in presses] == [("rate:1", "Good"), ("rate:2", "Two"), ("yes", "Yes")]
    assert {press.message_external_id for press in presses} == {"wamid.OURS"}


def test_a_form_that_was_filled_in_is_read_out():
    answers = json.dumps({"size": "L", "colour": "red", "flow_token": "x"})
    reply = {"type": "nfm_reply", "nfm_reply": {"response_json": answers, "body": "Sent", "name": "flow"}}

    assert one(TOLD.message("interactive", interactive=reply)).text == "size: L\ncolour: red"


def test_replies_forwards_and_ads():
    reply = one(TOLD.writes("Yes", context={"id": "wamid.OLD", "from": "15550783881"}))
    forward = one(TOLD.writes("Look", context={"forwarded": True}))
    ad = one(TOLD.writes("Hi", referral={"source_id": "7", "source_url": "https://fb.me/7", "headline": "Sofas"}))

    assert reply.reply_to_external_id == "wamid.OLD"
    assert forward.details == {"is_forwarded": True}
    assert (ad.subject.kind, ad.subject.title, ad.subject.url) == ("ad", "Sofas", "https://fb.me/7")


def test_reactions_edits_and_what_was_taken_back():
    shown = one(TOLD.message("reaction", reaction={"message_id": "wamid.1", "emoji": "👍"}), IncomingReaction)
    removed = one(TOLD.message("reaction", reaction={"message_id": "wamid.1"}), IncomingReaction)
    caption = {"type": "image", "image": {"id": "1", "caption": "New"}}
    edit = one(TOLD.message("edit", edit={"original_message_id": "wamid.1", "message": caption}), IncomingEdit)
    gone = one(TOLD.message("revoke", revoke={"original_message_id": "wamid.1"}), IncomingDeletion)

    assert [(r.message_external_id, r.emoji) for r in (shown, removed)] == [("wamid.1", "👍"), ("wamid.1", "")]
    assert (edit.external_id, edit.text, gone.external_id) == ("wamid.1", "New", "wamid.1")
    assert shown.chat_external_id == edit.chat_external_id == gone.chat_external_id == ANNA.user_id


def test_what_whatsapp_hands_not_on_is_shown_as_unsupported():
    errors = [{"code": 131051, "title": "Message type unknown"}]
    poll = one(TOLD.message("unsupported", errors=errors, unsupported={"type": "poll"}))
    new = one(TOLD.message("hologram"))

    assert [(m.kind, m.details["provider_kind"]) for m in (poll, new)] == [
        ("UNSUPPORTED", "poll"), ("UNSUPPORTED", "hologram"),
    ]  # fmt: skip


def test_another_number_is_another_name_of_the_same_person():
    system = {"type": "user_changed_number", "body": "Anna changed", "wa_id": "79990000002", "user_id": "RU.9"}
    aliases = read(TOLD.message("system", system=system, who=Somebody("Anna", number="79990000001")))

    assert {(item.person_external_id, item.alias) for item in aliases} == {
        ("79990000001", "79990000002"), ("79990000001", "RU.9"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "state"), [("sent", "SENT"), ("delivered", "DELIVERED"), ("read", "READ"), ("played", "READ")]
)
def test_statuses_are_about_our_message_by_both_its_names(status, state):
    receipt = one(TOLD.status(status, "wamid.OURS", key="7.0"), IncomingReceipt)

    assert (receipt.state, receipt.external_id, receipt.client_key) == (state, "wamid.OURS", "7.0")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (131047, "WINDOW"), (131026, "BLOCKED"), (131049, "LATER"), (131050, "PERMANENT"), (130472, "PERMANENT"),
        (131042, "LATER"), (131056, "RETRY"), (130429, "RETRY"), (132001, "PERMANENT"), (131053, "PERMANENT"),
        (190, "TOKEN"), (0, "TOKEN"), (368, "LATER"), (131031, "LATER"), (131062, "PERMANENT"), (10, "PERMANENT"),
    ],
)  # fmt: skip
def test_failures_come_later_and_have_their_class(code, kind):
    errors = [{"code": code, "title": "words", "error_data": {"details": "more words"}}]
    receipt = one(TOLD.status("failed", "wamid.OURS", errors=errors), IncomingReceipt)

    assert (receipt.state, receipt.error_kind) == ("FAILED", kind)
    assert receipt.error


def test_what_staff_write_in_the_phone_is_an_echo_to_the_client():
    echo = one(TOLD.echo("text", text={"body": "On Monday"}), IncomingEcho)
    place = one(TOLD.echo("location", location={"latitude": 55.75, "longitude": 37.61}), IncomingEcho)

    assert (echo.text, echo.chat_external_id, echo.recipient.phone) == ("On Monday", ANNA.user_id, "+79161234567")
    assert (place.kind, place.text) == ("TEXT", "55.75, 37.61")
    assert read(TOLD.echo("revoke", revoke={"original_message_id": "x"})) == []


def test_a_batch_of_many_people_is_taken_apart_with_everyone_s_own_name():
    batch = TOLD.batch(TOLD.writes("One"), TOLD.writes("Two", who=BORIS), TOLD.status("read", "wamid.OURS"))

    events = events_of(batch)
    messages = [item for item in read(batch) if isinstance(item, IncomingMessage)]
    assert [(m.text, m.sender.name) for m in messages] == [("One", "Anna Petrova"), ("Two", "Boris")]
    assert {event.scope for event in events} == {f"whatsapp:{NUMBER_ID}"}
    assert [event.key.partition(":")[0] for event in events] == ["message", "message", "status"]


EVERY_KIND = [
    TOLD.writes("Hello", context={"id": "wamid.OLD"}),
    TOLD.message("image", image={"id": "1", "mime_type": "image/jpeg", "caption": "Look"}),
    TOLD.message("location", location={"latitude": 1.5, "longitude": 2.5}),
    TOLD.message("contacts", contacts=[{"name": {"formatted_name": "A"}, "phones": [{"phone": "+7"}]}]),
    TOLD.message("interactive", interactive={"type": "button_reply", "button_reply": {"id": "1", "title": "x"}}),
    TOLD.message("interactive", interactive={"type": "nfm_reply", "nfm_reply": {"response_json": '{"a": 1}'}}),
    TOLD.message("reaction", reaction={"message_id": "wamid.1", "emoji": "👍"}),
    TOLD.message("edit", edit={"original_message_id": "1", "message": {"type": "text", "text": {"body": "x"}}}),
    TOLD.message("order", order={"product_items": [{"product_retailer_id": "1", "quantity": 1}]}),
    TOLD.message("system", system={"type": "user_changed_number", "wa_id": "1"}),
    TOLD.status("failed", "wamid.1", errors=[{"code": 131047, "title": "x"}]),
    TOLD.echo("text", text={"body": "x"}),
    TOLD.batch(TOLD.writes("One"), TOLD.writes("Two", who=BORIS), TOLD.status("read", "wamid.1")),
]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_nonsense_is_refused_and_nothing_else(data):
    payload = data.draw(mutated(EVERY_KIND))

    try:
        items = read(json.loads(json.dumps(payload)))
    except REFUSALS:
        return
    assert len(items) <= 12
