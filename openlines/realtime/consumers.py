"""The operators' socket: frames out, heartbeats, typing and looking in. See docs/realtime.md."""

import json
import time
import uuid
from typing import Any

from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from common.errors import DomainError
from common.events import publish
from common.hub import Socket, local_hub
from crm.models import User
from openlines.access import visible_dialog, visible_dialogs
from openlines.attention import note_look
from openlines.changes import send_frame
from openlines.console import digest
from openlines.events import ConsoleBeat, ConsoleClosed, ConsoleOpened, OperatorTyped
from openlines.models import Dialog
from openlines.presenters import iso
from openlines.services.lines import RECONNECT
from openlines.streams import audience_of, streams_of, user_stream

NOT_SIGNED_IN = 4401
NO_ACCESS = 4403
COME_BACK = 4000
TYPING_PAUSE = 2.0
VIEWING_PAUSE = 0.5
MAX_FRAME = 4096
RECONNECT_FRAME = json.dumps(RECONNECT)


def in_thread(function: Any) -> Any:
    """Database work off the event loop, on the pool that Channels shares."""

    def run(*args: Any) -> Any:
        close_old_connections()
        return function(*args)

    return sync_to_async(run, thread_sensitive=False)


class ConsoleConsumer(AsyncWebsocketConsumer):
    """One open console of a member of staff; with ``?onlooker=1`` a page that only shows a conversation, which brings
    nobody on the line: offers could not be seen there."""

    # Frames come through the hub; a channel layer would add a Redis subscription and a task to every socket.
    channel_layer_alias = None
    user: User
    socket: Socket | None = None

    async def connect(self) -> None:
        await self.accept()
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.close(NOT_SIGNED_IN)
        elif not user.works_with_clients:
            await self.close(NO_ACCESS)
        else:
            await self._begin(user)

    async def _begin(self, user: User) -> None:
        self.user = user
        self.connection_id = uuid.uuid4()
        self.is_onlooker = b"onlooker=1" in self.scope["query_string"]
        self.typed_at = self.viewed_at = 0.0
        self.viewing_id: int | None = None
        streams = await in_thread(streams_of)(user)
        self.socket = await local_hub().join(self._deliver, streams)
        await self._tell_presence(ConsoleOpened)
        await self.send(json.dumps({
            "type": "hello", "server_time": iso(timezone.now()), "heartbeat_seconds": settings.HEARTBEAT_SECONDS,
        }))  # fmt: skip

    async def _deliver(self, frame: str) -> None:
        if frame == RECONNECT_FRAME:
            await self.close(COME_BACK)
        else:
            await self.send(frame)

    async def disconnect(self, code: int) -> None:
        if self.socket is not None:
            local_hub().leave(self.socket)
            self.socket = None
            await in_thread(self._look_away)()
            if self.viewing_id is not None:
                await in_thread(self._stop_viewing)()
            await self._tell_presence(ConsoleClosed)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        frame = _parsed(text_data)
        if self.socket is None or frame is None:
            return
        if frame.get("type") in ("heartbeat", "visibility") and isinstance(frame.get("is_visible"), bool):
            await in_thread(self._note_look)(frame["is_visible"])
        if frame.get("type") == "heartbeat":
            answer = await in_thread(self._beat)()
            await (self.close(NO_ACCESS) if answer is None else self.send(answer))
        elif frame.get("type") == "typing" and isinstance(frame.get("dialog_id"), int):
            await in_thread(self._type)(frame["dialog_id"])
        elif frame.get("type") == "viewing" and isinstance(frame.get("dialog_id"), int | None):
            await in_thread(self._view)(frame.get("dialog_id"))

    async def _tell_presence(self, event: type[ConsoleOpened | ConsoleClosed]) -> None:
        if not self.is_onlooker:
            await in_thread(publish)(event(self.connection_id, self.user.pk))

    def _beat(self) -> str | None:
        """Also the net under the frame that tells a console that its rights have changed."""
        self.user.refresh_from_db(fields=["is_active", "role", "is_superuser"])
        if not self.user.works_with_clients:
            return None
        if not self.is_onlooker:
            publish(ConsoleBeat(self.connection_id, self.user.pk))
        return json.dumps({"type": "heartbeat", "digest": digest(self.user), "server_time": iso(timezone.now())})

    def _note_look(self, is_visible: bool) -> None:
        """A page beside the console shows no offers: who looks at it is woken all the same."""
        if self.is_onlooker:
            return
        note_look(user_id=self.user.pk, connection_id=self.connection_id, is_visible=is_visible)

    def _look_away(self) -> None:
        note_look(user_id=self.user.pk, connection_id=self.connection_id, is_visible=False)

    def _type(self, dialog_id: int) -> None:
        if time.monotonic() - self.typed_at < TYPING_PAUSE:
            return
        self.typed_at = time.monotonic()
        try:
            dialog = visible_dialog(self.user, dialog_id)
        except DomainError:
            return
        author = {"kind": "OPERATOR", "id": self.user.pk, "name": self.user.name}
        frame = {"type": "typing", "dialog_id": dialog_id, "author": author}
        send_frame(frame, to=audience_of(dialog), unless=[user_stream(self.user.pk)])
        if self.user.pk in {dialog.owner_id, *dialog.participant_ids}:
            publish(OperatorTyped(dialog_id, self.user.pk))

    def _view(self, dialog_id: int | None) -> None:
        """Who has a dialog before them is shown to the others there, until they have another or were not heard of."""
        if self.is_onlooker or time.monotonic() - self.viewed_at < VIEWING_PAUSE:
            return
        self.viewed_at = time.monotonic()
        if self.viewing_id != dialog_id:
            self._stop_viewing()
        dialog = None if dialog_id is None else visible_dialogs(self.user).filter(pk=dialog_id).first()
        if dialog is None or not dialog.is_open or self._watches_silently(dialog):
            return
        self.viewing_id = dialog.pk
        self._tell_viewing(dialog, is_over=False)

    def _watches_silently(self, dialog: Dialog) -> bool:
        """Whoever steers looks over shoulders without a word, unless the dialog is theirs or they were invited."""
        is_above = self.user.is_supervisor or self.user.is_administrator
        return is_above and self.user.pk not in {dialog.owner_id, *dialog.participant_ids}

    def _stop_viewing(self) -> None:
        before, self.viewing_id = self.viewing_id, None
        dialog = None if before is None else Dialog.objects.filter(pk=before).first()
        if dialog is not None:
            self._tell_viewing(dialog, is_over=True)

    def _tell_viewing(self, dialog: Dialog, *, is_over: bool) -> None:
        operator = {"id": self.user.pk, "name": self.user.name}
        frame = {"type": "viewing", "dialog_id": dialog.pk, "operator": operator, "is_over": is_over}
        send_frame(frame, to=audience_of(dialog), unless=[user_stream(self.user.pk)])


def _parsed(text: str | None) -> dict[str, Any] | None:
    """Anything but a small JSON object is ignored: the socket takes no commands that matter."""
    if text is None or len(text) > MAX_FRAME:
        return None
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None
