"""The normalised shapes in which channels and conversations talk to each other."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from common.names import straight

LARGEST_NUMBER = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a channel kind can carry to a client. ``length_unit`` is ``characters``, ``utf16`` or ``bytes``.

    A text over ``text_length`` goes out in several messages where ``is_split``, and is refused elsewhere.
    ``formatting`` names the marks that clients see; ``reply_window_seconds`` is how long after a client's last message
    they may be written to, 0 for always.
    """

    text_length: int = 4096
    caption_length: int = 1024
    length_unit: str = "characters"
    is_split: bool = False
    attachments: bool = True
    upload_bytes: int = 20 * 1024 * 1024
    edit: bool = False
    delete: bool = False
    reply: bool = False
    formatting: tuple[str, ...] = ()
    reply_window_seconds: int = 0

    def length_of(self, text: str) -> int:
        if self.length_unit == "utf16":
            return len(text.encode("utf-16-le", "surrogatepass")) // 2
        return len(text.encode("utf-8", "surrogatepass")) if self.length_unit == "bytes" else len(text)


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
class IncomingMessage:
    """One message from a client. ``external_id`` is unique inside the chat."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingEdit:
    """A client changed a message. Unknown messages are ignored."""

    chat_external_id: str
    external_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingDeletion:
    """A client took a message back."""

    chat_external_id: str
    external_id: str


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

    def as_message(self) -> IncomingMessage:
        """A press that means nothing to us is what the client said."""
        return IncomingMessage(
            chat_external_id=self.chat_external_id,
            external_id=self.external_id,
            sender=self.sender,
            text=self.text or self.payload,
            reply_to_external_id=self.message_external_id,
            context=self.context | {"button": self.payload},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingClosing:
    """A client ends the conversation. Where none is open, it means nothing."""

    chat_external_id: str


Incoming = (
    IncomingMessage | IncomingEdit | IncomingDeletion | IncomingReachability | IncomingPress | IncomingClosing
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextFormat:
    """``BOLD``, ``ITALIC``, ``STRUCK`` or ``CODE``, from one character of a text to before another."""

    mark: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingAttachment:
    """A stored file on its way out; ``path`` is a readable file on this machine."""

    id: UUID
    kind: str
    path: str
    name: str
    mime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """What a client may press below a message; ``payload`` comes back with the press."""

    text: str
    payload: str
    is_chosen: bool = False


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """What a channel may be given to send. It has no room for staff-only text: see ``outgoing_message``.

    ``text`` has no marks of its own: ``formats`` say where bold and the like hold, for channels that have them.
    ``sent_parts`` are what an earlier try got through before it failed (``ConnectorError.sent_parts``).
    """

    message_id: int
    chat_external_id: str
    text: str
    formats: tuple[TextFormat, ...] = ()
    attachments: tuple[OutgoingAttachment, ...] = ()
    reply_to_external_id: str = ""
    buttons: Buttons = ()
    sent_parts: tuple[str, ...] = ()
