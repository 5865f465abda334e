"""Parts of our messages as WhatsApp wants them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Capabilities
from channels_connectors.errors import ConnectorError
from channels_connectors.parts import cut_out, parts_of
from channels_connectors.splitting import places_of_parts
from channels_connectors.whatsapp.marks import marked
from channels_connectors.whatsapp.media import CAPTIONED, method_of
from openlines.types import Button, OutgoingMessage, OutgoingPart

TEXT_LENGTH, CAPTION_LENGTH, BODY_LENGTH = 4096, 1024, 1024
MOST_REPLIES, REPLY_TITLE = 3, 20
MOST_ROWS, ROW_TITLE, LIST_TITLE = 10, 24, 20


def parts_for_whatsapp(message: OutgoingMessage, can: Capabilities) -> list[OutgoingPart]:
    """Buttons stand below a text, and below a shorter one than messages may have."""
    first = next(iter(message.attachments), None)
    takes_caption = first is not None and not message.buttons and method_of(first) in CAPTIONED
    captioned = frozenset({first.kind}) if first and takes_caption else frozenset[str]()
    parts = parts_of(message, can, captioned=captioned)
    last = parts[-1]
    if not last.buttons or message.template:
        return parts
    if last.attachments:
        # Nothing was said with them, so the buttons need a text of their own.
        parts[-1] = replace(last, buttons=())
        last = replace(last, attachments=(), text="⬇️", formats=(), reply_to_external_id="")
        return [*parts, replace(last, number=len(parts))]
    return _with_short_end(parts)


def _with_short_end(parts: Sequence[OutgoingPart]) -> list[OutgoingPart]:
    *before, last = parts
    pieces = [
        replace(last, text=last.text[start:end], formats=cut_out(last.formats, start, end), buttons=())
        for start, end in places_of_parts(last.text, BODY_LENGTH)
    ]
    pieces[-1] = replace(pieces[-1], buttons=last.buttons)
    pieces[1:] = [replace(piece, reply_to_external_id="") for piece in pieces[1:]]
    return [replace(part, number=number) for number, part in enumerate([*before, *pieces])]


def fields_of(part: OutgoingPart, *, media_id: str = "") -> dict[str, Any]:
    """The body of the call that sends it; a file was uploaded before."""
    fields = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **address_of(part),
        **_content(part, media_id),
        "biz_opaque_callback_data": part.client_key,
    }
    if part.reply_to_external_id:
        fields["context"] = {"message_id": part.reply_to_external_id}
    return fields


def address_of(part: OutgoingPart) -> dict[str, str]:
    """To the number exactly as it came, and to the id, for those who hide their number."""
    number, user_id = part.thread.get("wa_id"), part.thread.get("user_id")
    if not number and not user_id:
        name = "to" if part.chat_external_id.isdecimal() else "recipient"
        return {name: part.chat_external_id}
    return ({"to": str(number)} if number else {}) | ({"recipient": str(user_id)} if user_id else {})


def _content(part: OutgoingPart, media_id: str) -> dict[str, Any]:
    if part.template is not None:
        return _template(part)
    if part.attachments:
        return _file(part, media_id)
    if part.buttons:
        return _interactive(part)
    body = marked(part.text, part.formats, at_most=TEXT_LENGTH)
    return {"type": "text", "text": {"body": body, "preview_url": True}}


def _file(part: OutgoingPart, media_id: str) -> dict[str, Any]:
    attachment = part.attachments[0]
    method, medium = method_of(attachment), {"id": media_id}
    if method in CAPTIONED and part.text:
        medium["caption"] = marked(part.text, part.formats, at_most=CAPTION_LENGTH)
    if method == "document":
        medium["filename"] = attachment.name or "file"
    return {"type": method, method: medium}


def _template(part: OutgoingPart) -> dict[str, Any]:
    said = part.template
    if said is None:
        raise ValueError("no template")
    parameters = [{"type": "text", "text": value} for value in said.parameters]
    components = [{"type": "body", "parameters": parameters}] if parameters else []
    template = {"name": said.name, "language": {"code": said.language}, "components": components}
    return {"type": "template", "template": template}


def _interactive(part: OutgoingPart) -> dict[str, Any]:
    buttons = [button for row in part.buttons for button in row]
    if len(buttons) > MOST_ROWS:
        raise ConnectorError(_("WhatsApp shows at most 10 buttons."), kind="PERMANENT")
    body = {"text": marked(part.text, part.formats, at_most=BODY_LENGTH)}
    if len(buttons) <= MOST_REPLIES:
        action: dict[str, Any] = {"buttons": [_reply(button) for button in buttons]}
        return {"type": "interactive", "interactive": {"type": "button", "body": body, "action": action}}
    rows = [{"id": button.payload, "title": _label(button, ROW_TITLE)} for button in buttons]
    action = {"button": _("Choose")[:LIST_TITLE], "sections": [{"rows": rows}]}
    return {"type": "interactive", "interactive": {"type": "list", "body": body, "action": action}}


def _reply(button: Button) -> dict[str, Any]:
    return {"type": "reply", "reply": {"id": button.payload, "title": _label(button, REPLY_TITLE)}}


def _label(button: Button, most: int) -> str:
    label = f"✅ {button.text}" if button.is_chosen else button.text
    return label if len(label) <= most else f"{label[: most - 1]}…"
