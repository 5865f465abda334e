"""What people do at VKontakte: clients, and the staff of the community in VKontakte's own pages."""

import json
from typing import TYPE_CHECKING, Any

from tests.providers.vk.model import Comment, Fields, Message, Person, comment_object, message_object
from tests.providers.vk.uploads import document_object, keep_file, photo_object, voice_object

if TYPE_CHECKING:
    from tests.providers.vk.server import VkSimulator

MODERN = {
    "button_actions": ["text", "vkpay", "open_app", "location", "open_link", "callback"], "keyboard": True,
    "inline_keyboard": True, "carousel": True, "lang_id": 0,
}  # fmt: skip
ADMIN = 9


class PersonHandle:
    """Each thing that is done gives the event that it made."""

    def __init__(self, simulator: "VkSimulator", person: Person) -> None:
        self._simulator = simulator
        self._world = simulator.world
        self.person = person
        self.id = person.id
        self.client_info: Fields = dict(MODERN)

    # Messages.

    def writes(self, text: str = "", *, reply_to: int = 0, payload: Any = None, **extra: Any) -> Fields:
        attachments, date = extra.pop("attachments", []), extra.pop("date", 0)
        with self._simulator.lock:
            message = Message(
                id=self._world.number(), cmid=self._world.next_cmid(self.id), peer_id=self.id, from_id=self.id,
                text=text, date=date or self._world.date(), reply_to=reply_to, attachments=attachments, extra=extra,
                payload=json.dumps(payload, ensure_ascii=False) if payload is not None else "",
            )  # fmt: skip
            self._world.messages.append(message)
            value = {"message": message_object(self._world, message), "client_info": self.client_info}
        return self._simulator.emit("message_new", value)

    def sends(self, kind: str, content: bytes, *, name: str = "file", text: str = "") -> Fields:
        """``photo``, ``doc``, ``audio_message``, ``sticker``, ``graffiti`` …"""
        return self.writes(text, attachments=[self.attachment(kind, content, name)])

    def attachment(self, kind: str, content: bytes, name: str = "file") -> Fields:
        world, base = self._world, self._simulator.base_url
        with self._simulator.lock:
            if kind == "photo":
                return {"type": kind, kind: photo_object(world, base, content, self.id)}
            if kind == "audio_message":
                return {"type": kind, kind: voice_object(world, base, content, self.id)}
            if kind == "sticker":
                images = [{"url": keep_file(world, base, content, "image/png", ".png"), "width": 128, "height": 128}]
                return {"type": kind, kind: {"sticker_id": 14, "product_id": 1, "images": images,
                                             "inner_type": "base_sticker_new"}}  # fmt: skip
            if kind == "audio":
                url = keep_file(world, base, content, "audio/mpeg", ".mp3")
                song = {"id": world.number(), "owner_id": self.id, "artist": "Anna", "title": name, "duration": 9}
                return {"type": kind, kind: song | {"url": url, "date": world.date()}}
            return {"type": "doc", "doc": document_object(world, base, name, content, self.id)}

    def shares_location(self, latitude: float, longitude: float) -> Fields:
        geo = {"type": "point", "coordinates": {"latitude": latitude, "longitude": longitude},
               "place": {"title": "Moscow", "country": "Russia", "city": "Moscow"}}  # fmt: skip
        return self.writes("", geo=geo)

    def edits(self, cmid: int, text: str) -> Fields:
        message = self._message(cmid)
        message.text = text
        return self._simulator.emit("message_edit", message_object(self._world, message))

    def presses(self, cmid: int, label: str) -> Fields:
        """A button below (or, in old applications, instead of) a message of the community's."""
        keyboard = self._message(cmid).keyboard or {"buttons": []}
        found = (b["action"] for row in keyboard["buttons"] for b in row if b["action"]["label"] == label)
        action = next(found)
        if action["type"] == "text":
            return self.writes(label, payload=json.loads(action["payload"]))
        value = {
            "user_id": self.id, "peer_id": self.id, "event_id": f"e{self._world.number()}",
            "payload": json.loads(action["payload"]), "conversation_message_id": cmid,
        }  # fmt: skip
        return self._simulator.emit("message_event", value)

    def reads(self, cmid: int) -> Fields:
        value = {
            "from_id": self.id, "peer_id": self.id, "read_message_id": self._message(cmid).id,
            "conversation_message_id": cmid,
        }  # fmt: skip
        return self._simulator.emit("message_read", value)

    def types(self) -> Fields:
        value = {"from_id": self.id, "to_id": -self._world.group_id, "state": "typing"}
        return self._simulator.emit("message_typing_state", value)

    def reacts(self, cmid: int, reaction_id: int | None) -> Fields:
        value = {"reacted_id": self.id, "peer_id": self.id, "cmid": cmid}
        if reaction_id:
            value["reaction_id"] = reaction_id
        return self._simulator.emit("message_reaction_event", value)

    def allows(self) -> Fields:
        self.person.refusal = 0
        return self._simulator.emit("message_allow", {"user_id": self.id, "key": ""})

    def denies(self) -> Fields:
        self.person.refusal = 901
        return self._simulator.emit("message_deny", {"user_id": self.id})

    def staff_write(self, text: str) -> Fields:
        """Somebody of the staff answers in VKontakte itself."""
        with self._simulator.lock:
            message = Message(
                id=self._world.number(), cmid=self._world.next_cmid(self.id), peer_id=self.id,
                from_id=-self._world.group_id, text=text, date=self._world.date(), random_id=2**30 + 5, admin=ADMIN,
            )  # fmt: skip
            self._world.messages.append(message)
        return self._simulator.emit("message_reply", message_object(self._world, message))

    def received(self) -> list[Message]:
        """What the community wrote and this person still sees."""
        return [m for m in self._world.messages if m.peer_id == self.id and m.is_out and not m.is_deleted]

    def _message(self, cmid: int) -> Message:
        message = self._world.message(self.id, cmid)
        assert message is not None
        return message

    # Comments.

    def comments(self, text: str, *, post: int = 33, reply_to: int = 0, **extra: Any) -> Fields:
        attachments = list(extra.get("attachments", []))
        return self._comment(self.id, text, post, reply_to, attachments, date=extra.get("date", 0))

    def staff_comment(self, text: str, *, post: int = 33, reply_to: int = 0) -> Fields:
        return self._comment(-self._world.group_id, text, post, reply_to, [])

    def _comment(
        self, author: int, text: str, post: int, reply_to: int, attachments: list[Fields], *, date: int = 0
    ) -> Fields:
        with self._simulator.lock:
            answered = self._world.comment(reply_to)
            comment = Comment(
                id=self._world.number(), post_id=post, from_id=author, text=text, date=date or self._world.date(),
                attachments=attachments, reply_to=reply_to, reply_to_user=answered.from_id if answered else 0,
            )  # fmt: skip
            self._world.comments.append(comment)
        return self._simulator.emit("wall_reply_new", comment_object(self._world, comment))

    def edits_comment(self, comment_id: int, text: str) -> Fields:
        comment = self._own_comment(comment_id)
        comment.text = text
        return self._simulator.emit("wall_reply_edit", comment_object(self._world, comment))

    def deletes_comment(self, comment_id: int, *, deleter: int = 0) -> Fields:
        comment = self._own_comment(comment_id)
        comment.is_deleted = True
        gone = {
            "owner_id": -self._world.group_id, "id": comment_id, "deleter_id": deleter or self.id,
            "post_id": comment.post_id,
        }  # fmt: skip
        return self._simulator.emit("wall_reply_delete", gone)

    def restores_comment(self, comment_id: int) -> Fields:
        comment = next(c for c in self._world.comments if c.id == comment_id)
        comment.is_deleted = False
        return self._simulator.emit("wall_reply_restore", comment_object(self._world, comment))

    def answers(self) -> list[Comment]:
        """What the community answered this person below posts."""
        ours = (c for c in self._world.comments if c.from_id < 0 and not c.is_deleted)
        return [comment for comment in ours if comment.reply_to_user == self.id]

    def _own_comment(self, comment_id: int) -> Comment:
        comment = self._world.comment(comment_id)
        assert comment is not None
        return comment
