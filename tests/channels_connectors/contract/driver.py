"""How the contract test plays a provider: one ``Driver`` for each channel kind, in ``contract/<kind>.py``.

A driver knows the provider's words, so that the test can say the same of every kind. What a kind can't do it says in
``cannot``, with the reason that the table of ``docs/channels.md`` shows; every other cell is tried.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.test import override_settings

from channels_connectors.connector import Account, WebhookRequest
from openlines.types import OutgoingAttachment

# What clients send.
INBOUND = (
    "text", "image", "file", "voice", "audio", "video", "sticker", "location", "contact", "reply", "album", "edit_in",
    "delete_in", "press", "blocked_in", "unblocked_in", "typing_in", "reaction", "echo", "receipts", "unknown",
    "duplicate", "disorder", "batch", "malformed", "forged",
)  # fmt: skip
# What we send, and how it may fail.
OUTBOUND = (
    "send_text", "send_long_text", "send_image", "send_file", "send_voice", "send_video", "send_album", "send_reply",
    "send_buttons", "edit", "delete", "hide", "private_reply", "template", "typing_out", "read_out", "blocked", "token",
    "window", "flood", "outage", "timeout_before", "timeout_after", "permanent",
)  # fmt: skip
# The account.
ACCOUNT = ("check", "check_wrong_token", "webhook", "webhook_lost", "refresh", "poll", "photo", "media")
CELLS = INBOUND + OUTBOUND + ACCOUNT

Payload = Mapping[str, Any]


@contextmanager
def own_host_allowed(base_url: str) -> Iterator[None]:
    """What a simulator links to has addresses of this machine."""
    with override_settings(OUTGOING_PRIVATE_HOSTS=[*settings.OUTGOING_PRIVATE_HOSTS, urlsplit(base_url).netloc]):
        yield


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """What the client sees of something that we sent; ``kind`` as in ``Message.Kind``."""

    external_id: str
    text: str = ""
    kind: str = "TEXT"
    reply_to: str = ""
    buttons: tuple[str, ...] = ()
    file_name: str = ""
    content: bytes = b""


class Driver(ABC):
    """A provider with one account of ours and one client, Anna. Begins anew for each test."""

    kind: ClassVar[str]
    cannot: ClassVar[Mapping[str, str]] = {}

    @property
    @abstractmethod
    def account(self) -> Account:
        """Connected; its time-outs (``settings["read_seconds"]``) are short, so that silence does not last long."""

    # What Anna does. Each gives one event as the provider words it; ``request`` makes it what arrives at our webhook.

    @abstractmethod
    def text(self, text: str, *, number: int = 1) -> Payload:
        """Anna writes. Another ``number`` is another message; the same number is the same message."""

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        """Anna sends a file of the kind (``IMAGE``, ``FILE``, ``VOICE``, ``AUDIO``, ``VIDEO``, ``STICKER``), which can
        be fetched from the provider and holds ``content_of(kind)``."""
        raise NotImplementedError

    def content_of(self, kind: str) -> bytes:
        raise NotImplementedError

    def is_content(self, kind: str, content: bytes) -> bool:
        """Whether that is what Anna sent; for providers that make pictures anew."""
        return content == self.content_of(kind)

    def location(self) -> Payload:
        """Anna is at 55.75, 37.61."""
        raise NotImplementedError

    def contact(self) -> Payload:
        """Anna's card: Anna, +79161234567."""
        raise NotImplementedError

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        """Anna answers a message by its external id."""
        raise NotImplementedError

    def album(self) -> list[Payload]:
        """Two pictures sent as one."""
        raise NotImplementedError

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        raise NotImplementedError

    def delete_in(self, *, number: int = 1) -> Payload:
        raise NotImplementedError

    def press(self, payload: str, text: str) -> Payload:
        """Anna presses a button of ours."""
        raise NotImplementedError

    def blocked_in(self, *, is_reachable: bool) -> Payload:
        raise NotImplementedError

    def typing_in(self) -> Payload:
        raise NotImplementedError

    def reaction(self, emoji: str, *, to: str) -> Payload:
        raise NotImplementedError

    def echo(self, text: str) -> Payload:
        """Staff wrote to Anna in the provider's own app."""
        raise NotImplementedError

    def receipt(self, state: str, *, of: str) -> Payload:
        """``DELIVERED``, ``READ`` or ``FAILED`` of the message with this external id."""
        raise NotImplementedError

    def unknown(self) -> Payload:
        """A message of Anna's, of a kind that the provider may think up next year."""
        raise NotImplementedError

    def of_no_interest(self) -> list[Payload]:
        """Events that say nothing to us."""
        return []

    @abstractmethod
    def request(self, *events: Payload) -> WebhookRequest:
        """What arrives at our webhook, with its proof; several events are a batch. For polled kinds: the bytes of one
        event as the connector's ``poll`` gives them."""

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        """The same with every sort of wrong proof."""
        return [WebhookRequest(body=self.request(*events).body)]

    def malformed(self) -> list[bytes]:
        """Bodies that are none of the provider's, beside the usual nonsense."""
        return []

    # What we do.

    @property
    @abstractmethod
    def chat(self) -> str:
        """The external id of Anna's chat."""

    @property
    def thread(self) -> Mapping[str, Any]:
        """What the chat's ``thread`` holds once Anna has written."""
        return {}

    def arrived(self) -> list[Arrived]:
        """What Anna sees of us now, oldest first; deleted messages are gone, edited ones read as edited."""
        raise NotImplementedError

    def publish(self, attachment: OutgoingAttachment) -> str:
        """Where the provider fetches the file, for those that do; others take it from us."""
        return ""

    def fail(self, how: str) -> None:
        """The next send meets: ``blocked``, ``token``, ``window``, ``flood`` (429 or the provider's own way, for 3
        seconds), ``outage`` (5xx), ``timeout_before``, ``timeout_after`` (nothing is answered; the provider has not, or
        has, sent it), ``permanent``."""
        raise NotImplementedError

    def hidden(self) -> list[str]:
        """External ids of Anna's comments that nobody sees now."""
        raise NotImplementedError

    def typing_seen(self) -> bool:
        raise NotImplementedError

    def read_seen(self) -> str:
        """The external id up to which Anna sees that we have read."""
        raise NotImplementedError

    # The account.

    def webhook(self) -> str:
        """Where the provider delivers now."""
        raise NotImplementedError

    def lose_webhook(self) -> None:
        raise NotImplementedError

    def wrong_token(self) -> Account:
        raise NotImplementedError

    def write_for_poll(self, text: str) -> None:
        """Anna writes, and polling will bring it."""
        raise NotImplementedError

    def is_photo(self, content: bytes) -> bool:
        """Whether that is Anna's picture at the provider."""
        raise NotImplementedError

    @classmethod
    @contextmanager
    @abstractmethod
    def begin(cls) -> Iterator["Driver"]:
        """A provider of its own for one test, with everything that it needs."""
