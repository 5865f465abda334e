"""The methods of the API that our connectors and the judges use."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.providers.vk.model import Comment, Fields, Message, Refused, World, comment_object, message_object
from tests.providers.vk.writing import attached, checked_keyboard, forwarded_reply

LONGEST_MESSAGE, LONGEST_COMMENT = 4096, 16384
MOST_PEERS = 100

Emit = Callable[[str, Fields], Fields]
Asked = Mapping[str, str]


class Methods:
    def __init__(self, world: World, emit: Emit, base_url: Callable[[], str]) -> None:
        self._world = world
        self._emit = emit
        self._base_url = base_url

    # The community.

    def groups_get_by_id(self, asked: Asked) -> Any:
        world = self._world
        is_group = self._is_group(asked)
        if not asked.get("group_ids") and not asked.get("group_id") and not is_group:
            return {"groups": [], "profiles": []}
        wanted = int(asked.get("group_ids") or asked.get("group_id") or world.group_id)
        name = world.group_name if wanted == world.group_id else f"Community {wanted}"
        group = {"id": wanted, "name": name, "screen_name": f"club{wanted}", "is_closed": 0, "type": "group"}
        return {"groups": [group], "profiles": []}

    def groups_get_token_permissions(self, asked: Asked) -> Any:
        if not self._is_group(asked):
            raise Refused(5)
        return {"mask": 1, "permissions": [{"name": name, "setting": 1} for name in sorted(self._world.rights)]}

    # People.

    def users_get(self, asked: Asked) -> Any:
        self._is_group(asked)
        ids = [int(part) for part in asked.get("user_ids", "").split(",") if part.lstrip("-").isdecimal()]
        return [self._user(self._world.people[pk]) for pk in ids if pk in self._world.people]

    def _user(self, person: Any) -> Fields:
        photo = f"{self._base_url()}/files/photo-{person.id}.jpg" if person.photo else f"{self._base_url()}{NO_PHOTO}"
        return {
            "id": person.id, "first_name": person.first_name, "last_name": person.last_name, "photo_200": photo,
            "screen_name": person.screen_name or f"id{person.id}", "can_access_closed": True, "is_closed": False,
        }  # fmt: skip

    # Messages.

    def messages_send(self, asked: Asked) -> Any:
        self._require(asked, "messages")
        if "random_id" not in asked:
            raise Refused(100, "One of the parameters specified was missing or invalid: random_id is undefined")
        peers = [int(peer) for peer in (asked.get("peer_ids") or asked.get("peer_id") or asked["user_id"]).split(",")]
        if len(peers) > MOST_PEERS:
            raise Refused(100)
        if "peer_ids" not in asked:
            return self._send(peers[0], asked)["message_id"]
        return [self._sent_or_why_not(peer, asked) for peer in peers]

    def _sent_or_why_not(self, peer: int, asked: Asked) -> Fields:
        try:
            return self._send(peer, asked)
        except Refused as refusal:
            if refusal.code < 900:
                raise
            return {"peer_id": peer, "error": {"code": refusal.code, "description": refusal.words}}

    def _send(self, peer: int, asked: Asked) -> Fields:
        world, random_id = self._world, int(asked["random_id"])
        for known in world.messages:
            if random_id and (known.peer_id, known.random_id, known.is_out) == (peer, random_id, True):
                return {"peer_id": peer, "message_id": known.id}
        person = world.people.get(peer)
        if person is None or person.refusal:
            raise Refused(person.refusal if person else 901)
        text, files = asked.get("message", ""), attached(world, asked.get("attachment", ""))
        if len(text) > LONGEST_MESSAGE:
            raise Refused(914)
        if not text and not files:
            raise Refused(100, "One of the parameters specified was missing or invalid: message is empty or invalid")
        message = Message(
            id=world.number(), cmid=world.next_cmid(peer), peer_id=peer, from_id=-world.group_id, text=text,
            date=world.date(), random_id=random_id, attachments=files, keyboard=checked_keyboard(asked),
            reply_to=forwarded_reply(world, peer, asked),
        )  # fmt: skip
        world.messages.append(message)
        self._emit("message_reply", message_object(world, message))
        return {"peer_id": peer, "message_id": message.id, "conversation_message_id": message.cmid}

    def messages_edit(self, asked: Asked) -> Any:
        self._require(asked, "messages")
        message = self._own(asked, "cmid", "conversation_message_id")
        if message.is_old:
            raise Refused(909)
        files = attached(self._world, asked.get("attachment", ""))
        if not asked.get("message") and not files:
            raise Refused(100)
        message.text, message.attachments = asked.get("message", ""), files
        message.keyboard = checked_keyboard(asked)
        return 1

    def messages_delete(self, asked: Asked) -> Any:
        self._require(asked, "messages")
        peer, done = int(asked["peer_id"]), {}
        for cmid in map(int, (asked.get("cmids") or asked["conversation_message_ids"]).split(",")):
            message = self._world.message(peer, cmid)
            if message is not None and (message.is_old or not message.is_out):
                raise Refused(924)
            if message is not None:
                message.is_deleted = True
            done[str(cmid)] = int(message is not None)
        return done

    def _own(self, asked: Asked, *names: str) -> Message:
        cmid = next((asked[name] for name in names if asked.get(name)), "0")
        message = self._world.message(int(asked["peer_id"]), int(cmid))
        if message is None or not message.is_out:
            raise Refused(100)
        return message

    def messages_get_by_id(self, asked: Asked) -> Any:
        ids = {int(part) for part in asked["message_ids"].split(",")}
        return self._listed([m for m in self._world.messages if m.id in ids and not m.is_deleted])

    def messages_get_by_conversation_message_id(self, asked: Asked) -> Any:
        wanted = [int(part) for part in asked["conversation_message_ids"].split(",")]
        found = (self._world.message(int(asked["peer_id"]), cmid) for cmid in wanted)
        return self._listed([message for message in found if message is not None])

    def _listed(self, messages: list[Message]) -> Fields:
        return {"count": len(messages), "items": [message_object(self._world, message) for message in messages]}

    def messages_mark_as_read(self, asked: Asked) -> Any:
        self._require(asked, "messages")
        person = self._world.people[int(asked["peer_id"])]
        newest = self._world.next_cmid(person.id) - 1
        person.read_up_to = int(asked["up_to_cmid"]) if asked.get("up_to_cmid") else newest
        return 1

    def messages_set_activity(self, asked: Asked) -> Any:
        self._require(asked, "messages")
        if asked.get("type") not in ("typing", "audiomessage", "file", "photo", "video"):
            raise Refused(100)
        self._world.people[int(asked["peer_id"])].typing_seen += 1
        return 1

    def messages_send_message_event_answer(self, asked: Asked) -> Any:
        self._require(asked, "messages")
        data = json.loads(asked.get("event_data") or "{}")
        if len(asked.get("event_data", "")) > 1000 or (data and data.get("type") not in NOTICES):
            raise Refused(100)
        self._world.answered_presses.append({"event_id": asked["event_id"], **data})
        return 1

    # The wall.

    def wall_create_comment(self, asked: Asked) -> Any:
        self._require(asked, "wall")
        world, guid, text = self._world, asked.get("guid", ""), asked.get("message", "")
        for known in world.comments:
            if guid and known.guid == guid:
                return {"comment_id": known.id, "parents_stack": [known.reply_to] if known.reply_to else []}
        files = attached(world, asked.get("attachments", ""))
        answered = world.comment(int(asked["reply_to_comment"])) if asked.get("reply_to_comment") else None
        is_here = int(asked["owner_id"]) == -world.group_id and int(asked["post_id"]) in world.posts
        if not is_here or (not text and not files) or len(text) > LONGEST_COMMENT:
            raise Refused(100)
        comment = Comment(
            id=world.number(), post_id=int(asked["post_id"]), from_id=-world.group_id, text=text, date=world.date(),
            attachments=files, guid=guid, reply_to=answered.id if answered else 0,
            reply_to_user=answered.from_id if answered else 0,
        )  # fmt: skip
        world.comments.append(comment)
        self._emit("wall_reply_new", comment_object(world, comment))
        return {"comment_id": comment.id, "parents_stack": [comment.reply_to] if comment.reply_to else []}

    def wall_edit_comment(self, asked: Asked) -> Any:
        comment = self._moderated(asked)
        comment.text = asked["message"]
        self._emit("wall_reply_edit", comment_object(self._world, comment))
        return 1

    def wall_delete_comment(self, asked: Asked) -> Any:
        comment = self._moderated(asked)
        comment.is_deleted = True
        gone = {"owner_id": -self._world.group_id, "id": comment.id, "deleter_id": 9, "post_id": comment.post_id}
        self._emit("wall_reply_delete", gone)
        return 1

    def _moderated(self, asked: Asked) -> Comment:
        if self._is_group(asked):
            raise Refused(27)
        comment = self._world.comment(int(asked["comment_id"]))
        if comment is None:
            raise Refused(100)
        return comment

    # Who asks.

    def _is_group(self, asked: Asked) -> bool:
        """Raises ``Refused`` for tokens that nobody was given."""
        token = asked.get("access_token", "")
        if token not in (self._world.group_token, self._world.user_token):
            raise Refused(5)
        return token == self._world.group_token

    def _require(self, asked: Asked, right: str) -> None:
        if not self._is_group(asked) or right not in self._world.rights:
            raise Refused(15)


NO_PHOTO = "/images/camera_200.png"
NOTICES = ("show_snackbar", "open_link", "open_app")
