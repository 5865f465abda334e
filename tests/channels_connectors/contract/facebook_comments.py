"""Comments below a Facebook page's posts, played by their simulator."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.channels_connectors.contract.driver import Arrived, Payload
from tests.channels_connectors.contract.on_meta import MetaDriver
from tests.providers.meta.model import FB_USER, PAGE_ID, POST_ID, START, Comment
from tests.providers.meta.server import MetaSimulator
from tests.providers.meta.webhooks import feed

FIRST = "555_1"


class FacebookCommentsDriver(MetaDriver):
    kind = "facebook_comments"
    cannot: ClassVar[Mapping[str, str]] = {
        "file": "comments hold pictures and films",
        "voice": "comments hold pictures and films",
        "audio": "comments hold pictures and films",
        "sticker": "stickers come as pictures",
        "location": "no places in comments",
        "contact": "no cards in comments",
        "album": "one picture in a comment",
        "press": "no buttons below comments",
        "blocked_in": "Facebook does not tell",
        "unblocked_in": "Facebook does not tell",
        "typing_in": "Facebook does not tell",
        "reaction": "likes are not asked for",
        "receipts": "nobody knows who reads comments",
        "send_long_text": "a comment is one: longer ones are refused before they are sent",
        "send_file": "comments take pictures only",
        "send_voice": "comments take pictures only",
        "send_video": "comments take pictures only",
        "send_album": "one picture in a comment",
        "send_buttons": "no buttons below comments",
        "template": "no window, so no templates",
        "typing_out": "there is no such thing below posts",
        "read_out": "there is no such thing below posts",
        "window": "no window: comments may be answered at any time",
        "refresh": "tokens of pages don't end",
        "poll": "webhooks, with a look for lost ones: it has a test of its own",
        "photo": "Facebook gives no pictures of those who comment",
    }

    def __init__(self, simulator: MetaSimulator) -> None:
        super().__init__(simulator)
        self._comment(FIRST, "Hello")

    def _comment(self, pk: str, text: str, *, author: str = FB_USER, parent: str = "") -> None:
        self.world.write_comment(Comment(pk, POST_ID, author, text, START, parent=parent))

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._added(number, text)

    def _added(self, number: int, text: str, *, parent: str = "", **more: Any) -> Payload:
        self._comment(f"555_{number}", text, parent=parent)
        return feed("add", f"555_{number}", text, parent=parent or POST_ID, **more)

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        names = {"IMAGE": "photo", "VIDEO": "video"}
        url = self.file(f"{names[kind]}.bin", self.content_of(kind))
        return self._added(number, caption, **{names[kind]: url})

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self._added(number, text, parent=to)

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        return feed("edited", f"555_{number}", text)

    def delete_in(self, *, number: int = 1) -> Payload:
        return feed("remove", f"555_{number}")

    def echo(self, text: str) -> Payload:
        self._comment("555_own", text, author=PAGE_ID, parent=FIRST)
        return feed("add", "555_own", text, author=PAGE_ID, parent=FIRST)

    def unknown(self) -> Payload:
        return self._added(1, "")

    @property
    def chat(self) -> str:
        return f"{POST_ID}:{FB_USER}"

    @property
    def thread(self) -> Mapping[str, Any]:
        return {"comment_id": FIRST, "post_id": POST_ID}

    def arrived(self) -> list[Arrived]:
        own = [
            Arrived(external_id=one.id, text=one.text, kind="IMAGE" if one.picture else "TEXT", reply_to=one.parent)
            for one in self.world.comments.values()
            if one.author == self.own_id
        ]
        return [*own, *(Arrived(external_id=sent.id, text=sent.text) for sent in self.world.sent)]

    def hidden(self) -> list[str]:
        return [one.id for one in self.world.comments.values() if one.is_hidden]


DRIVER = FacebookCommentsDriver
