"""Mailboxes as a channel: IMAP in, SMTP out, a chat for each mail thread."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import (
    POLL,
    Account,
    Capabilities,
    CheckedAccount,
    Connector,
    Event,
    FetchedMedia,
    Polled,
    Receipt,
    Refreshed,
)
from channels_connectors.email.mailbox import INBOX, SENT, Mailbox, Mailboxes, Place, opened
from channels_connectors.email.oauth import refreshed
from channels_connectors.email.parts import WHOLE, bytes_of, leaves, name_of
from channels_connectors.email.payloads import incoming_from, message_id_in
from channels_connectors.email.sending import connected, hand_over, mail_of
from channels_connectors.email.services import address_of, uses_oauth
from channels_connectors.email.stored import Stored, read_head, read_stored
from channels_connectors.errors import ConnectorError
from openlines.types import Incoming, IncomingAttachment, OutgoingMessage, OutgoingPart

MEGABYTE = 1024 * 1024
# Encoding makes a third more of it, and most servers stop at 35 megabytes or less.
LARGEST_FILES = 25 * MEGABYTE
TEXT_LENGTH = 100_000
# How often a mailbox is looked into whose server can't tell of news.
LOOK_SECONDS = 15.0
# Two machines that don't know each other for what they are come to an end with it.
AUTOMATIC_PER_HOUR = 5


class Email(Connector):
    kind = "email"
    capabilities = Capabilities(
        text_length=TEXT_LENGTH,
        caption_length=TEXT_LENGTH,
        upload_bytes=LARGEST_FILES,
        formatting=("BOLD", "ITALIC", "STRUCK", "CODE"),
        reply=True,
        idempotency="key",
        native_staff=True,
        automatic_per_hour=AUTOMATIC_PER_HOUR,
    )
    inbound = (POLL,)

    def __init__(self) -> None:
        self._mailboxes = Mailboxes()

    # Inbound.

    def event_key(self, payload: Any) -> str:
        """The same mail by two aliases is one; what staff sent may come to their own mailbox too."""
        return _key(payload)

    def read(self, body: bytes) -> Stored:
        return read_stored(body)

    def parse(self, payload: Stored, *, account: Account) -> list[Incoming]:
        return incoming_from(payload, account)

    def poll(self, *, cursor: str, timeout: int, account: Account) -> Polled:
        """Waits on an open line for what the server tells; looks by itself each time too, since lines die silently."""
        places = self._places(cursor, account)
        with self._mailboxes.of(account) as mailbox:
            polled = _look(mailbox, places)
            if polled.events or not timeout:
                return polled
            if not mailbox.can_idle:
                return replace(polled, wait=LOOK_SECONDS)
            mailbox.wait(min(float(timeout), self._patience(account)))
            return _look(mailbox, _places_in(polled.cursor))

    def _patience(self, account: Account) -> float:
        return float(account.settings.get("idle_seconds", 25.0))

    def _places(self, cursor: str, account: Account) -> dict[str, Place]:
        """From where it was connected on: what lay in the mailbox before is no news."""
        places = _places_in(cursor or str(account.settings.get("begins_at", "")))
        wanted = {INBOX, SENT} if account.settings.get("sent_folder") else {INBOX}
        return {folder: places.get(folder, Place()) for folder in sorted(wanted)}

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        if not event:
            raise ConnectorError(_("The mail is no longer kept."), kind="PERMANENT")
        stored = read_stored(event)
        if attachment.reference == WHOLE:
            return FetchedMedia(content=stored.body, name="message.eml", mime="message/rfc822")
        for number, part in enumerate(leaves(stored.message)):
            if str(number) == attachment.reference:
                return FetchedMedia(
                    content=bytes_of(part),
                    name=attachment.name or name_of(part),
                    mime=attachment.mime or part.get_content_type(),
                )
        raise ConnectorError(_("The mail has no such part."), kind="PERMANENT")

    # Outbound.

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        """A mail carries everything at once."""
        if not message.text and not message.attachments:
            raise ConnectorError(_("There is nothing to send."), kind="PERMANENT")
        if sum(attachment.size for attachment in message.attachments) > LARGEST_FILES:
            raise ConnectorError(_("The files are too large for one mail."), kind="PERMANENT")
        return [
            OutgoingPart(
                message_id=message.message_id,
                number=0,
                chat_external_id=message.chat_external_id,
                text=message.text,
                formats=message.formats,
                attachments=message.attachments,
                reply_to_external_id=message.reply_to_external_id,
                thread=message.thread,
                is_automatic=message.is_automatic,
            )
        ]

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        mail = mail_of(part, account)
        hand_over(mail, account)
        return Receipt(parts=(str(mail["Message-ID"]),))

    # The account.

    def check(self, account: Account) -> CheckedAccount:
        """Logs in both ways, as whoever connects it will want to know now and not by the first answer."""
        address = address_of(account)
        renewed = refreshed(account) if uses_oauth(account) else None
        account = replace(
            account, scope=f"{self.kind}:{address}", credentials=renewed.credentials if renewed else account.credentials
        )
        with opened(account) as mailbox:
            sent = str(account.settings.get("sent_folder", ""))
            if sent and sent not in (folders := mailbox.folders()):
                words = _("There is no folder %(name)s. There are: %(folders)s.")
                raise ConnectorError(words % {"name": sent, "folders": ", ".join(folders[:30])}, kind="PERMANENT")
            begins_at = _ends(mailbox, with_sent=bool(sent))
        with connected(account):
            return CheckedAccount(
                external_id=address,
                title=address,
                settings={"address": address, "begins_at": begins_at},
                credentials=renewed.credentials if renewed else {},
                expires_in=renewed.expires_in if renewed else None,
            )

    def refresh(self, account: Account) -> Refreshed | None:
        return refreshed(account) if uses_oauth(account) else None


def _look(mailbox: Mailbox, places: Mapping[str, Place]) -> Polled:
    events: list[Event] = []
    after = dict(places)
    for folder, place in places.items():
        taken, after[folder], _has_more = mailbox.news(folder, place)
        events += [Event(key=_key(read_head(body)), body=body) for body in taken]
    return Polled(events=events, cursor=_cursor(after))


def _ends(mailbox: Mailbox, *, with_sent: bool) -> str:
    day = mailbox.today()
    folders = (INBOX, SENT) if with_sent else (INBOX,)
    return _cursor({folder: replace(mailbox.end_of(folder), day=day) for folder in folders})


def _cursor(places: Mapping[str, Place]) -> str:
    return " ".join(f"{folder}={place}" for folder, place in sorted(places.items()))


def _places_in(cursor: str) -> dict[str, Place]:
    pairs = (one.partition("=") for one in cursor.split())
    return {folder: Place.read(place) for folder, _equals, place in pairs}


def _key(stored: Stored) -> str:
    name = message_id_in(stored.message) or sha256(stored.body).hexdigest()
    return f"sent:{name}" if stored.is_sent_folder else name
