"""What every channel kind implements. A connector translates and decides nothing: no ORM, no settings, no clock."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from channels_connectors.errors import ConnectorError, SignatureMismatch
from channels_connectors.parts import parts_of
from channels_connectors.shapes import (
    Account,
    Capabilities,
    ChatRef,
    CheckedAccount,
    Event,
    FetchedMedia,
    Polled,
    Rates,
    Receipt,
    Refreshed,
    Subscription,
    Template,
    WebhookAnswer,
    WebhookRequest,
)
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

__all__ = [
    "POLL",
    "WEBHOOK",
    "Account",
    "Capabilities",
    "ChatRef",
    "CheckedAccount",
    "Connector",
    "Event",
    "FetchedMedia",
    "Polled",
    "Rates",
    "Receipt",
    "Refreshed",
    "Subscription",
    "Template",
    "WebhookAnswer",
    "WebhookRequest",
]

WEBHOOK, POLL = "WEBHOOK", "POLL"


class Connector:
    """A channel kind. Methods that talk to a provider may block and raise ``ConnectorError``."""

    kind: ClassVar[str]
    capabilities: ClassVar[Capabilities]
    # How events come, the best way first; empty for our own channels, which have no provider.
    inbound: ClassVar[tuple[str, ...]] = (WEBHOOK,)
    # Whether its webhook can only be called from the internet, at PUBLIC_URL.
    needs_public_url: ClassVar[bool] = True
    # Seconds before each next try after an outage, where they are not the engine's own.
    retry_pauses: ClassVar[tuple[float, ...]] = ()
    # Seconds between looks for what webhooks may have lost; 0 where the provider loses none.
    reconcile_seconds: ClassVar[float] = 0.0
    # The largest body that the provider sends to a webhook.
    largest_body: ClassVar[int] = 1024 * 1024
    # ``handshake`` and ``verify`` take their time (much arithmetic, keys that are fetched): they run on a thread.
    verify_blocks: ClassVar[bool] = False

    def capabilities_of(self, settings: Mapping[str, Any]) -> Capabilities:
        """The same, where accounts of one kind differ (``Account.settings``)."""
        return self.capabilities

    # Inbound.

    def handshake(self, request: WebhookRequest, account: Account) -> WebhookAnswer | None:
        """Answer what is no event: a challenge, a confirmation, a test call. ``None`` for everything else.

        Called before ``verify``. Raises ``SignatureMismatch`` for a challenge that is not ours.
        """
        return None

    def verify(self, request: WebhookRequest, account: Account) -> None:
        """Raise ``SignatureMismatch`` unless the provider sent this; over the raw bytes. ``ConnectorError`` where that
        can't be found out now: whoever sent it is told to come again."""
        raise SignatureMismatch

    def events(self, request: WebhookRequest, account: Account) -> list[Event]:
        """The events of a verified request, every element of a batch on its own; none for what is of no interest.

        Raises ``ValueError``, ``LookupError``, ``TypeError`` or ``AttributeError`` for what is none of the provider's.
        """
        return [Event(key=self.event_key(request.json()), body=request.body)]

    def event_key(self, payload: Mapping[str, Any]) -> str:
        """The provider's id of an event: the same event delivered again has the same key."""
        raise NotImplementedError

    def answer(self, request: WebhookRequest, account: Account) -> WebhookAnswer:
        """What the provider wants to hear once its events are stored."""
        return WebhookAnswer()

    def read(self, body: bytes) -> Any:
        """The stored bytes of an event, as ``parse`` wants them. Raises ``ValueError``."""
        return json.loads(body)

    def complete(self, payload: Any, *, account: Account) -> Any:
        """Ask the provider for what an event leaves out or can't prove; gives what ``parse`` reads.

        In the worker, without a lock, and for kinds that have it only. Raises ``ConnectorError``: the event is tried
        again later.
        """
        return payload

    @property
    def asks_first(self) -> bool:
        """Whether its events are completed before they are read."""
        return type(self).complete is not Connector.complete

    def parse(self, payload: Any, *, account: Account) -> list[Incoming]:
        """Translate one event. Kinds of no interest give an empty list; what a client sent and we don't know gives a
        message of the kind ``UNSUPPORTED``."""
        raise NotImplementedError

    def poll(self, *, cursor: str, timeout: int, account: Account) -> Polled:
        """Events after ``cursor``; may wait for them up to ``timeout`` seconds."""
        raise NotImplementedError

    def reconcile(self, *, cursor: str, account: Account) -> Polled:
        """Events that webhooks may have lost, with the keys that they had there."""
        raise NotImplementedError

    def acknowledge(self, incoming: IncomingMessage | IncomingPress, account: Account, *, words: str = "") -> None:
        """Answer a stored event whose sender waits for it (``incoming.context["needs_acknowledgement"]``), with words
        that the channel may show for a moment."""

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        """``event`` is the raw event that the medium came in, where it is still kept."""
        raise ConnectorError("not supported", kind="PERMANENT")

    def fetch_profile(self, person_external_id: str, account: Account) -> Person | None:
        """Who a client is whose messages carry no name; ``None`` where the provider does not tell."""
        return None

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        """The client's picture, or ``None`` where there is none."""
        return None

    # Outbound.

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        """What is sent call by call; the same message always gives the same parts. Raises ``ConnectorError``."""
        return parts_of(message, self.capabilities_of(account.settings))

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        raise NotImplementedError

    def find_sent(self, part: OutgoingPart, account: Account) -> Receipt | None:
        """Whether a part whose fate is not known did arrive (``idempotency="listing"``)."""
        return None

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        raise ConnectorError("not supported", kind="PERMANENT")

    def delete(self, sent: SentMessage, account: Account) -> None:
        """Take back what we sent, or remove a client's public comment."""
        raise ConnectorError("not supported", kind="PERMANENT")

    def hide(self, sent: SentMessage, account: Account, *, is_hidden: bool) -> None:
        """Hide a client's public comment, or show it again."""
        raise ConnectorError("not supported", kind="PERMANENT")

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        """Show the client that someone is typing; does nothing where the channel can't."""

    def mark_read(self, chat: ChatRef, account: Account) -> None:
        """Show the client that all up to ``last_external_id`` was read; does nothing where the channel can't."""

    def templates(self, account: Account) -> list[Template]:
        """The templates of an account, whatever their state."""
        return []

    # The account.

    def check(self, account: Account) -> CheckedAccount:
        """Ask the provider who we are; raises ``ConnectorError``."""
        raise NotImplementedError

    def set_webhook(self, *, url: str, account: Account) -> Mapping[str, Any]:
        """Tell the provider where to deliver; gives settings to keep in the account."""
        return {}

    def remove_webhook(self, account: Account) -> None:
        """Undo ``set_webhook``."""

    def subscription(self, *, url: str, account: Account) -> Subscription | None:
        """Where the provider delivers now; ``None`` where it can't be asked."""
        return None

    def refresh(self, account: Account) -> Refreshed | None:
        """Newer credentials before the old ones end; ``None`` where they don't."""
        return None
