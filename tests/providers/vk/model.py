"""What the simulated VKontakte knows."""

import itertools
from dataclasses import dataclass, field
from typing import Any

Fields = dict[str, Any]

GROUP_ID = 555
FIRST_DATE = 1_790_000_000
VERSION = "5.199"
RIGHTS = ("manage", "messages", "photos", "docs", "wall")


class Refused(Exception):
    """VKontakte's way to say no."""

    def __init__(self, code: int, words: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.words = words or WORDS.get(code, "One of the parameters specified was missing or invalid")


WORDS = {
    5: "User authorization failed: invalid access_token (4).",
    6: "Too many requests per second",
    9: "Flood control",
    10: "Internal server error",
    14: "Captcha needed",
    15: "Access denied: no access to call this method",
    27: "Group authorization failed: method is unavailable with group auth.",
    29: "Rate limit reached",
    900: "Can't send messages for users from blacklist",
    901: "Can't send messages for users without permission",
    902: "Can't send messages to this user due to their privacy settings",
    909: "Can't edit this message, because it's too old",
    911: "Keyboard format is invalid",
    914: "Message is too long",
    924: "Can't delete this message for everybody",
    950: "Can't send message, reply timed out",
}


@dataclass
class Person:
    id: int
    first_name: str
    last_name: str = ""
    screen_name: str = ""
    photo: bytes = b""
    refusal: int = 0
    typing_seen: int = 0
    read_up_to: int = 0
    notices: list[str] = field(default_factory=list)


@dataclass
class Message:
    id: int
    cmid: int
    peer_id: int
    from_id: int
    text: str
    date: int
    random_id: int = 0
    attachments: list[Fields] = field(default_factory=list)
    keyboard: Fields | None = None
    reply_to: int = 0
    payload: str = ""
    extra: Fields = field(default_factory=dict)
    admin: int = 0
    is_deleted: bool = False
    is_old: bool = False

    @property
    def is_out(self) -> bool:
        return self.from_id < 0


@dataclass
class Comment:
    id: int
    post_id: int
    from_id: int
    text: str
    date: int
    attachments: list[Fields] = field(default_factory=list)
    reply_to: int = 0
    reply_to_user: int = 0
    guid: str = ""
    is_deleted: bool = False


@dataclass
class CallbackServer:
    id: int
    url: str
    title: str
    secret_key: str
    status: str = "unconfigured"
    types: set[str] = field(default_factory=set)


class World:
    """One community, its people, and everything that was said."""

    def __init__(self) -> None:
        self.group_id = GROUP_ID
        self.group_name = "Loft & Co"
        self.group_token = "vk1.a.GroupTokenOfTheSimulator"
        self.user_token = "vk1.a.UserTokenOfTheSimulator"
        self.rights = set(RIGHTS)
        self.code = "c0de1234"
        self.people: dict[int, Person] = {}
        self.messages: list[Message] = []
        self.comments: list[Comment] = []
        self.posts: set[int] = {33}
        self.servers: list[CallbackServer] = []
        self.long_poll_types: set[str] = set()
        self.long_poll_key = "key-1"
        # What long polls may still ask for; ``forgotten`` events came before.
        self.history: list[Fields] = []
        self.forgotten = 0
        self.files: dict[str, tuple[bytes, str]] = {}
        self.uploaded: dict[str, Fields] = {}
        self.answered_presses: list[Fields] = []
        self.numbers = itertools.count(1)

    def number(self) -> int:
        return next(self.numbers)

    def date(self) -> int:
        return FIRST_DATE + self.number()

    def next_cmid(self, peer_id: int) -> int:
        return 1 + max((message.cmid for message in self.messages if message.peer_id == peer_id), default=0)

    def message(self, peer_id: int, cmid: int) -> Message | None:
        found = (m for m in self.messages if (m.peer_id, m.cmid) == (peer_id, cmid) and not m.is_deleted)
        return next(found, None)

    def comment(self, comment_id: int) -> Comment | None:
        return next((c for c in self.comments if c.id == comment_id and not c.is_deleted), None)


def message_object(world: World, message: Message) -> Fields:
    """As events and methods tell it."""
    value: Fields = {
        "id": message.id, "conversation_message_id": message.cmid, "date": message.date, "peer_id": message.peer_id,
        "from_id": message.from_id, "out": int(message.is_out), "text": message.text, "random_id": message.random_id,
        "attachments": message.attachments, "fwd_messages": [], "important": False, "is_hidden": False, "version": 1000,
    }  # fmt: skip
    answered = world.message(message.peer_id, message.reply_to)
    if answered is not None:
        value["reply_message"] = message_object(world, answered) | {"reply_message": None}
        del value["reply_message"]["reply_message"]
    if message.payload:
        value["payload"] = message.payload
    if message.admin:
        value["admin_author_id"] = message.admin
    return value | message.extra


def comment_object(world: World, comment: Comment) -> Fields:
    value: Fields = {
        "id": comment.id, "from_id": comment.from_id, "date": comment.date, "text": comment.text,
        "post_id": comment.post_id, "owner_id": -world.group_id, "post_owner_id": -world.group_id,
        "parents_stack": [comment.reply_to] if comment.reply_to else [],
    }  # fmt: skip
    if comment.attachments:
        value["attachments"] = comment.attachments
    if comment.reply_to:
        value |= {"reply_to_comment": comment.reply_to, "reply_to_user": comment.reply_to_user}
    if not comment.reply_to:
        value["thread"] = {"count": 0}
    return value
