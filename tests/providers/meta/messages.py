"""The Send API: its limits, its window, its one private reply."""

from typing import Any

from tests.providers.meta.model import IG_ID, IGSID, PSID, WEEK, Refused, Sent, World

KINDS = {"image": "IMAGE", "video": "VIDEO", "audio": "VOICE", "file": "FILE"}
DAY = 24 * 3600


def send(world: World, sender: str, body: dict[str, Any]) -> dict[str, str]:
    """``sender`` is the page, or the Instagram account."""
    recipient = body.get("recipient") or {}
    if "sender_action" in body:
        return _act(world, str(recipient["id"]), body["sender_action"])
    if "comment_id" in recipient:
        return _private_reply(world, sender, str(recipient["comment_id"]), body)
    client = str(recipient.get("id", ""))
    if client not in (PSID, IGSID):
        raise Refused(100, "No matching user found", 2018001)
    tag = _check_window(world, client, body)
    message = body["message"]
    sent = _read(world, message, is_instagram=client == IGSID)
    sent.id, sent.to, sent.via, sent.tag = world.new_id("m_page" if client == PSID else "aWdfpage"), client, sender, tag
    sent.metadata = str(message.get("metadata", ""))
    world.sent.append(sent)
    return {"recipient_id": client, "message_id": sent.id}


def _act(world: World, client: str, action: str) -> dict[str, str]:
    if action == "typing_on":
        world.typing.add(client)
    elif action == "mark_seen":
        world.seen[client] = world.wrote.get(client, (0, ""))[1]
    elif action != "typing_off":
        raise Refused(100, "Param sender_action is not valid")
    return {"recipient_id": client}


def _check_window(world: World, client: str, body: dict[str, Any]) -> str:
    kind, tag = body.get("messaging_type"), str(body.get("tag", ""))
    if kind not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
        raise Refused(100, "Param messaging_type is required")
    silence = world.now - world.wrote.get(client, (0, ""))[0]
    if tag == "HUMAN_AGENT" and world.has_human_agent and silence <= WEEK:
        return tag
    if silence > DAY:
        raise Refused(10, "This message is sent outside of allowed window.", 2018278)
    return tag


def _read(world: World, message: dict[str, Any], *, is_instagram: bool) -> Sent:
    if "attachment" in message and "text" in message:
        raise Refused(100, "Message cannot contain both text and attachment")
    if "attachment" in message:
        attachment = message["attachment"]
        if attachment["type"] == "template":
            return _template(attachment["payload"])
        return _attachment(world, attachment, is_instagram=is_instagram)
    text = str(message.get("text", ""))
    length = len(text.encode()) if is_instagram else len(text)
    if not text or length > (1000 if is_instagram else 2000):
        raise Refused(100, "Length of param message[text] must be less than or equal to the limit")
    replies = message.get("quick_replies", [])
    if len(replies) > 13 or any(len(reply["title"]) > 20 for reply in replies):
        raise Refused(100, "Param message[quick_replies] is not valid")
    return Sent("", "", "", text=text, buttons=tuple(reply["title"] for reply in replies))


def _template(payload: dict[str, Any]) -> Sent:
    buttons = payload["buttons"]
    titles = tuple(button["title"] for button in buttons)
    is_right = payload["template_type"] == "button" and 1 <= len(buttons) <= 3 and len(payload["text"]) <= 640
    if not is_right or any(len(title) > 20 for title in titles) or any(len(b["payload"]) > 1000 for b in buttons):
        raise Refused(100, "Invalid button template")
    return Sent("", "", "", text=payload["text"], buttons=titles)


def _attachment(world: World, attachment: dict[str, Any], *, is_instagram: bool) -> Sent:
    payload = attachment["payload"]
    if is_instagram:
        if not str(payload.get("url", "")).startswith("http"):
            raise Refused(100, "Instagram takes attachments by their address", 2018008)
        return Sent("", "", "", kind=KINDS[attachment["type"]], url=payload["url"])
    if payload.get("attachment_id") not in world.uploads:
        raise Refused(100, "Invalid attachment id", 2018074)
    kind, name, content = world.uploads[payload["attachment_id"]]
    if kind != attachment["type"]:
        raise Refused(100, "The attachment is of another type")
    return Sent("", "", "", kind=KINDS[kind], name=name, content=content)


def _private_reply(world: World, sender: str, comment_id: str, body: dict[str, Any]) -> dict[str, str]:
    comment = world.comment(comment_id)
    if comment.had_private_reply:
        raise Refused(10900, "Activity already replied to")
    if world.now - comment.at > WEEK:
        raise Refused(10903, "This user can't be replied to this activity")
    if set(body["message"]) != {"text"}:
        raise Refused(100, "A private reply is a text")
    comment.had_private_reply = True
    client = IGSID if sender == IG_ID else PSID
    text = str(body["message"]["text"])
    sent = Sent(world.new_id("m_private"), client, sender, text=text, tag="PRIVATE")
    world.sent.append(sent)
    return {"recipient_id": client, "message_id": sent.id}
