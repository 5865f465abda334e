"""A part of a message as MAX takes it: its body, its files, its keyboard."""

import html
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.http import call
from channels_connectors.max.api import PROVIDER, ask
from openlines.types import Buttons, OutgoingAttachment, OutgoingPart, TextFormat

TEXT_LENGTH = 4000
LONGEST_LABEL, LONGEST_PAYLOAD = 128, 1024
UPLOAD_SECONDS = 300.0
TAGS = {"BOLD": "b", "ITALIC": "i", "STRUCK": "s", "CODE": "code"}
KINDS = {"IMAGE": "image", "VIDEO": "video", "VOICE": "audio", "AUDIO": "audio"}


def body_of(part: OutgoingPart, account: Account) -> dict[str, Any]:
    """Uploads the files on the way. Raises ``ConnectorError``."""
    files = [uploaded(attachment, account) for attachment in part.attachments]
    body: dict[str, Any] = {**text_of(part.text, part.formats), "attachments": [*files, *keyboard_of(part.buttons)]}
    if part.reply_to_external_id.startswith("mid."):
        body["link"] = {"type": "reply", "mid": part.reply_to_external_id}
    return body


def text_of(text: str, formats: Sequence[TextFormat]) -> dict[str, Any]:
    """The marks count for MAX's limit: where they don't fit, the words go without them."""
    marked = marked_up(text, formats) if formats else text
    if formats and len(marked) <= TEXT_LENGTH:
        return {"text": marked, "format": "html"}
    return {"text": text or None}


def marked_up(text: str, formats: Sequence[TextFormat]) -> str:
    """HTML whose tags never cross: at each end, what was opened later is closed first and opened anew."""
    places = sorted({0, len(text), *(f.start for f in formats), *(f.end for f in formats)})
    pieces = []
    for start, end in pairwise(places):
        tags = [TAGS[f.mark] for f in formats if f.start <= start and f.end >= end]
        opened, closed = "".join(f"<{tag}>" for tag in tags), "".join(f"</{tag}>" for tag in reversed(tags))
        pieces.append(f"{opened}{html.escape(text[start:end], quote=False)}{closed}")
    return "".join(pieces)


def keyboard_of(buttons: Buttons) -> list[dict[str, Any]]:
    if not buttons:
        return []
    rows = [
        [
            {
                "type": "callback",
                "text": (f"✅ {button.text}" if button.is_chosen else button.text)[:LONGEST_LABEL],
                "payload": button.payload[:LONGEST_PAYLOAD],
            }
            for button in row
        ]
        for row in buttons
    ]
    return [{"type": "inline_keyboard", "payload": {"buttons": rows}}]


def uploaded(attachment: OutgoingAttachment, account: Account) -> dict[str, Any]:
    """Two steps: an address to upload to, then the file. Which of both answers holds the token differs by type."""
    kind = KINDS.get(attachment.kind, "file")
    wanted = ask(account, "POST", "/uploads", params={"type": kind})
    answer = _upload(str(wanted["url"]), attachment, account)
    if kind == "image":
        return {"type": kind, "payload": {"photos": answer["photos"]}}
    return {"type": kind, "payload": {"token": str(wanted.get("token") or answer["token"])}}


def _upload(url: str, attachment: OutgoingAttachment, account: Account) -> Mapping[str, Any]:
    try:
        with Path(attachment.path).open("rb") as file:
            reply = call(
                "POST", url, provider=PROVIDER, files={"data": (attachment.name, file, attachment.mime)},
                # A file that was uploaded and not sent does no harm: whatever failed here is tried again.
                is_reading=True, read_seconds=UPLOAD_SECONDS, ca_bundle=str(account.settings.get("ca_bundle") or ""),
            )  # fmt: skip
    except OSError:
        raise ConnectorError(_("The file is no longer in the storage."), kind="PERMANENT") from None
    if reply.status >= 400:
        raise ConnectorError(_("MAX did not take the file."), kind="PERMANENT")
    # Videos and sounds are answered with a word that is no JSON.
    if not reply.body.lstrip().startswith(b"{"):
        return {}
    answer = reply.json()
    return answer if isinstance(answer, dict) else {}
