"""From a mailbox to an operator and back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_connectors import polling
from channels_connectors.errors import ConnectorError
from channels_connectors.inbox import process_channel
from channels_connectors.models import Account, Delivery, RawEvent
from channels_connectors.registry import connector_for
from channels_connectors.services.channels import connect_channel
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.media import fetch_due_media
from channels_connectors.services.sending import deliver
from crm.models import Identity
from openlines.models import Attachment, Channel, Chat, Dialog, Message
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.channels_connectors.contract.email import FILES, EmailDriver
from tests.channels_connectors.email.letters import ANNA, BORIS, SUPPORT, bounce, letter

pytestmark = [pytest.mark.django_db, pytest.mark.row("C12")]


@pytest.fixture
def driver():
    with EmailDriver.begin() as running:
        yield running


@pytest.fixture
def channel(bells, cast, line, driver, monkeypatch, settings, tmp_path):
    monkeypatch.setattr(polling, "WAIT_SECONDS", 0)
    settings.MEDIA_ROOT = tmp_path
    values = dict(driver.values)
    channel = connect_channel(administrator=cast.alla, line=line, kind="email", values=values, now=timezone.now())
    assert channel.state == Channel.State.CONNECTED, channel.last_error
    Account.objects.filter(channel=channel).update(settings=channel.account.settings | {"read_seconds": 1})
    return channel


def take_in(channel: Channel) -> None:
    polling.claim_accounts("a worker")
    assert polling.poll_once(channel.pk, "a worker") is not None
    process_channel(channel_id=channel.pk, now=timezone.now())


def carry() -> None:
    """Until nothing is due, since a chat's next goes after its first."""
    while due := claim_due(limit=50, now=timezone.now() + timedelta(seconds=1)):
        for delivery_id in due:
            deliver(delivery_id)


def written(channel: Channel) -> list[str]:
    messages = Message.objects.filter(chat__channel=channel, author_kind=Message.Author.CLIENT)
    return list(messages.order_by("pk").values_list("text", flat=True))


def test_a_mail_is_answered_and_the_answer_answered_in_one_thread(cast, channel, driver):
    driver.imap.deliver(letter("Where is my order?"))
    take_in(channel)
    dialog = Dialog.objects.get()
    answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    send_reply(dialog_id=dialog.pk, operator=cast.olga, text="On its **way**", now=timezone.now())
    carry()
    answers = [mail for mail in driver.smtp.mails() if mail["Auto-Submitted"] is None]
    driver.imap.deliver(letter("Thanks", number=2, In_Reply_To=str(answers[0]["Message-ID"])))
    take_in(channel)

    assert (answers[0]["To"], answers[0]["Subject"], answers[0]["In-Reply-To"]) == (
        ANNA, "Re: My order", "<anna-1@example.org>",
    )  # fmt: skip
    assert written(channel) == ["Where is my order?", "Thanks"]
    assert Dialog.objects.count() == Chat.objects.count() == 1
    assert Identity.objects.filter(scope=channel.scope).get().value == ANNA


def test_what_lay_in_the_mailbox_before_is_no_news(bells, cast, line, driver, monkeypatch):
    monkeypatch.setattr(polling, "WAIT_SECONDS", 0)
    driver.imap.deliver(letter("Long ago"))
    channel = connect_channel(
        administrator=cast.alla, line=line, kind="email", values=dict(driver.values), now=timezone.now()
    )
    driver.imap.deliver(letter("Between", number=2))
    take_in(channel)

    assert written(channel) == ["Between"]


def test_files_are_taken_from_the_kept_mail(channel, driver):
    driver.imap.deliver(driver.medium("FILE")["mail"])
    take_in(channel)
    fetch_due_media(now=timezone.now() + timedelta(seconds=1))

    attachment = Attachment.objects.get()
    assert (attachment.state, attachment.name) == (Attachment.State.READY, "bill.pdf")
    with attachment.file.open() as file:
        assert file.read() == FILES["FILE"][2]


def test_the_same_mail_twice_is_one(channel, driver):
    driver.imap.deliver(letter())
    driver.imap.deliver(letter())
    take_in(channel)

    assert RawEvent.objects.filter(channel=channel).count() == 1


def test_an_answer_that_names_only_the_mail_before_is_of_its_thread(channel, driver):
    driver.imap.deliver(letter("One", number=1))
    take_in(channel)
    driver.imap.deliver(letter("Two", number=2, References="<anna-1@example.org>"))
    driver.imap.deliver(letter("Three", number=3, In_Reply_To="<anna-2@example.org>"))
    take_in(channel)

    assert written(channel) == ["One", "Two", "Three"]
    assert Chat.objects.count() == 1


