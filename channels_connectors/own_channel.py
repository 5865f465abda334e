"""What our own channels (website chat, sandbox) share: events of our own making, and no provider to send to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from channels_connectors.connector import Account, CheckedAccount, Connector, FetchedMedia, Receipt
from openlines.types import (
    Incoming,
    IncomingAttachment,
    IncomingMessage,
    IncomingPress,
    OutgoingMessage,
    OutgoingPart,
    Person,
    SentMessage,
)


class OwnChannel(Connector):
    """Clients read from our own database, so a message is sent the moment it is stored."""

    inbound = ()

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return f"{payload['chat']}:{payload['id']}"

    def parse(self, payload: Mapping[str, Any], *, account: Account) -> list[Incoming]:
        sender = payload["sender"]
        if "press" in payload:
            return [_press(payload)]
        attachments = tuple(
            IncomingAttachment(kind=item["kind"], reference=item["reference"], stored_id=UUID(item["reference"]))
            for item in payload.get("attachments", ())
        )
        message = IncomingMessage(
            chat_external_id=payload["chat"],
            external_id=payload["id"],
            sender=Person(
                external_id=payload["chat"],
                first_name=sender.get("name", ""),
                title=sender.get("title", ""),
                email=sender.get("email", ""),
                phone=sender.get("phone", ""),
                language=sender.get("language", ""),
                is_anonymous=sender.get("is_anonymous", False),
            ),
            kind=attachments[0].kind if attachments else "TEXT",
            text=payload.get("text", ""),
            sent_at=datetime.fromisoformat(payload["at"]) if payload.get("at") else None,
            attachments=attachments,
            context=payload.get("context", {}),
        )
        return [message]

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        """As it is: the client reads the row."""
        return [
            OutgoingPart(
                message_id=message.message_id, number=0, chat_external_id=message.chat_external_id, text=message.text
            )
        ]

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        return Receipt(parts=(f"own:{part.message_id}",))

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        """The client reads the changed row."""

    def delete(self, sent: SentMessage, account: Account) -> None:
        """The client reads the changed row."""

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        raise LookupError("files of our own channels are stored when they are uploaded")

    def check(self, account: Account) -> CheckedAccount:
        return CheckedAccount(external_id=str(account.channel_id), title=self.kind)


def _press(payload: Mapping[str, Any]) -> IncomingPress:
    return IncomingPress(
        chat_external_id=payload["chat"],
        external_id=payload["id"],
        sender=Person(external_id=payload["chat"], first_name=payload["sender"].get("name", "")),
        payload=payload["press"],
        text=payload.get("text", ""),
    )
