"""What channels tell us, whatever they call it themselves."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from common.names import straight

LARGEST_NUMBER = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who wrote, as the channel describes them.

    ``external_id`` is unique inside the channel's scope (a bot, a community, a site).
    """

    external_id: str
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    # What staff call the account where it has no user name, like the site that a visitor is on.
    title: str = ""
    language: str = ""
    phone: str = ""
    email: str = ""
    photo_reference: str = ""
    is_anonymous: bool = False

    @property
    def name(self) -> str:
        return straight(f"{self.first_name} {self.last_name}").strip() or straight(self.username)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingAttachment:
    """A medium that a client sent; ``reference`` is what the connector needs to fetch it later.

    ``stored_id`` names a file that the client uploaded to us: nothing has to be fetched.
    """

    kind: str
    reference: str
    stored_id: UUID | None = None
    name: str = ""
    mime: str = ""
    size: int | None = None
    width: int | None = None
    height: int | None = None
    duration: int | None = None

    def __post_init__(self) -> None:
        """What a client's device says of a medium may be nonsense; its message is stored all the same."""
        for name in ("size", "width", "height", "duration"):
            said = getattr(self, name)
            if said is not None and not 0 <= said < LARGEST_NUMBER:
                object.__setattr__(self, name, None)
        object.__setattr__(self, "mime", self.mime[:127])


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a thread is about: the post, the video, the offer below which a client writes. ``image`` is a reference
    that the connector can fetch."""

    kind: str
    external_id: str
    title: str = ""
    url: str = ""
    image: str = ""
    price: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """One message from a client. ``external_id`` is unique inside the chat.

    ``thread`` is kept in the chat, over what was there, and comes back with everything sent to it. ``details`` are
    shown with the message: ``album``, ``quote``, ``forwarded_from``, ``quoted_text``, ``html``, ``mail`` and the like.
    What ``is_automatic`` was written by no person: it is shown, and nothing answers it by itself.
    ``follows`` are ids of messages that it goes on from, the nearest first: see ``openlines/services/threads.py``.
    ``source_event_id`` is the raw event that it came in.
    """

    chat_external_id: str
    external_id: str
    sender: Person
    kind: str = "TEXT"
    text: str = ""
    sent_at: datetime | None = None
    reply_to_external_id: str = ""
    attachments: tuple[IncomingAttachment, ...] = ()
    location: dict[str, Any] | None = None
    contact: dict[str, Any] | None = None
    context: dict[str, Any] = field(default_factory=dict)
    thread: dict[str, Any] = field(default_factory=dict)
    subject: Subject | None = None
    details: dict[str, Any] = field(default_factory=dict)
    is_automatic: bool = False
    follows: tuple[str, ...] = ()
    source_event_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingEcho:
    """What went out in our name: a send of ours that the provider reports back (``client_key`` or ``external_id`` is
    ours), or what staff wrote in the provider's own app. Nothing automatic ever answers it."""

    chat_external_id: str
    external_id: str
    recipient: Person
    client_key: str = ""
    author_name: str = ""
    kind: str = "TEXT"
    text: str = ""
    sent_at: datetime | None = None
    reply_to_external_id: str = ""
    attachments: tuple[IncomingAttachment, ...] = ()
    thread: dict[str, Any] = field(default_factory=dict)
    subject: Subject | None = None
    details: dict[str, Any] = field(default_factory=dict)
    follows: tuple[str, ...] = ()
    source_event_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingReceipt:
    """How a message of ours fared: ``state`` is ``SENT``, ``DELIVERED``, ``READ`` or ``FAILED``.

    It is about the message of ``external_id`` or ``client_key``; with ``up_to``, about all that was sent in the chat
    until then. ``error_kind`` of a failure is one of ``ConnectorError``'s, ``error`` its words.
    """

    state: str
    chat_external_id: str = ""
    external_id: str = ""
    client_key: str = ""
    up_to: datetime | None = None
    at: datetime | None = None
    error_kind: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingTyping:
    """A client is typing at this moment."""

    chat_external_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingReaction:
    """A client reacted to a message, or took it back: then ``emoji`` is empty."""

    chat_external_id: str
    message_external_id: str
    person_external_id: str
    emoji: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingHiding:
    """A public comment was hidden, or shown again."""

    chat_external_id: str
    external_id: str
    is_hidden: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingAlias:
    """The same person goes by another id of the same scope, too: whichever is seen first, they are one."""

    person_external_id: str
    alias: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingEdit:
    """A client changed a message. Unknown messages are ignored."""

    chat_external_id: str
    external_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingDeletion:
    """A client took a message back, or a public comment was removed.

    Where the provider does not say whose it was, it is looked for in all ``chats_beginning_with`` these words, too.
    """

    chat_external_id: str
    external_id: str
    chats_beginning_with: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingReachability:
    """A client blocked (``False``) or unblocked (``True``) us."""

    chat_external_id: str
    person_external_id: str
    is_reachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingPress:
    """A client pressed a button below a message of ours; ``text`` is what stands on it."""

    chat_external_id: str
    external_id: str
    sender: Person
    payload: str
    text: str = ""
    message_external_id: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    thread: dict[str, Any] = field(default_factory=dict)
    source_event_id: int | None = None

    def as_message(self) -> IncomingMessage:
        """A press that means nothing to us is what the client said."""
        return IncomingMessage(
            chat_external_id=self.chat_external_id,
            external_id=self.external_id,
            sender=self.sender,
            text=self.text or self.payload,
            reply_to_external_id=self.message_external_id,
            context=self.context | {"button": self.payload},
            thread=self.thread,
            source_event_id=self.source_event_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingClosing:
    """A client ends the conversation. Where none is open, it means nothing."""

    chat_external_id: str


Incoming = (
    IncomingMessage | IncomingEcho | IncomingEdit | IncomingDeletion | IncomingReceipt | IncomingReachability
    | IncomingPress | IncomingTyping | IncomingReaction | IncomingHiding | IncomingAlias | IncomingClosing
)  # fmt: skip
