"""What every channel kind implements. A connector translates and decides nothing: no ORM, no settings, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from openlines.types import (
    Buttons,
    Incoming,
    IncomingAttachment,
    IncomingMessage,
    IncomingPress,
    Means,
    OutgoingMessage,
    TextFormat,
)


class ConnectorError(Exception):
    """A provider refused or could not be reached.

    ``kind`` says what to do about it:

    - ``RETRY``: nothing was accepted, try again after ``retry_after`` seconds (or by back-off);
    - ``BLOCKED``: this client can't be written to;
    - ``TOKEN``: our credentials are no longer accepted, the channel is down;
    - ``PERMANENT``: this message will never be accepted;
    - ``UNKNOWN``: the provider may have accepted it (time-out after the request was written).

    ``sent_parts`` are the provider's ids of what was accepted before the failure, when one message of ours becomes
    several of theirs: given back in ``OutgoingMessage.sent_parts``, the next try sends only the rest.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: str = "RETRY",
        retry_after: float | None = None,
        sent_parts: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after
        self.sent_parts = sent_parts


class SignatureMismatch(Exception):
    """A webhook did not prove that it comes from the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A connected account as a connector sees it: plain values, secrets already decrypted."""

    channel_id: int
    credentials: Mapping[str, str] = field(repr=False)
    base_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The provider has accepted a message. ``parts`` are the provider's ids, first the main one."""

    parts: tuple[str, ...]
    is_delivered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedMedia:
    """A medium fetched from the provider."""

    content: bytes
    name: str = ""
    mime: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAccount:
    """What a live check of credentials found out: who we are at the provider."""

    external_id: str
    title: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities(Means):
    """What a channel can do; drives the composer, validation and degrading.

    ``buttons`` are ``inline`` below a message, or ``none``: then they are written out as a text, see ``degrading``.
    """

    buttons: str = "none"
    typing_out: bool = False
    receipts: str = "none"
    is_idempotent: bool = False
    writes_first: bool = False


class Connector:
    """A channel kind. Methods that talk to a provider may block and raise ``ConnectorError``."""

    kind: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def verify(self, *, headers: Mapping[str, str], body: bytes, account: Account) -> None:
        """Raise ``SignatureMismatch`` unless the provider sent this. Header names are lower-case."""
        raise SignatureMismatch

    def event_key(self, payload: Mapping[str, Any]) -> str:
        """The provider's id of an event: the same event delivered again has the same key."""
        raise NotImplementedError

    def parse(self, payload: Mapping[str, Any], *, account: Account) -> list[Incoming]:
        """Translate one provider event. Kinds of no interest give an empty list."""
        raise NotImplementedError

    def send(self, message: OutgoingMessage, account: Account) -> Receipt:
        raise NotImplementedError

    def edit(
        self, *, chat_external_id: str, external_id: str, text: str, formats: tuple[TextFormat, ...] = (),
        has_media: bool, account: Account, buttons: Buttons = (),
    ) -> None:  # fmt: skip
        raise ConnectorError("not supported", kind="PERMANENT")

    def delete(self, *, chat_external_id: str, external_ids: tuple[str, ...], account: Account) -> None:
        raise ConnectorError("not supported", kind="PERMANENT")

    def show_typing(self, *, chat_external_id: str, account: Account) -> None:
        """Show the client that someone is typing; does nothing where the channel can't."""

    def acknowledge(self, incoming: IncomingMessage | IncomingPress, account: Account, *, words: str = "") -> None:
        """Answer a stored event whose sender waits for it (``incoming.context["needs_acknowledgement"]``), with words
        that the channel may show for a moment."""

    def fetch_media(self, attachment: IncomingAttachment, account: Account) -> FetchedMedia:
        raise ConnectorError("not supported", kind="PERMANENT")

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        """The client's picture, or ``None`` where there is none."""
        return None

    def check(self, account: Account) -> CheckedAccount:
        """Ask the provider who we are; raises ``ConnectorError``."""
        raise NotImplementedError

    def set_webhook(self, *, url: str, account: Account) -> None:
        """Tell the provider where to deliver; raises ``ConnectorError``."""

    def remove_webhook(self, account: Account) -> None:
        """Undo ``set_webhook``."""

    def poll(self, *, cursor: str, timeout: int, account: Account) -> tuple[list[Mapping[str, Any]], str]:
        """Long poll: events after ``cursor`` and the next cursor; ``timeout`` in seconds."""
        raise NotImplementedError
