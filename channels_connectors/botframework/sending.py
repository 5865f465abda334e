"""What we say, as activities."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.utils import translation
from django.utils.translation import gettext as _

from channels_connectors.botframework.channel_ids import DIRECT_LINE, EMULATOR, TEAMS, WEB_CHAT, Traits
from channels_connectors.connector import Capabilities
from channels_connectors.degrading import degraded
from channels_connectors.errors import ConnectorError
from channels_connectors.parts import parts_of
from openlines.types import Button, Buttons, OutgoingAttachment, OutgoingMessage, OutgoingPart

Fields = dict[str, Any]

# An activity may have 256 KB; base64 makes four bytes of three.
LARGEST_INLINE = 150 * 1024
# Where a picture inside the activity is shown; elsewhere it has to have an address.
SHOWS_INLINE = frozenset({DIRECT_LINE, WEB_CHAT, EMULATOR, TEAMS})
HERO_CARD = "application/vnd.microsoft.card.hero"


def fitted_parts(message: OutgoingMessage, capabilities: Capabilities, traits: Traits) -> list[OutgoingPart]:
    """As the messenger of this chat can carry it."""
    can = replace(capabilities, text_length=traits.text_length, buttons="inline" if traits.buttons else "none")
    language = str(message.thread.get("locale") or translation.get_language() or "en")
    if message.attachments and not traits.attachments:
        raise ConnectorError(_("This messenger carries no files. Send a link instead."), kind="PERMANENT")
    return parts_of(degraded(message, capabilities=can, language=language), can)


def conversation_url(thread: Mapping[str, Any], *more: str) -> str:
    """Ids hold colons, bars and slashes, all of them to be quoted."""
    service_url, conversation = str(thread.get("service_url") or ""), thread.get("conversation") or {}
    if not service_url or not conversation.get("id"):
        raise ConnectorError(_("This conversation has not said yet where it is answered."), kind="BLOCKED")
    path = ["v3", "conversations", str(conversation["id"]), *more]
    return "/".join([service_url.rstrip("/"), *(quote(piece, safe="") for piece in path)])


def activity_of(part: OutgoingPart) -> Fields:
    activity = addressed("message", part.thread) | {"text": part.text, "textFormat": "plain"}
    attachments = [_attached(attachment, part.thread) for attachment in part.attachments]
    if part.reply_to_external_id:
        activity["replyToId"] = part.reply_to_external_id
    if part.buttons and part.thread.get("channel_id") == TEAMS:
        # Teams shows suggested actions for a moment only, and sends no payload back with them.
        attachments.append({"contentType": HERO_CARD, "content": {"buttons": _actions(part.buttons)}})
    elif part.buttons:
        activity["suggestedActions"] = {"actions": _actions(part.buttons)}
    if attachments:
        activity["attachments"] = attachments
    return activity


def addressed(kind: str, thread: Mapping[str, Any]) -> Fields:
    return {
        "type": kind,
        "from": dict(thread.get("bot") or {}),
        "recipient": dict(thread.get("user") or {}),
        "conversation": dict(thread.get("conversation") or {}),
        "channelId": thread.get("channel_id", ""),
    }


def _actions(buttons: Buttons) -> list[Fields]:
    return [_action(button) for row in buttons for button in row]


def _action(button: Button) -> Fields:
    title = f"✅ {button.text}" if button.is_chosen else button.text
    value = {"payload": button.payload, "title": button.text}
    return {"type": "messageBack", "title": title, "text": button.text, "displayText": button.text, "value": value}


def _attached(attachment: OutgoingAttachment, thread: Mapping[str, Any]) -> Fields:
    return {
        "contentType": attachment.mime or "application/octet-stream",
        "contentUrl": _content_url(attachment, thread),
        "name": attachment.name,
    }


def _content_url(attachment: OutgoingAttachment, thread: Mapping[str, Any]) -> str:
    is_small = attachment.size <= LARGEST_INLINE and thread.get("channel_id") in SHOWS_INLINE
    if is_small and (attachment.kind == "IMAGE" or not attachment.public_url):
        return _inline(attachment)
    if not attachment.public_url:
        raise ConnectorError(
            _("This messenger fetches files from a public address of this server. Set PUBLIC_URL, or send a link."),
            kind="PERMANENT",
        )
    return attachment.public_url


def _inline(attachment: OutgoingAttachment) -> str:
    try:
        content = Path(attachment.path).read_bytes()
    except OSError:
        raise ConnectorError(_("The file is no longer in the storage."), kind="PERMANENT") from None
    return f"data:{attachment.mime};base64,{base64.b64encode(content).decode()}"
