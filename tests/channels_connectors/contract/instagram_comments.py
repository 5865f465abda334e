"""Comments below an Instagram account's posts, played by their simulator."""

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.channels_connectors.contract.driver import Payload
from tests.channels_connectors.contract.facebook_comments import FacebookCommentsDriver
from tests.channels_connectors.contract.on_meta import MetaDriver
from tests.providers.meta.model import IG_ID, IG_USER, MEDIA_ID, START, Comment
from tests.providers.meta.server import MetaSimulator
from tests.providers.meta.webhooks import ig_comment

FIRST = "179_1"
NO_FILES = "comments hold no files"


class InstagramCommentsDriver(FacebookCommentsDriver):
    kind = "instagram_comments"
    about = "instagram"
    own_id = IG_ID
    cannot: ClassVar[Mapping[str, str]] = {
        **FacebookCommentsDriver.cannot,
        **dict.fromkeys(("image", "video", "file", "voice", "audio", "sticker", "send_image", "media"), NO_FILES),
        **dict.fromkeys(("blocked_in", "unblocked_in", "typing_in"), "Instagram does not tell"),
        **dict.fromkeys(("send_file", "send_voice", "send_video"), "answers below posts are texts"),
        "edit_in": "Instagram has no editing of comments",
        "delete_in": "Instagram does not tell of deletions",
        "edit": "Instagram has no editing of comments",
        "blocked": "who comments can be answered",
        "photo": "Instagram gives no pictures of those who comment",
        "refresh": "with this log-in tokens don't end; the other has a test of its own",
    }

    def __init__(self, simulator: MetaSimulator) -> None:
        MetaDriver.__init__(self, simulator)
        self._comment(FIRST, "Hello")

    def _comment(self, pk: str, text: str, *, author: str = IG_USER, parent: str = "") -> None:
        self.world.write_comment(Comment(pk, MEDIA_ID, author, text, START, parent=parent))

    def _added(self, number: int, text: str, *, parent: str = "", **more: Any) -> Payload:
        self._comment(f"179_{number}", text, parent=parent)
        return ig_comment(f"179_{number}", text, parent=parent, **more)

    def echo(self, text: str) -> Payload:
        self._comment("179_own", text, author=IG_ID, parent=FIRST)
        return ig_comment("179_own", text, author=IG_ID, parent=FIRST)

    @property
    def chat(self) -> str:
        return f"{MEDIA_ID}:{IG_USER}"

    @property
    def thread(self) -> Mapping[str, Any]:
        return {"comment_id": FIRST, "media_id": MEDIA_ID}


DRIVER = InstagramCommentsDriver
