"""Links to files for providers that fetch them by themselves: signed, short-lived, without any sign of who it is."""

import mimetypes
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePath
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

from openlines.types import OutgoingAttachment, OutgoingMessage

VALID_FOR = timedelta(hours=24)
SALT = "channels_connectors.public_links"
LONGEST_STEM = 60
UNTOLD = "application/octet-stream"


def with_public_links(message: OutgoingMessage) -> OutgoingMessage:
    """Its files with addresses at this server, where the server has a public one."""
    if not settings.PUBLIC_URL or not message.attachments:
        return message
    files = tuple(replace(file, public_url=public_link(file)) for file in message.attachments)
    return replace(message, attachments=files)


def public_link(file: OutgoingAttachment) -> str:
    signed = TimestampSigner(salt=SALT).sign(file.id.hex)
    return f"{settings.PUBLIC_URL}/media/{signed}/{plain_name(file.name, file.mime)}"


def plain_name(name: str, mime: str) -> str:
    """A name that needs no quoting and ends as files of its type do: some providers go by the end of the address."""
    path = PurePath(name)
    ending = path.suffix.lower() if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", path.suffix) else ""
    if not ending or (mime != UNTOLD and mimetypes.guess_type(f"file{ending}")[0] != mime):
        ending = mimetypes.guess_extension(mime) or ending or ".bin"
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", path.stem).strip("-")[:LONGEST_STEM]
    return f"{stem or 'file'}{ending}"


def linked_file(signed: str) -> UUID:
    """Raises ``BadSignature`` for what we have not signed, or too long ago."""
    try:
        return UUID(hex=TimestampSigner(salt=SALT).unsign(signed, max_age=VALID_FOR))
    except ValueError:
        raise BadSignature from None
