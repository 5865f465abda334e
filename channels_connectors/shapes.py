"""What connectors are given and give: plain values, whatever a provider calls them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from openlines.types import Means


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A connected account as a connector sees it: plain values, secrets already decrypted.

    ``scope`` names it among all accounts: its kind and its id at the provider.
    """

    channel_id: int
    credentials: Mapping[str, str] = field(repr=False)
    base_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)
    scope: str = ""

    @property
    def external_id(self) -> str:
        return self.scope.partition(":")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """What a provider sent, as it came. Header names are lower-case; ``remote`` is the address it came from."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    query: str = ""
    remote: str = ""

    def parameter(self, name: str) -> str:
        """A parameter of the query, empty where there is none."""
        return next(iter(parse_qs(self.query).get(name, ())), "")

    def json(self) -> Any:
        """Raises ``ValueError``."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAnswer:
    status: int = 200
    body: bytes = b"ok"
    content_type: str = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event out of what a provider sent: its unique key in the channel, and its bytes.

    A ``scope`` other than the account's own says that the event is for another channel of the same application.
    """

    key: str
    body: bytes
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What asking brought, where to go on from, and how many seconds to wait before asking again."""

    events: Sequence[Event] = ()
    cursor: str = ""
    wait: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRef:
    """A chat as the provider knows it; ``last_external_id`` is the newest message that the client wrote in it."""

    external_id: str
    thread: Mapping[str, Any] = field(default_factory=dict)
    last_external_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The provider has accepted a part. ``parts`` are its ids, several for an album."""

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
    """What a live check of credentials found out: who we are at the provider.

    ``settings`` are kept in the account, over what was there; ``credentials`` too, where checking gave better ones.
    ``expires_in`` says after how many seconds the credentials end, if they do.
    """

    external_id: str
    title: str
    details: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    expires_in: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """Newer credentials, whole, and for how many seconds they hold."""

    credentials: Mapping[str, str] = field(repr=False)
    expires_in: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What the provider says about our webhook; ``problem`` is in words where it is not as it should be."""

    is_ours: bool
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A text that the provider approved; gaps in ``body`` read ``{{1}}``, ``{{2}}`` …"""

    name: str
    language: str
    body: str
    category: str = ""
    state: str = "APPROVED"
    gaps: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How often a provider lets us call: so many parts in so many seconds, for a whole account and for one chat.

    Zero parts mean no limit.
    """

    account: int = 0
    account_seconds: float = 1.0
    chat: int = 0
    chat_seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities(Means):
    """What a channel can do; drives the composer, validation and degrading.

    ``buttons`` are ``inline`` below a message, or ``none``: then they are written out as a text, see ``degrading``.
    ``text_with_media`` is off where a text and a file are always separate messages.
    ``idempotency`` says what is known after a time-out: ``key`` (a repeated send is recognised by the provider),
    ``echo`` or ``status`` (a later event tells us), ``listing`` (``find_sent`` can look), ``none``.
    """

    buttons: str = "none"
    most_buttons: int = 0
    button_length: int = 64
    text_with_media: bool = True
    typing_out: bool = False
    typing_in: bool = False
    read_out: bool = False
    receipts: str = "none"
    idempotency: str = "none"
    writes_first: bool = False
    native_staff: bool = False
    rates: Rates = Rates()
