"""Our messages as calls of VKontakte."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account, Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.vk.api import ask, unreadable
from channels_connectors.vk.errors import connector_error
from channels_connectors.vk.keys import random_id_of
from channels_connectors.vk.uploads import name_of, upload_to_messages
from openlines.types import Button, Buttons, OutgoingPart, SentMessage

LABEL_LENGTH, PAYLOAD_LENGTH = 40, 255
INLINE_ROW, INLINE_BUTTONS = 5, 10
NAMED = ("photo", "doc", "audio_message", "video", "audio", "wall", "market", "graffiti")


def send_message(part: OutgoingPart, account: Account) -> Receipt:
    """``peer_ids`` rather than ``peer_id``: only then the answer has the message's number in its chat."""
    peer_id = peer_of(part.chat_external_id)
    files = [upload_to_messages(attachment, account, peer_id=peer_id) for attachment in part.attachments]
    answer = ask(
        account, "messages.send",
        peer_ids=peer_id, random_id=random_id_of(part.client_key), message=part.text or None,
        attachment=",".join(files) or None, keyboard=keyboard_of(part.buttons, part.thread),
        forward=_answered(peer_id, part.reply_to_external_id),
    )  # fmt: skip
    return Receipt(parts=(_number_in_chat(answer, account),))


def _number_in_chat(answer: Any, account: Account) -> str:
    try:
        (said,) = answer
        if "error" in said:
            raise connector_error(said["error"])
        if said.get("conversation_message_id"):
            return str(int(said["conversation_message_id"]))
        # One that was sent before is told without it.
        found = ask(account, "messages.getById", is_reading=True, message_ids=int(said["message_id"]))
        return str(int(found["items"][0]["conversation_message_id"]))
    except (LookupError, TypeError, ValueError, AttributeError):
        raise unreadable() from None


def _answered(peer_id: int, external_id: str) -> str | None:
    if not external_id.isdecimal():
        return None
    return json.dumps({"peer_id": peer_id, "conversation_message_ids": [int(external_id)], "is_reply": True})


def edit_message(sent: SentMessage, part: OutgoingPart, account: Account) -> None:
    peer_id, cmid = peer_of(sent.chat_external_id), cmid_of(sent.external_ids[0])
    ask(
        account, "messages.edit",
        peer_id=peer_id, cmid=cmid, message=part.text, keep_forward_messages=1, keep_snippets=1,
        attachment=_files_of(account, peer_id, cmid) if sent.has_media else None,
        keyboard=keyboard_of(part.buttons, part.thread),
    )  # fmt: skip


def _files_of(account: Account, peer_id: int, cmid: int) -> str | None:
    """What the message carries by now: an edit that does not name it would take it away."""
    found = ask(
        account, "messages.getByConversationMessageId", is_reading=True, peer_id=peer_id, conversation_message_ids=cmid
    )  # fmt: skip
    try:
        attachments = found["items"][0].get("attachments") or []
        names = [name_of(item["type"], item[item["type"]]) for item in attachments if item["type"] in NAMED]
    except (LookupError, TypeError, AttributeError):
        raise unreadable() from None
    return ",".join(names) or None


def delete_message(sent: SentMessage, account: Account) -> None:
    cmids = ",".join(str(cmid_of(external_id)) for external_id in sent.external_ids)
    ask(account, "messages.delete", peer_id=peer_of(sent.chat_external_id), cmids=cmids, delete_for_all=1)


def keyboard_of(buttons: Buttons, thread: Mapping[str, Any]) -> str | None:
    """Below the message where the client's application can show them there, else instead of its keyboard; old ones
    know no presses that are not messages."""
    if not buttons:
        return None
    kind = "callback" if thread.get("callback", True) else "text"
    is_inline = bool(thread.get("inline", True)) and sum(map(len, buttons)) <= INLINE_BUTTONS
    rows = [[_button(button, kind) for button in row] for row in _rows(buttons)]
    place: dict[str, Any] = {"inline": True} if is_inline else {"one_time": True}
    return json.dumps(place | {"buttons": rows}, ensure_ascii=False)


def _rows(buttons: Buttons) -> Iterator[tuple[Button, ...]]:
    for row in buttons:
        yield from (row[start : start + INLINE_ROW] for start in range(0, len(row), INLINE_ROW))


def _button(button: Button, kind: str) -> dict[str, Any]:
    label = f"✅ {button.text}" if button.is_chosen else button.text
    payload = json.dumps({"button": button.payload, "label": button.text}, ensure_ascii=False)
    if len(payload) > PAYLOAD_LENGTH:
        payload = json.dumps({"button": button.payload}, ensure_ascii=False)
    return {"action": {"type": kind, "label": label[:LABEL_LENGTH], "payload": payload}}


def peer_of(chat_external_id: str) -> int:
    try:
        return int(chat_external_id)
    except ValueError:
        raise ConnectorError(_("This chat is none of VKontakte's."), kind="PERMANENT") from None


def cmid_of(external_id: str) -> int:
    if not external_id.isdecimal():
        raise ConnectorError(_("This message has no number at VKontakte."), kind="PERMANENT")
    return int(external_id)
