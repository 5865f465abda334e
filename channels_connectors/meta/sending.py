"""The Send API, which Messenger, Instagram and private replies to comments share."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account, ChatRef, Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.meta.graph import Graph
from openlines.types import Button, OutgoingAttachment, OutgoingMessage, OutgoingPart

Fields = dict[str, Any]
Attach = Callable[[OutgoingAttachment], Fields]

TEMPLATE_TEXT, TEMPLATE_BUTTONS = 640, 3
MOST_QUICK_REPLIES, BUTTON_LENGTH, PAYLOAD_LENGTH = 13, 20, 1000
WINDOW_SECONDS, HUMAN_AGENT_SECONDS = 24 * 3600, 7 * 24 * 3600


def send_part(
    part: OutgoingPart, *, graph: Graph, sender: str, attach: Attach, account: Account, keyed: bool
) -> Receipt:
    """``sender`` is the page or account that speaks, ``attach`` puts a file where Meta finds it; with ``keyed`` the
    echo tells which of our messages it is."""
    message = _message(part, attach)
    if keyed:
        message["metadata"] = part.client_key
    body: Fields = {"recipient": {"id": part.chat_external_id}, "messaging_type": "RESPONSE", "message": message}
    try:
        return _send(graph, sender, body)
    except ConnectorError as error:
        # The tag is for people alone, and only where the window has closed.
        if error.kind != "WINDOW" or part.is_automatic or not has_human_agent(account.settings):
            raise
    return _send(graph, sender, body | {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"})


def has_human_agent(settings: Mapping[str, Any]) -> bool:
    return settings.get("human_agent") is True


def send_private_reply(part: OutgoingPart, *, graph: Graph, sender: str) -> Receipt:
    comment_id = part.reply_to_external_id or str(part.thread.get("comment_id", ""))
    return _send(graph, sender, {"recipient": {"comment_id": comment_id}, "message": {"text": part.text}})


def private_part(message: OutgoingMessage, *, limit: int, length: int) -> OutgoingPart:
    """The one message that a comment may be answered with in private. Raises ``ConnectorError``."""
    if message.attachments or not message.text.strip():
        raise ConnectorError(_("A private reply is a text, without files."), kind="PERMANENT")
    if length > limit:
        words = _("A private reply is one message: %(length)d of at most %(limit)d.")
        raise ConnectorError(words % {"length": length, "limit": limit}, kind="PERMANENT")
    return OutgoingPart(
        message_id=message.message_id, number=0, chat_external_id=message.chat_external_id, text=message.text,
        thread=message.thread, reply_to_external_id=message.reply_to_external_id, is_private_reply=True,
        is_automatic=message.is_automatic,
    )  # fmt: skip


def act(action: str, chat: ChatRef, *, graph: Graph, sender: str) -> None:
    """``typing_on``, ``mark_seen`` …"""
    graph.post(f"{sender}/messages", {"recipient": {"id": chat.external_id}, "sender_action": action})


def _send(graph: Graph, sender: str, body: Fields) -> Receipt:
    answer = graph.post(f"{sender}/messages", body)
    return Receipt(parts=(str(answer["message_id"]),))


def _message(part: OutgoingPart, attach: Attach) -> Fields:
    if part.attachments:
        (attachment,) = part.attachments
        return {"attachment": attach(attachment)}
    buttons = [button for row in part.buttons for button in row][:MOST_QUICK_REPLIES]
    if not buttons:
        return {"text": part.text}
    if len(buttons) <= TEMPLATE_BUTTONS and len(part.text) <= TEMPLATE_TEXT:
        return {"attachment": {"type": "template", "payload": _template(part.text, buttons)}}
    return {"text": part.text, "quick_replies": [{"content_type": "text", **_button(button)} for button in buttons]}


def _template(text: str, buttons: list[Button]) -> Fields:
    return {
        "template_type": "button", "text": text, "buttons": [{"type": "postback", **_button(b)} for b in buttons],
    }  # fmt: skip


def _button(button: Button) -> Fields:
    return {"title": button.text[:BUTTON_LENGTH], "payload": button.payload[:PAYLOAD_LENGTH]}
