"""Visitors of a website chat, as their browsers speak."""

import json
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from channels_connectors.livechat.widgets import Widget
from openlines.models import Dialog

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


class Visitor:
    def __init__(self, widget: Widget, *, origin: str = "", language: str = "en") -> None:
        self.widget = widget
        self.browser = Client(headers={"Accept-Language": language} | ({"Origin": origin} if origin else {}))
        self.token = ""

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to a call under the chat's address, with the visitor's token."""
        known = {"Authorization": f"Visitor {self.token}"} if self.token else {}
        content = body if isinstance(body, str | bytes) else json.dumps(body or {})
        address = path if path.startswith("/") else f"/chat/{self.widget.key}/{path}"
        if method == "GET":
            return self.browser.get(address, headers=known | headers)
        return self.browser.generic(method, address, content, content_type="application/json", headers=known | headers)

    def arrive(self) -> "Visitor":
        self.token = self.call("POST", "session/").json()["token"]
        return self

    def write(self, text: str = "Hello", *, message_id: str = "", **fields: Any) -> Any:
        return self.call(
            "POST", "messages/", {"client_message_id": message_id or str(uuid.uuid4()), "text": text, **fields}
        )

    def upload(self, content: bytes = PNG, name: str = "photo.png") -> Any:
        address = f"/chat/{self.widget.key}/files/"
        file = SimpleUploadedFile(name, content)
        return self.browser.post(address, {"file": file}, headers={"Authorization": f"Visitor {self.token}"})

    def messages(self, query: str = "") -> Any:
        return self.call("GET", f"messages/{query}").json()

    def texts(self) -> list[str]:
        return [message["text"] for message in self.messages()["messages"]]

    @property
    def dialog(self) -> Dialog:
        return Dialog.objects.filter(channel=self.widget.channel).latest("pk")
