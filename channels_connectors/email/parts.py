"""The parts of a mail: what is to be read, and what is attached. Whatever the structure says, in one walk."""

import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from channels_connectors.email.decoding import decoded, raw_header, storable, words

MOST_ATTACHMENTS = 50
MOST_PARTS = 500
LONGEST_TEXT = 50_000
LONGEST_CONTENT_HEADER = 2000
LONGEST_NAME = 200
# The whole mail as a file, where something of it is not shown.
WHOLE = "whole"
KINDS = {"image": "IMAGE", "audio": "AUDIO", "video": "VIDEO"}
ODD = (ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Attached:
    reference: str
    kind: str
    name: str
    mime: str


@dataclass(slots=True)
class Content:
    texts: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    attached: list[Attached] = field(default_factory=list)
    is_cut: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(text for text in self.texts if text).strip()

    @property
    def html(self) -> str:
        return "\n".join(self.pages)


def content_of(message: Message) -> Content:
    content = Content()
    for number, part in enumerate(leaves(message)):
        if number >= MOST_PARTS or len(content.attached) >= MOST_ATTACHMENTS:
            content.is_cut = True
            break
        if _is_read(part):
            _read(part, content)
        else:
            content.attached.append(_attached(part, number))
    return content


def leaves(message: Message) -> Iterator[Message]:
    """Parts without parts, in order; a mail inside a mail is one."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        _tidy(part)
        if isinstance(part.get_payload(), list) and part.get_content_maintype() == "multipart":
            waiting.extend(reversed(parts_in(part)))
        else:
            yield part


def parts_in(part: Message) -> list[Message]:
    inside = part.get_payload()
    return [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []


def _tidy(part: Message) -> None:
    """Headers about the content with plain letters, and none so long that reading it takes its time."""
    for name in ("Content-Type", "Content-Disposition"):
        raw = raw_header(part, name)
        if len(raw) > LONGEST_CONTENT_HEADER:
            part.replace_header(name, raw.partition(";")[0][:100].encode("ascii", "replace").decode())
        elif not raw.isascii():
            part.replace_header(name, decoded(raw.encode("utf-8", "surrogateescape")))


def _is_read(part: Message) -> bool:
    """What says that it has parts and has none is a text that lost its boundary."""
    if part.get_content_maintype() == "multipart":
        return True
    if part.get_content_type() not in ("text/plain", "text/html") or part.get_content_disposition() == "attachment":
        return False
    return not name_of(part)


def _read(part: Message, content: Content) -> None:
    said = text_of(part)
    content.is_cut |= len(said) > LONGEST_TEXT
    if part.get_content_subtype() == "html":
        content.pages.append(said)
    else:
        content.texts.append(said[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n").strip())


def text_of(part: Message) -> str:
    return decoded(bytes_of(part), _charset(part))


def _charset(part: Message) -> str:
    try:
        return part.get_content_charset() or ""
    except ODD:
        return ""


def bytes_of(part: Message) -> bytes:
    """What a part holds, as the file that it is."""
    if part.get_content_maintype() == "message" and isinstance(part.get_payload(), list):
        return b"\r\n".join(one.as_bytes() for one in parts_in(part))
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def name_of(part: Message) -> str:
    try:
        name = part.get_filename("")
    except ODD:
        return ""
    return storable(words(name))[:LONGEST_NAME].strip()


def _attached(part: Message, number: int) -> Attached:
    mime, name = part.get_content_type(), name_of(part)
    if mime == "application/octet-stream" and name:
        mime = mimetypes.guess_type(name, strict=False)[0] or mime
    kind = "FILE" if "svg" in mime else KINDS.get(mime.partition("/")[0], "FILE")
    return Attached(str(number), kind, name or _made_name(part, mime, number), mime)


def _made_name(part: Message, mime: str, number: int) -> str:
    """For parts that have none: forwarded mails, invitations, what Outlook wraps up."""
    if mime == "message/rfc822":
        inside = next(iter(parts_in(part)), None)
        subject = words(raw_header(inside, "Subject")) if inside is not None else ""
        return f"{subject[:80].replace('/', ' ').strip() or 'message'}.eml"
    known = {"application/ms-tnef": "winmail.dat", "text/calendar": "invite.ics", "text/plain": f"text-{number}.txt"}
    return known.get(mime) or f"file-{number}{mimetypes.guess_extension(mime, strict=False) or ''}"
