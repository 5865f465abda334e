"""Mails as what their writers meant. Pure: a mail says by itself which thread it belongs to, or what it follows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from channels_connectors.connector import Account
from channels_connectors.email.automatic import is_automatic
from channels_connectors.email.bounces import receipts_of
from channels_connectors.email.decoding import addresses, header, raw_header, storable
from channels_connectors.email.html import cleaned, stripped, words_of
from channels_connectors.email.parts import LONGEST_TEXT, WHOLE, Attached, Content, content_of
from channels_connectors.email.quoting import without_quote
from channels_connectors.email.services import SERVICES_BY_DOMAIN
from channels_connectors.email.stored import Stored
from channels_connectors.email.tokens import chat_of_address, chat_of_subject, own_mail, thread_name
from openlines.types import Incoming, IncomingAttachment, IncomingEcho, IncomingMessage, Person

MESSAGE_ID = re.compile(r"<[^<>\s]{1,240}>")
MOST_FOLLOWED, MOST_KEPT, MOST_PEOPLE = 30, 10, 30
LONGEST_QUOTE, LONGEST_SUBJECT = 20_000, 500
# Of mails that don't say who wrote them.
NOBODY = "nobody@invalid"
ODD_DATE = (ValueError, LookupError, TypeError, AttributeError, OverflowError)


@dataclass(frozen=True)
class Mail:
    """The headers of a mail, read once."""

    message: Message
    account: Account
    fallback_id: str

    @cached_property
    def id(self) -> str:
        return message_id_in(self.message) or self.fallback_id

    @cached_property
    def subject(self) -> str:
        return header(self.message, "Subject")[:LONGEST_SUBJECT]

    @cached_property
    def writer(self) -> tuple[str, str]:
        """A form on our own site writes in its name and says whom to answer."""
        writers = addresses(self.message, "From") or addresses(self.message, "Sender")
        name, address = writers[0] if writers else ("", NOBODY)
        if self.answer_to and (address == NOBODY or self.is_own(address) or self._is_of_our_house(address)):
            return self.answer_to[0]
        return name, address

    @cached_property
    def answer_to(self) -> list[tuple[str, str]]:
        return [one for one in addresses(self.message, "Reply-To") if not self.is_own(one[1])]

    @cached_property
    def recipients(self) -> list[tuple[str, str]]:
        return addresses(self.message, "To")

    @cached_property
    def copies(self) -> list[tuple[str, str]]:
        return addresses(self.message, "Cc")

    @cached_property
    def references(self) -> list[str]:
        """From the root of the thread to what is answered."""
        found = MESSAGE_ID.findall(raw_header(self.message, "References"))
        answered = MESSAGE_ID.findall(raw_header(self.message, "In-Reply-To"))[:1]
        return list(dict.fromkeys([*found, *answered]))

    @cached_property
    def sent_at(self) -> datetime | None:
        try:
            moment = parsedate_to_datetime(raw_header(self.message, "Date"))
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except ODD_DATE:
            return None

    def _is_of_our_house(self, address: str) -> bool:
        domain = _domain(self.account.external_id)
        return _domain(address) == domain and domain not in SERVICES_BY_DOMAIN

    def is_own(self, address: str) -> bool:
        local, _at, domain = address.rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return self.account.external_id in (address, plain) or address in _aliases(self.account)

    def chat_by_sign(self) -> str:
        """The thread that a sign of ours names."""
        for followed in reversed(self.references):
            if (ours := own_mail(followed, self.account)) is not None:
                return ours.chat
        for name in ("To", "Cc", "Delivered-To", "X-Original-To"):
            for _person, address in addresses(self.message, name):
                if chat := chat_of_address(address, self.account):
                    return chat
        return chat_of_subject(self.subject, self.account)

    def thread(self) -> dict[str, Any]:
        """What an answer needs: to whom, below which subject, after which mails."""
        answered = [address for _name, address in self.answer_to] or [self.writer[1]] * (self.writer[1] != NOBODY)
        others = [address for _name, address in self.recipients + self.copies if not self.is_own(address)]
        references = [*self.references, self.id]
        return {
            "subject": self.subject,
            "to": answered[:MOST_PEOPLE],
            "cc": [address for address in dict.fromkeys(others) if address not in answered][:MOST_PEOPLE],
            "people": list(dict.fromkeys([self.writer[1], *answered, *others]))[: 2 * MOST_PEOPLE],
            "references": list(dict.fromkeys([references[0], *references[1 - MOST_KEPT :]])),
        }


def message_id_in(message: Message) -> str:
    found = MESSAGE_ID.search(raw_header(message, "Message-ID"))
    return storable(found[0]) if found else ""


def incoming_from(stored: Stored, account: Account) -> list[Incoming]:
    mail = Mail(stored.message, account, f"<{sha256(stored.body).hexdigest()[:32]}@no-message-id>")
    ours = own_mail(mail.id, account)
    if stored.is_sent_folder:
        return [_echo(stored, mail, ours.client_key if ours else "", ours.chat if ours else "")]
    if ours is not None or mail.is_own(mail.writer[1]):
        # Our own words, come back by a list or as a copy to ourselves.
        return []
    if receipts := receipts_of(stored.message, account):
        return list(receipts)
    return [_message(stored, mail)]


def _message(stored: Stored, mail: Mail) -> IncomingMessage:
    chat = mail.chat_by_sign()
    content, attachments = _content(stored)
    automatic = is_automatic(stored.message)
    name, address = mail.writer
    return IncomingMessage(
        chat_external_id=chat or thread_name((mail.references or [mail.id])[0]),
        external_id=mail.id,
        sender=Person(external_id=address, first_name=name[:255], title=address, email=address),
        kind=_kind(content.text, attachments),
        text=content.text,
        sent_at=mail.sent_at,
        reply_to_external_id=mail.references[-1] if mail.references else "",
        attachments=attachments,
        # A machine's mail must not change whom the next answer goes to.
        thread={} if automatic and mail.references else mail.thread(),
        details=_details(mail, content) | ({} if stored.is_complete else {"too_large": True}),
        is_automatic=automatic,
        follows=() if chat else tuple(reversed(mail.references[-MOST_FOLLOWED:])),
    )


def _echo(stored: Stored, mail: Mail, client_key: str, chat: str) -> IncomingEcho:
    content, attachments = _content(stored)
    others = [one for one in mail.recipients + mail.copies if not mail.is_own(one[1])]
    name, address = others[0] if others else ("", mail.account.external_id)
    chat = chat or mail.chat_by_sign()
    return IncomingEcho(
        chat_external_id=chat or thread_name((mail.references or [mail.id])[0]),
        external_id=mail.id,
        recipient=Person(external_id=address, first_name=name[:255], title=address, email=address),
        client_key=client_key,
        author_name=mail.writer[0],
        kind=_kind(content.text, attachments),
        text=content.text,
        sent_at=mail.sent_at,
        reply_to_external_id=mail.references[-1] if mail.references else "",
        attachments=attachments,
        details=_details(mail, content),
        follows=() if chat else tuple(reversed(mail.references[-MOST_FOLLOWED:])),
    )


@dataclass(frozen=True)
class Said:
    text: str
    quoted: str
    html: str


def _content(stored: Stored) -> tuple[Said, tuple[IncomingAttachment, ...]]:
    if stored.is_whole:
        content = content_of(stored.message)
        said, is_cut = _said(content)
    else:
        content, said, is_cut = Content(), Said("", "", ""), True
    attached = [*content.attached]
    if is_cut and stored.is_complete:
        attached.append(Attached(WHOLE, "FILE", "message.eml", "message/rfc822"))
    return said, tuple(
        IncomingAttachment(kind=one.kind, reference=one.reference, name=one.name, mime=one.mime) for one in attached
    )


def _said(content: Content) -> tuple[Said, bool]:
    html = cleaned(content.html) if content.html else ""
    text = content.text or words_of(html) or stripped(content.html)
    reply, quoted = without_quote(text[:LONGEST_TEXT])
    is_cut = content.is_cut or len(text) > LONGEST_TEXT or len(quoted) > LONGEST_QUOTE
    return Said(reply, quoted[:LONGEST_QUOTE], html), is_cut


def _details(mail: Mail, content: Said) -> dict[str, Any]:
    name, address = mail.writer
    letter = {
        "subject": mail.subject,
        "from": address,
        "from_name": name,
        "to": [one for _name, one in mail.recipients][:MOST_PEOPLE],
        "cc": [one for _name, one in mail.copies][:MOST_PEOPLE],
    }
    found: dict[str, Any] = {"mail": letter, "quoted_text": content.quoted, "html": content.html}
    return {name: value for name, value in found.items() if value}


def _kind(text: str, attachments: Sequence[IncomingAttachment]) -> str:
    if text or not attachments:
        return "TEXT"
    return attachments[0].kind


def _aliases(account: Account) -> frozenset[str]:
    given = str(account.settings.get("aliases", ""))
    return frozenset(given.lower().replace(",", " ").replace(";", " ").split())


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
