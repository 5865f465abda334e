"""What clients write is stored once, in order, and starts a dialog where none is open."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.models import Client, Identity, Lead
from openlines.models import Attachment, Channel, Chat, Dialog, Line, Message
from openlines.services.attachments import mark_lost, store_fetched
from openlines.services.client_side import record_client_deletion, record_client_edit, record_reachability
from openlines.services.closing import finish_dialog
from openlines.services.receiving import receive_messages
from openlines.types import (
    IncomingAttachment,
    IncomingDeletion,
    IncomingEdit,
    IncomingMessage,
    IncomingReachability,
    Person,
)
from tests.factories import make_channel
from tests.scenes import Scene, active, anna_writes, offered, reply, sent

pytestmark = pytest.mark.row("D1")


def said(
    number: int, text: str = "Hello", sender: str = "anna", by: Person | None = None, **fields: Any
) -> IncomingMessage:
    person = by or Person(external_id=sender, first_name=sender.title())
    values: dict[str, Any] = {
        "chat_external_id": sender,
        "external_id": f"{sender}-{number}",
        "sender": person,
        "text": text,
    } | fields
    return IncomingMessage(**values)


def receive(scene: Scene, *incoming: IncomingMessage, channel: Channel | None = None) -> list[Message]:
    channel = Channel.objects.select_related("line").get(pk=(channel or scene.channel).pk)
    return receive_messages(channel=channel, incoming=incoming, now=scene.now)


def feed(dialog: Dialog) -> list[str]:
    return [m.text or m.payload["service"]["code"] for m in dialog.messages.order_by("seq")]


def texts() -> list[str]:
    return list(Message.objects.filter(author_kind="CLIENT").order_by("pk").values_list("text", flat=True))


def test_a_batch_is_stored_in_its_order(scene):
    receive(scene, *(said(number, f"Text {number}") for number in range(5)))

    assert texts() == [f"Text {number}" for number in range(5)]
    dialog = scene.dialog
    assert list(dialog.messages.order_by("seq").values_list("seq", flat=True)) == list(range(1, dialog.last_seq + 1))
    assert (dialog.unread, dialog.waiting_since, dialog.preview_text) == (5, scene.now, "Text 4")


def test_doubles_inside_and_across_batches_are_stored_once(scene):
    assert len(receive(scene, said(1), said(1), said(2))) == 2
    assert [message.external_id for message in receive(scene, said(2), said(3), said(3))] == ["anna-3"]
    assert receive(scene, said(1), said(2), said(3)) == []

    assert scene.dialog.unread == 3
    assert Dialog.objects.count() == 1


def test_the_same_number_in_two_chats_is_two_messages(scene):
    receive(scene, said(1, external_id="7"), said(1, sender="boris", external_id="7"))

    assert Message.objects.filter(external_id="7").count() == 2


def test_the_database_itself_keeps_doubles_out(scene):
    (message,) = receive(scene, said(1))

    message.pk, message.seq = None, 99
    with pytest.raises(IntegrityError), transaction.atomic():
        message.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dialog.objects.create(
            chat=message.chat, channel=scene.channel, line=scene.line, client=message.chat.client,
            opened_at=scene.now, last_message_at=scene.now,
        )  # fmt: skip


@pytest.mark.row("K2")
def test_two_newcomers_at_once_are_two_clients(scene):
    receive(scene, said(1), said(1, sender="boris"), said(2), said(2, sender="boris"))

    assert sorted(Client.objects.values_list("name", flat=True)) == ["Anna", "Boris"]
    assert Chat.objects.count() == Dialog.objects.count() == Lead.objects.count() == 2
    for dialog in Dialog.objects.all():
        assert dialog.unread == 2
        assert dialog.messages.filter(author_kind="CLIENT").count() == 2


def test_a_known_client_in_the_same_channel_is_the_same_client(scene):
    receive(scene, said(1))
    receive(scene, said(1, chat_external_id="group", external_id="g1"))

    assert Client.objects.count() == 1
    assert Chat.objects.count() == 2


def test_the_same_name_in_another_account_is_somebody_else(scene):
    other = make_channel(scene.cast, scene.line)

    receive(scene, said(1))
    receive(scene, said(1), channel=other)

    assert Client.objects.count() == 2
    assert Identity.objects.filter(value="anna").count() == 2


@pytest.mark.row("D3")
def test_a_first_message_begins_a_dialog(scene):
    receive(scene, said(1, "Where is my order?"))

    assert feed(scene.dialog) == [
        "Where is my order?",
        "DIALOG_OPENED",
        "LEAD_CREATED",
        "Hello, Anna! Thank you for writing. An operator will answer in a few minutes.",
        "DIALOG_OFFERED",
    ]
    opened = scene.dialog.messages.get(seq=2).payload["service"]["params"]
    assert opened == {"number": scene.dialog.pk, "channel": "Sandbox", "kind": "sandbox", "line": "Sales"}


def test_the_next_message_goes_on_in_the_same_dialog(scene):
    active(scene)
    receive(scene, said(2, "And?"))

    assert Dialog.objects.count() == 1
    assert feed(scene.dialog)[-1] == "And?"


@pytest.mark.row("D9")
def test_after_the_end_the_next_message_begins_another_dialog(scene):
    sent(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    receive(scene, said(2, "I am back"))

    assert Dialog.objects.count() == 2
    assert (scene.dialog.messages.get(seq=1).text, scene.dialog.offered_to) == ("I am back", [scene.cast.olga.pk])
    assert Lead.objects.count() == 1, "the open lead goes on"
    assert "LEAD_CREATED" not in feed(scene.dialog)


def test_waiting_counts_from_the_first_unanswered_message(scene):
    offered(scene)
    later = scene.later(minutes=3)
    channel = Channel.objects.select_related("line").get()

    receive_messages(channel=channel, incoming=[said(2)], now=later)

    assert (scene.dialog.waiting_since, scene.dialog.last_message_at) == (scene.now, later)


# The welcome


@pytest.mark.row("A1")
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Anna", "Hello, Anna! Ask away, Anna."),
        ("", "Hello! Ask away."),
        ("{operator}", "Hello, {operator}! Ask away, {operator}."),
    ],
)
def test_the_welcome_calls_the_client_by_name_if_there_is_one(scene, name, text):
    Line.objects.update(welcome_text="Hello, {client}! Ask away, {client}.")

    receive(scene, said(1, by=Person(external_id="x", first_name=name)))

    assert Message.objects.get(author_kind="BOT").text == text


@pytest.mark.row("A1")
@pytest.mark.parametrize("changes", [{"is_welcome_sent": False}, {"welcome_text": ""}, {"is_active": False}])
def test_no_welcome_where_the_line_has_none(scene, changes):
    Line.objects.update(**changes)

    receive(scene, said(1))

    assert not Message.objects.filter(author_kind="BOT").exists()


@pytest.mark.row("A1")
def test_a_welcome_is_delivered_but_does_not_hide_the_question(scene):
    receive(scene, said(1, "Where is my order?"))

    welcome = Message.objects.get(author_kind="BOT")
    assert (welcome.delivery_state, welcome.deliveries.get().state) == ("QUEUED", "QUEUED")
    assert (scene.dialog.preview_author, scene.dialog.preview_text) == ("CLIENT", "Where is my order?")
    assert scene.dialog.waiting_since == scene.now


# Leads


@pytest.mark.row("K2")
def test_a_lead_is_made_with_name_and_source(scene):
    receive(scene, said(1))

    lead = Lead.objects.get()
    assert (lead.title, str(lead.source), lead.client.name, lead.responsible) == ("Anna", "Sales", "Anna", None)
    assert scene.dialog.lead == lead


@pytest.mark.row("K2")
def test_where_leads_are_made_by_hand_none_is_made(scene):
    Line.objects.update(lead_rule=Line.LeadRule.BY_HAND)

    receive(scene, said(1))

    assert not Lead.objects.exists()


@pytest.mark.row("K3")
def test_who_can_not_be_written_back_to_is_no_lead(scene):
    receive(scene, said(1, by=Person(external_id="visitor", is_anonymous=True)))

    assert not Lead.objects.exists()
    assert Dialog.objects.get().lead is None


# Kinds


@pytest.mark.row("C18")
def test_places_and_contacts_are_kept(scene):
    place = {"latitude": 55.75, "longitude": 37.61, "title": None}

    card = {"name": "B", "phone": "1"}
    receive(scene, said(1, "", kind="LOCATION", location=place), said(2, "", kind="CONTACT", contact=card))

    first, second = Message.objects.filter(author_kind="CLIENT").order_by("seq")
    assert (first.kind, first.payload) == ("LOCATION", {"location": place})
    assert (second.kind, second.payload) == ("CONTACT", {"contact": card})


@pytest.mark.row("C18")
def test_what_a_client_quotes_is_found_in_the_chat(scene):
    receive(scene, said(1, "First"))
    receive(scene, said(2, "Second", reply_to_external_id="anna-1"), said(3, "Third", reply_to_external_id="nowhere"))

    assert Message.objects.get(text="Second").reply_to == Message.objects.get(text="First")
    assert Message.objects.get(text="Third").reply_to is None


@pytest.mark.row("C18")
def test_a_quote_of_another_chat_s_message_is_no_quote(scene):
    receive(scene, said(1, "Boris's own", sender="boris"))
    receive(scene, said(1, "Anna's", reply_to_external_id="boris-1"))

    assert Message.objects.get(text="Anna's").reply_to is None


@pytest.mark.row("C18")
def test_media_are_awaited_fetched_or_lost_and_their_message_stays(scene, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    picture = IncomingAttachment(kind="IMAGE", reference="r1")
    media = (picture, IncomingAttachment(kind="FILE", reference="r2", name="a.pdf"))

    (message,) = receive(scene, said(1, "Look", kind="IMAGE", attachments=media))

    first, second = message.attachments.order_by("position")
    assert message.has_attachments
    assert [(one.state, one.source_reference) for one in (first, second)] == [("PENDING", "r1"), ("PENDING", "r2")]
    store_fetched(attachment_id=first.pk, content=b"content", name="b.bin", mime="")
    mark_lost(attachment_id=second.pk)
    assert list(message.attachments.order_by("position").values_list("state", "name")) == [
        ("READY", "b.bin"),
        ("LOST", "a.pdf"),
    ]
    assert scene.dialog.preview_kind == "IMAGE"


# Edits, deletions


@pytest.mark.row("C18")
def test_an_edit_changes_the_text_and_says_when(scene):
    offered(scene)
    before = scene.dialog.revision

    edit(scene, "anna-1", "Hello!")
    edit(scene, "anna-1", "Hello!")

    message = scene.clients_message
    assert (message.text, message.edited_at, message.seq) == ("Hello!", scene.now, 1)
    assert message.revision == scene.dialog.revision == before + 1, "the same edit again changes nothing"
    assert scene.dialog.preview_text == "Hello!"


@pytest.mark.row("C18")
def test_a_deletion_hides_the_text_everywhere(scene):
    offered(scene)

    delete(scene, "anna-1")
    delete(scene, "anna-1")

    assert scene.clients_message.deleted_at == scene.now
    assert (scene.dialog.preview_text, scene.dialog.preview_author) == ("", "")


@pytest.mark.row("C18")
def test_after_a_deletion_the_list_shows_what_was_said_before(scene):
    active(scene)
    reply(scene, "Good morning")
    receive(scene, said(2, "Oops"))

    delete(scene, "anna-2")

    assert (scene.dialog.preview_author, scene.dialog.preview_text) == ("OPERATOR", "Good morning")


@pytest.mark.row("C18")
def test_changes_of_unknown_messages_and_of_ours_are_ignored(scene):
    sent(scene)
    ours = scene.last_reply
    before = scene.dialog.revision

    for external_id in ("unknown", ours.external_id):
        edit(scene, external_id, "Hacked")
        delete(scene, external_id)

    assert scene.dialog.revision == before
    assert scene.last_reply.text == "Good morning"


def edit(scene: Scene, external_id: str | None, text: str) -> None:
    change = IncomingEdit(chat_external_id="anna", external_id=external_id or "", text=text)
    record_client_edit(channel=scene.channel, edit=change, now=scene.now)


def delete(scene: Scene, external_id: str | None) -> None:
    change = IncomingDeletion(chat_external_id="anna", external_id=external_id or "")
    record_client_deletion(channel=scene.channel, deletion=change, now=scene.now)


# Reachability


def report(scene: Scene, *, is_reachable: bool, chat: str = "anna") -> None:
    news = IncomingReachability(chat_external_id=chat, person_external_id=chat, is_reachable=is_reachable)
    record_reachability(channel=scene.channel, report=news, now=scene.now)


def test_who_blocks_us_is_shown_once_and_back_once(scene):
    active(scene)

    for is_reachable in (False, False, True, True):
        report(scene, is_reachable=is_reachable)

    assert feed(scene.dialog)[-2:] == ["CLIENT_BLOCKED_US", "CLIENT_UNBLOCKED_US"]
    assert Client.objects.get().is_reachable


def test_who_writes_again_is_reachable_again(scene):
    active(scene)
    report(scene, is_reachable=False)

    receive(scene, said(2, "I am back"), said(3, "Are you there?"))

    assert Client.objects.get().is_reachable
    assert feed(scene.dialog)[-3:] == ["CLIENT_UNBLOCKED_US", "I am back", "Are you there?"]


def test_a_new_dialog_of_somebody_who_had_blocked_us_gets_its_welcome(scene):
    sent(scene)
    report(scene, is_reachable=False)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    receive(scene, said(2, "I am back"))

    assert scene.dialog.messages.filter(author_kind="BOT").exists()


def test_news_of_an_unknown_chat_is_ignored(scene):
    report(scene, is_reachable=False, chat="nobody")

    assert not Client.objects.exists()


def test_an_empty_batch_is_nothing(scene):
    assert receive(scene) == []
    assert anna_writes(scene)
    assert Attachment.objects.count() == 0