def test_whoever_had_a_copy_is_of_the_thread_and_a_stranger_is_not(channel, driver):
    driver.imap.deliver(letter("One", Cc=BORIS))
    take_in(channel)
    of_thread = {"References": "<anna-1@example.org>"}
    driver.imap.deliver(letter("Two", number=2, sender=BORIS, **of_thread))
    driver.imap.deliver(letter("Three", number=3, sender="mallory@evil.test", **of_thread))
    take_in(channel)

    chats = Chat.objects.order_by("pk")
    assert [chat.identity.value for chat in chats] == [ANNA, "mallory@evil.test"]
    assert Message.objects.get(text="Two").chat == chats[0]
    assert Message.objects.get(text="Three").chat == chats[1]
    assert chats[0].thread["to"] == [BORIS]
    assert Identity.objects.filter(scope=channel.scope).count() == 2


def test_machines_are_shown_and_not_answered(channel, driver):
    driver.imap.deliver(letter("I am away", Auto_Submitted="auto-replied"))
    take_in(channel)
    carry()

    assert written(channel) == ["I am away"]
    assert driver.smtp.mails() == []


def test_a_machine_that_does_not_say_so_is_answered_only_so_often(channel, driver):
    for number in range(20):
        driver.imap.deliver(letter("Hello", number=number))
    take_in(channel)
    for number in range(20, 24):
        driver.imap.deliver(letter("Hello", number=number))
        take_in(channel)
    carry()

    mails = driver.smtp.mails()
    assert Message.objects.filter(author_kind=Message.Author.BOT).count() == len(mails) == 5
    assert {mail["Auto-Submitted"] for mail in mails} == {"auto-replied"}
    assert Dialog.objects.count() == 24


def test_silence_after_the_mail_is_repeated_with_the_same_id(cast, channel, driver):
    driver.imap.deliver(letter(Auto_Submitted="auto-generated"))
    take_in(channel)
    dialog = Dialog.objects.get()
    answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    send_reply(dialog_id=dialog.pk, operator=cast.olga, text="Once", now=timezone.now())
    driver.fail("timeout_after")
    carry()
    Delivery.objects.filter(state=Delivery.State.QUEUED).update(due_at=timezone.now())
    carry()

    assert len(driver.smtp.taken) == 2
    assert len(driver.smtp.mails()) == 1
    assert Message.objects.get(text="Once").delivery_state == Message.Delivery.SENT


def test_a_refused_login_stops_the_channel_until_it_is_given_anew(channel, driver):
    driver.imap.is_locked = True
    connector_for("email")._mailboxes.close()
    polling.claim_accounts("a worker")
    with pytest.raises(ConnectorError) as caught:
        polling.poll_once(channel.pk, "a worker")
    polling.note_trouble(channel.pk, caught.value)

    channel.refresh_from_db()
    assert channel.state == Channel.State.TOKEN_REVOKED


def test_an_address_that_a_form_gives_is_nobody_elses_client(channel, driver):
    driver.imap.deliver(letter("One", number=1, sender=f"forms@{SUPPORT.partition('@')[2]}", Reply_To=ANNA))
    driver.imap.deliver(letter("Two", number=2, sender="forms@shop.test", Reply_To=BORIS))
    take_in(channel)

    assert {chat.identity.value for chat in Chat.objects.all()} == {ANNA, BORIS}


def test_what_staff_wrote_in_a_mail_program_stands_in_the_conversation(channel, driver):
    Account.objects.filter(channel=channel).update(settings=channel.account.settings | {"sent_folder": "Sent"})
    driver.imap.deliver(letter("One"))
    take_in(channel)
    answer = {"sender": f"Olga <{SUPPORT}>", "to": ANNA, "In_Reply_To": "<anna-1@example.org>"}
    driver.imap.deliver(letter("I look into it", number=2, **answer), folder="Sent")
    take_in(channel)
    driver.imap.deliver(letter("Thanks", number=3, In_Reply_To="<anna-2@example.org>"))
    take_in(channel)

    said = Message.objects.filter(chat=Chat.objects.get()).exclude(author_kind__in=["BOT", "SYSTEM"]).order_by("pk")
    assert [(one.author_kind, one.text) for one in said] == [
        ("CLIENT", "One"), ("OPERATOR", "I look into it"), ("CLIENT", "Thanks"),
    ]  # fmt: skip


def test_a_bounce_marks_the_mail_that_bounced(cast, channel, driver):
    driver.imap.deliver(letter("One"))
    take_in(channel)
    answer_dialog(dialog_id=Dialog.objects.get().pk, operator=cast.olga, now=timezone.now())
    reply, _is_new = send_reply(dialog_id=Dialog.objects.get().pk, operator=cast.olga, text="Two", now=timezone.now())
    carry()
    reply.refresh_from_db()
    driver.imap.deliver(bounce(reply.external_id))
    take_in(channel)

    reply.refresh_from_db()
    assert reply.delivery_state == Message.Delivery.FAILED
    assert written(channel) == ["One"]
