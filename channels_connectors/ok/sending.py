"""A part of a message as Odnoklassniki takes it."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.http import call
from channels_connectors.ok.api import PROVIDER, ask
from openlines.types import Buttons, OutgoingAttachment, OutgoingPart

KINDS = {"IMAGE": "IMAGE", "VIDEO": "VIDEO", "VOICE": "AUDIO", "AUDIO": "AUDIO"}
UPLOAD_SECONDS = 300.0
LONGEST_LABEL = 64


def body_of(part: OutgoingPart, account: Account) -> dict[str, Any]:
    """Uploads the files on the way. Raises ``ConnectorError``."""
    message: dict[str, Any] = {"text": part.text} if part.text else {}
    attachments = [uploaded(one, account) for one in part.attachments] + keyboard_of(part.buttons)
    if attachments:
        message["attachments"] = attachments
    if part.reply_to_external_id.startswith("mid:"):
        message["reply_to"] = part.reply_to_external_id
    return {"recipient": {"chat_id": part.chat_external_id}, "message": message}


def keyboard_of(buttons: Buttons) -> list[dict[str, Any]]:
    if not buttons:
        return []
    rows = [
        [
            {
                "type": "CALLBACK",
                "text": (f"✅ {button.text}" if button.is_chosen else button.text)[:LONGEST_LABEL],
                "payload": button.payload,
            }
            for button in row
        ]
        for row in buttons
    ]
    return [{"type": "INLINE_KEYBOARD", "payload": {"keyboard": {"buttons": rows}}}]


def uploaded(attachment: OutgoingAttachment, account: Account) -> dict[str, Any]:
    """First an address to upload to, then the file; the token goes into the message."""
    kind = KINDS.get(attachment.kind, "FILE")
    wanted = ask(account, "GET", "/me/fileUploadUrl", params={"type": kind}, is_reading=True)
    try:
        with Path(attachment.path).open("rb") as file:
            reply = call(
                "POST", str(wanted["url"]), provider=PROVIDER, files={"data": (attachment.name, file, attachment.mime)},
                # A file that was uploaded and not sent does no harm: whatever failed here is tried again.
                is_reading=True, read_seconds=UPLOAD_SECONDS,
            )  # fmt: skip
    except OSError:
        raise ConnectorError(_("The file is no longer in the storage."), kind="PERMANENT") from None
    if reply.status >= 400:
        raise ConnectorError(_("Odnoklassniki did not take the file."), kind="PERMANENT")
    return {"type": kind, "payload": {"token": str(reply.json()["token"])}}
