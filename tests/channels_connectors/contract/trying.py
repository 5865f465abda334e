"""What every cell needs: a connector with its driver, and the steps that the engine takes with both."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest

from channels_connectors.connector import WEBHOOK, Connector, Event, Receipt, WebhookRequest
from channels_connectors.errors import ConnectorError
from channels_connectors.reading import completed
from openlines.types import (
    Incoming,
    IncomingMessage,
    OutgoingAttachment,
    OutgoingMessage,
    OutgoingPart,
    OutgoingTemplate,
    SentMessage,
)
from tests.channels_connectors.contract.driver import Arrived, Driver, Payload
from tests.providers.conftest import a_picture

I = TypeVar("I", bound=Incoming)  # noqa: E741

FILES = {
    "IMAGE": ("sofa.png", "image/png"),
    "FILE": ("bill.pdf", "application/pdf"),
    "VOICE": ("voice.ogg", "audio/ogg"),
    "VIDEO": ("tour.mp4", "video/mp4"),
}


@dataclass(frozen=True)
class Trial:
    connector: Connector
    driver: Driver
    folder: Path

    # Inbound.

    def events(self, *payloads: Payload) -> list[Event]:
        """As the webhook or the poller would store them."""
        return self.events_of(self.driver.request(*payloads))

    def events_of(self, request: WebhookRequest) -> list[Event]:
        if WEBHOOK not in self.connector.inbound:
            payload = self.connector.read(request.body)
            return [Event(key=self.connector.event_key(payload), body=request.body)]
        assert self.connector.handshake(request, self.driver.account) is None
        self.connector.verify(request, self.driver.account)
        return self.connector.events(request, self.driver.account)

    def incoming(self, *payloads: Payload) -> list[Incoming]:
        return [item for event in self.events(*payloads) for item in self.parsed(event.body)]

    def parsed(self, body: bytes) -> list[Incoming]:
        """As the inbox reads them: the provider is asked first where the kind wants it."""
        if self.connector.asks_first:
            body = completed(self.connector, body, self.driver.account)
        return self.connector.parse(self.connector.read(body), account=self.driver.account)

    def one(self, kind: type[I], *payloads: Payload) -> I:
        found = [item for item in self.incoming(*payloads) if isinstance(item, kind)]
        assert len(found) == 1, found
        return found[0]

    def message(self, *payloads: Payload) -> IncomingMessage:
        return self.one(IncomingMessage, *payloads)

    # Outbound.

    def outgoing(self, text: str = "", *, message_id: int = 7, **fields: Any) -> OutgoingMessage:
        return OutgoingMessage(
            message_id=message_id, chat_external_id=self.driver.chat, text=text, thread=self.driver.thread, **fields
        )

    def parts(self, text: str = "", **fields: Any) -> list[OutgoingPart]:
        return self.connector.parts_of(self.outgoing(text, **fields), self.driver.account)

    def send(self, text: str = "", **fields: Any) -> SentMessage:
        """The whole message, part by part, as the engine does."""
        parts = self.parts(text, **fields)
        receipts = [self.connector.send(part, self.driver.account) for part in parts]
        ids = tuple(external_id for receipt in receipts for external_id in receipt.parts)
        assert all(ids)
        has_media = any(part.attachments for part in parts)
        return SentMessage(
            chat_external_id=self.driver.chat, external_ids=ids, has_media=has_media, thread=self.driver.thread
        )

    def refused(self, text: str = "Hello", **fields: Any) -> ConnectorError:
        (part, *_rest) = self.parts(text, **fields)
        with pytest.raises(ConnectorError) as caught:
            self.connector.send(part, self.driver.account)
        assert not self.secrets_in(str(caught.value))
        return caught.value

    def secrets_in(self, words: str) -> list[str]:
        return [name for name, value in self.driver.account.credentials.items() if len(value) > 7 and value in words]

    def found(self, text: str, **fields: Any) -> Receipt | None:
        return self.connector.find_sent(self.parts(text, **fields)[0], self.driver.account)

    def arrived(self) -> list[Arrived]:
        return self.driver.arrived()

    def attachment(self, kind: str, *, name: str = "") -> OutgoingAttachment:
        usual, mime = FILES[kind]
        content = a_picture() if kind == "IMAGE" else f"content of a {kind}".encode()
        path = self.folder / (name or usual)
        path.write_bytes(content)
        attachment = OutgoingAttachment(
            id=uuid4(), kind=kind, path=str(path), name=name or usual, mime=mime, size=len(content), duration=1
        )
        return replace(attachment, public_url=self.driver.publish(attachment))

    def template(self) -> OutgoingTemplate:
        return OutgoingTemplate(name="order_ready", language="en", parameters=("Anna", "42"))


def texts_of(items: Sequence[Incoming]) -> list[str]:
    return [item.text for item in items if isinstance(item, IncomingMessage)]
