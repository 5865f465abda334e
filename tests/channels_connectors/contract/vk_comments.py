"""Comments on the wall of a community of VKontakte, played by their simulator."""

from collections.abc import Mapping
from typing import ClassVar

from tests.channels_connectors.contract.driver import Arrived, Payload
from tests.channels_connectors.contract.vk import KINDS, NAMES, PICTURE, CommunityDriver
from tests.providers.conftest import a_picture
from tests.providers.vk.model import FIRST_DATE

POST = 33
FAULTS = {
    "flood": "429", "outage": "502", "timeout_before": "hang_before", "timeout_after": "hang_after",
    "permanent": "permanent",
}  # fmt: skip
NO_MESSAGES = "comments have nothing of the sort"


class VkCommentsDriver(CommunityDriver):
    kind = "vk_comments"
    cannot: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(
            ("voice", "location", "contact", "press", "blocked_in", "unblocked_in", "typing_in", "reaction", "receipts",
             "send_buttons", "typing_out", "read_out", "template", "private_reply", "blocked", "window"), NO_MESSAGES,
        ),
        "video": "VKontakte gives no file of a video: it arrives as a link",
        "batch": "a webhook brings one event at a time",
        "send_long_text": "a comment holds more than anybody reads",
        "send_album": "files go out one by one",
        "edit": "takes the key of a moderator, see test_comments.py",
        "delete": "takes the key of a moderator, see test_comments.py",
        "hide": "VKontakte has no hidden comments",
        "refresh": "keys of communities don't end",
    }  # fmt: skip

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self.once(number, lambda: self.anna.comments(text, date=FIRST_DATE + number))

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        item = self.anna.attachment(NAMES[kind], self.content_of(kind))
        return self.once(number, lambda: self.anna.comments(caption, attachments=[item]))

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self.once(number, lambda: self.anna.comments(text, reply_to=int(to)))

    def album(self) -> list[Payload]:
        pictures = [self.anna.attachment("photo", picture) for picture in (PICTURE, a_picture(80))]
        return [self.anna.comments("", attachments=pictures)]

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        return self.anna.edits_comment(self._done[number]["object"]["id"], text)

    def delete_in(self, *, number: int = 1) -> Payload:
        return self.anna.deletes_comment(self._done[number]["object"]["id"])

    def echo(self, text: str) -> Payload:
        asked = self.anna.comments("How much?")["object"]["id"]
        return self.anna.staff_comment(text, reply_to=asked)

    def unknown(self) -> Payload:
        return self.anna.comments("", attachments=[{"type": "hologram", "hologram": {"id": 1}}])

    @property
    def chat(self) -> str:
        return f"{POST}:{self.anna.id}"

    @property
    def thread(self) -> Payload:
        """That of the first comment of the test; whoever has none yet gets one."""
        first = self.once(1, lambda: self.anna.comments("Hello"))["object"]
        return {"owner_id": -self.world.group_id, "post_id": POST, "comment_id": first["id"]}

    def arrived(self) -> list[Arrived]:
        return [
            Arrived(
                external_id=str(answer.id), text=answer.text, reply_to=str(answer.reply_to),
                kind=KINDS[answer.attachments[0]["type"]] if answer.attachments else "TEXT",
            )
            for answer in self.anna.answers()
        ]  # fmt: skip

    def fail(self, how: str) -> None:
        if how == "token":
            self.world.group_token = "vk1.a.AnotherTokenThanBefore"
        else:
            self.simulator.fault(FAULTS[how], path="wall.createComment", seconds=3)

    def write_for_poll(self, text: str) -> None:
        self.anna.comments(text)


DRIVER = VkCommentsDriver
