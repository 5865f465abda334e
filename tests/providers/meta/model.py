"""What the simulated Meta knows: an app, a page with its Instagram account, people, messages, posts, comments."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

APP_ID, APP_SECRET, INSTAGRAM_SECRET = "424242424242", "app-secret-of-loft", "instagram-secret-of-loft"
PAGE_ID, PAGE_NAME, PAGE_TOKEN = "1000001", "Loft", "EAAPage" + "p" * 40
USER_TOKEN, LASTING_TOKEN = "EAAUser" + "u" * 40, "EAALong" + "l" * 40
IG_ID, IG_NAME, IG_TOKEN = "17841400000001", "loft", "IGAALoft" + "i" * 40
OTHER_PAGE_ID = "1000002"
PSID, IGSID, FB_USER, IG_USER = "7000000000000007", "8000000000000008", "9000000000000009", "6000000000000006"
POST_ID, MEDIA_ID = f"{PAGE_ID}_555", "17900000000000005"
START = 1_790_000_000
SCOPES = (
    "pages_messaging", "pages_manage_metadata", "pages_read_engagement", "pages_manage_engagement",
    "pages_read_user_content", "instagram_basic", "instagram_manage_messages", "instagram_manage_comments",
)  # fmt: skip
WEEK = 7 * 24 * 3600


class Refused(Exception):
    """As the Graph API words it."""

    def __init__(self, code: int, message: str, subcode: int | None = None, *, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.subcode, self.message, self.status = code, subcode, message, status

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {
            "message": f"(#{self.code}) {self.message}", "type": "OAuthException", "code": self.code,
            "fbtrace_id": "AbCdEf",
        }  # fmt: skip
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": error}


@dataclass
class Token:
    kind: str
    owner: str
    is_valid: bool = True
    scopes: tuple[str, ...] = SCOPES
    app_id: str = APP_ID


@dataclass
class Sent:
    """A message that a client sees."""

    id: str
    to: str
    via: str
    text: str = ""
    kind: str = "TEXT"
    buttons: tuple[str, ...] = ()
    metadata: str = ""
    tag: str = ""
    name: str = ""
    content: bytes = b""
    url: str = ""


@dataclass
class Comment:
    id: str
    post: str
    author: str
    text: str
    at: int
    parent: str = ""
    picture: str = ""
    is_hidden: bool = False
    had_private_reply: bool = False


@dataclass
class World:
    """Everything at once; one lock of the simulator guards it."""

    tokens: dict[str, Token] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    uploads: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    app_subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    page_subscriptions: dict[str, set[str]] = field(default_factory=dict)
    seen: dict[str, str] = field(default_factory=dict)
    wrote: dict[str, tuple[int, str]] = field(default_factory=dict)
    typing: set[str] = field(default_factory=set)
    has_human_agent: bool = False
    now: int = START
    repeats_pages: bool = False
    numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.tokens = {
            PAGE_TOKEN: Token("PAGE", PAGE_ID),
            USER_TOKEN: Token("USER", FB_USER),
            LASTING_TOKEN: Token("USER", FB_USER),
            IG_TOKEN: Token("INSTAGRAM", IG_ID),
            f"{APP_ID}|{APP_SECRET}": Token("APP", APP_ID),
        }

    def new_id(self, prefix: str) -> str:
        return f"{prefix}{next(self.numbers)}"

    def write_comment(self, comment: Comment) -> Comment:
        self.comments[comment.id] = comment
        return comment

    def comment(self, comment_id: str) -> Comment:
        if comment_id not in self.comments:
            words = "Unsupported request. Object with ID does not exist"
            raise Refused(100, words, 33)
        return self.comments[comment_id]

    def below(self, post_id: str) -> list[Comment]:
        found = [comment for comment in self.comments.values() if comment.post == post_id]
        return sorted(found, key=lambda comment: comment.at)
