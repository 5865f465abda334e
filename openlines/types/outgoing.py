"""What goes out to clients."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TextFormat:
    """``BOLD``, ``ITALIC``, ``STRUCK`` or ``CODE``, from one character of a text to before another."""

    mark: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingAttachment:
    """A stored file on its way out; ``path`` is a readable file on this machine.

    ``public_url`` is where a provider that fetches by itself finds it for a while, without any sign of who it is.
    """

    id: UUID
    kind: str
    path: str
    name: str
    mime: str
    size: int = 0
    duration: int | None = None
    public_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """What a client may press below a message; ``payload`` comes back with the press."""

    text: str
    payload: str
    is_chosen: bool = False


Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingTemplate:
    """A text that the provider approved beforehand, and what goes into its gaps in their order."""

    name: str
    language: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """What a channel may be given to send. It has no room for staff-only text: see ``outgoing_message``.

    ``text`` has no marks of its own: ``formats`` say where bold and the like hold, for channels that have them.
    ``thread`` is what the channel's ``IncomingMessage.thread`` left in the chat. ``is_automatic`` is anything that no
    person wrote. A private reply answers the public comment ``reply_to_external_id`` in private.
    """

    message_id: int
    chat_external_id: str
    text: str
    formats: tuple[TextFormat, ...] = ()
    attachments: tuple[OutgoingAttachment, ...] = ()
    reply_to_external_id: str = ""
    buttons: Buttons = ()
    thread: Mapping[str, Any] = field(default_factory=dict)
    template: OutgoingTemplate | None = None
    is_automatic: bool = False
    is_private_reply: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingPart:
    """What one call to a provider sends: a text, or a file (an album, several) with its caption.

    The same message always has the same parts, so a later try goes on where an earlier one stopped. ``client_key``
    differs for every part that ever was: an idempotency key where the provider has one, at most 32 characters.
    """

    message_id: int
    number: int
    chat_external_id: str
    text: str = ""
    formats: tuple[TextFormat, ...] = ()
    attachments: tuple[OutgoingAttachment, ...] = ()
    buttons: Buttons = ()
    reply_to_external_id: str = ""
    thread: Mapping[str, Any] = field(default_factory=dict)
    template: OutgoingTemplate | None = None
    is_automatic: bool = False
    is_private_reply: bool = False

    @property
    def client_key(self) -> str:
        return f"{self.message_id}.{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that the provider knows: by all the ids that it gave us, first the main one."""

    chat_external_id: str
    external_ids: tuple[str, ...]
    has_media: bool = False
    thread: Mapping[str, Any] = field(default_factory=dict)
