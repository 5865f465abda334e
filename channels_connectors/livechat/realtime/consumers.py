"""The visitors' socket: hints that their conversation changed, typing both ways. HTTP is the truth."""

import json
import time
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import timezone

from channels_connectors.livechat.origins import require_known_origin
from channels_connectors.livechat.queries import newest_dialog
from channels_connectors.livechat.services import show_visitor_typing
from channels_connectors.livechat.streams import visitor_stream
from channels_connectors.livechat.throttles import SOCKETS_OF_ADDRESS, TooFast, take_turn
from channels_connectors.livechat.tokens import UnknownVisitor, visitor_of
from channels_connectors.livechat.widgets import Widget, open_widget
from common.errors import DomainError
from common.hub import Socket, local_hub
from openlines.presenters import iso
from openlines.realtime.consumers import in_thread

UNKNOWN_VISITOR = 4401
REFUSED = 4403
TOO_MANY = 4429
TYPING_PAUSE = 2.0
MAX_FRAME = 1024
# Visitors are many, and nobody counts on their presence: they beat more seldom than consoles.
CALM = 2


class VisitorConsumer(AsyncWebsocketConsumer):
    """One open chat of one visitor. It listens to the visitor's own stream, whether they have written or not."""

    socket: Socket | None = None
    widget: Widget
    visitor: str
    typed_at = 0.0

    async def connect(self) -> None:
        await self.accept()
        try:
            await in_thread(self._admit)()
        except TooFast:
            await self.close(TOO_MANY)
        except UnknownVisitor:
            await self.close(UNKNOWN_VISITOR)
        except DomainError:
            await self.close(REFUSED)
        else:
            self.socket = await local_hub().join(self.send, [visitor_stream(self.widget.channel.pk, self.visitor)])
            pause = settings.HEARTBEAT_SECONDS * CALM
            await self._say("hello", server_time=iso(timezone.now()), heartbeat_seconds=pause)

    def _admit(self) -> None:
        take_turn(SOCKETS_OF_ADDRESS, (self.scope.get("client") or ("",))[0], now=timezone.now())
        self.widget = open_widget(self.scope["url_route"]["kwargs"]["key"])
        headers = dict(self.scope["headers"])
        origin, host = headers.get(b"origin", b"").decode("latin-1"), headers.get(b"host", b"").decode("latin-1")
        require_known_origin(self.widget, origin, host)
        token = parse_qs(self.scope["query_string"].decode("latin-1")).get("token", [""])[0]
        self.visitor = visitor_of(token, channel_id=self.widget.channel.pk)

    async def disconnect(self, code: int) -> None:
        if self.socket is not None:
            local_hub().leave(self.socket)
            self.socket = None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        kind = _kind(text_data)
        if self.socket is None or kind is None:
            return
        if kind == "heartbeat":
            await self._say("heartbeat", dialog=await in_thread(self._newest_dialog)())
        elif kind == "typing" and time.monotonic() - self.typed_at >= TYPING_PAUSE:
            self.typed_at = time.monotonic()
            await in_thread(self._type)()

    def _newest_dialog(self) -> Any:
        return newest_dialog(self.widget, self.visitor, now=timezone.now())

    def _type(self) -> None:
        show_visitor_typing(widget=self.widget, visitor=self.visitor)

    async def _say(self, kind: str, **fields: object) -> None:
        await self.send(json.dumps({"type": kind, **fields}))


def _kind(text: str | None) -> Any:
    """What a frame wants; anything but a small JSON object is ignored."""
    if text is None or len(text) > MAX_FRAME:
        return None
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return frame.get("type") if isinstance(frame, dict) else None
