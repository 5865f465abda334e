"""A channel on YouTube, played by its simulator."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

from channels_connectors.connector import Account, WebhookRequest
from tests.channels_connectors.contract.driver import Arrived, Driver, Payload, own_host_allowed
from tests.providers.conftest import a_picture
from tests.providers.youtube import (
    ANNA,
    CLIENT_ID,
    CLIENT_SECRET,
    OUR_CHANNEL,
    REFRESH_TOKEN,
    Comment,
    YouTubeSimulator,
    simulated_youtube,
)

NO_FILES = "answers below videos are texts"


class YouTubeDriver(Driver):
    kind = "youtube"
    cannot: ClassVar[Mapping[str, str]] = {
        "file": "comments carry no files", "voice": "comments carry no files", "audio": "comments carry no files",
        "video": "comments carry no files", "sticker": "comments carry no stickers", "album": "one picture at most",
        "location": "comments carry no places", "contact": "comments carry no cards",
        "delete_in": "a deleted comment is just gone: YouTube tells nobody", "press": "comments have no buttons",
        "blocked_in": "whoever comments can be answered", "unblocked_in": "whoever comments can be answered",
        "typing_in": "YouTube does not tell who is typing", "reaction": "likes are numbers, of nobody by name",
        "receipts": "YouTube gives none", "batch": "a look brings each comment as an event of its own",
        "forged": "we ask YouTube: nobody calls us", "send_image": NO_FILES, "send_file": NO_FILES,
        "send_voice": NO_FILES, "send_video": NO_FILES, "send_album": NO_FILES,
        "send_buttons": "written out as a numbered list", "private_reply": "YouTube has no private messages",
        "template": "no window, so no templates", "typing_out": "there is none", "read_out": "there is none",
        "blocked": "whoever comments can be answered", "window": "no window: any comment can be answered",
        "webhook": "YouTube calls nobody", "webhook_lost": "YouTube calls nobody",
        "refresh": "a refresh token holds until it is taken back; access tokens are asked for as needed",
    }  # fmt: skip

    def __init__(self, youtube: YouTubeSimulator) -> None:
        self.youtube = youtube
        self._written: dict[int, Comment] = {}

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator["YouTubeDriver"]:
        with simulated_youtube() as youtube, own_host_allowed(youtube.base_url):
            yield cls(youtube)

    @property
    def account(self) -> Account:
        credentials = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN}
        own = {"token_url": f"{self.youtube.base_url}/token", "read_seconds": 0.5}
        return Account(
            channel_id=1, credentials=credentials, base_url=self.youtube.base_url, settings=own,
            scope=f"youtube:{OUR_CHANNEL}",
        )  # fmt: skip

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._once(number, text)

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        return self._once(number, caption, image=f"{self.youtube.base_url}/files/picture")

    def content_of(self, kind: str) -> bytes:
        return a_picture(176, 176)

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        thread = next(thread for thread in self.youtube.threads if thread.id == to)
        self._written[number] = self.youtube.answers_to(thread, text)
        return self.youtube.event(self._written[number])

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        self.youtube.changes(self._written[number], text)
        return self.youtube.event(self._written[number])

    def echo(self, text: str) -> Payload:
        return self.youtube.event(self.youtube.answers_to(self._thread, text, author=OUR_CHANNEL))

    def unknown(self) -> Payload:
        event = self.youtube.event(self.youtube.comments())
        event["comment"]["snippet"]["hologramUrl"] = "https://holograms.example.org/1"
        return event

    def request(self, *events: Payload) -> WebhookRequest:
        return WebhookRequest(body=json.dumps(events[-1]).encode())

    @property
    def chat(self) -> str:
        return f"V1:{ANNA}"

    @property
    def thread(self) -> Mapping[str, Any]:
        return {"thread_id": self._thread.id, "comment_id": self._thread.id, "mention": ""}

    @property
    def _thread(self) -> Comment:
        """Anna's, from before the test where it has begun none."""
        if not self._written:
            self._written[0] = self.youtube.comments("Hello")
        return next(iter(self._written.values()))

    def arrived(self) -> list[Arrived]:
        return [
            Arrived(external_id=said.id, text=said.text, reply_to=said.parent) for said in self.youtube.said()
        ]  # fmt: skip

    def fail(self, how: str) -> None:
        faults = {"outage": "502", "timeout_before": "hang_before", "timeout_after": "hang_after"}
        if how == "token":
            self.youtube.revoke()
        else:
            self.youtube.fault(faults.get(how, how), seconds=3, path="/comments")

    def hidden(self) -> list[str]:
        return [thread.id for thread in self.youtube.threads if thread.status != "published"]

    def wrong_token(self) -> Account:
        return replace(self.account, credentials=dict(self.account.credentials) | {"refresh_token": "1//wrong"})

    def write_for_poll(self, text: str) -> None:
        self.youtube.comments(text)

    def is_photo(self, content: bytes) -> bool:
        return content == a_picture(176, 176)

    def _once(self, number: int, text: str, **fields: Any) -> Payload:
        if number not in self._written:
            self._written[number] = self.youtube.comments(text, at=number, **fields)
        return self.youtube.event(self._written[number])


DRIVER = YouTubeDriver
