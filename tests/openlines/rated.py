"""A line that asks for ratings, and what a client answers."""

import json
from typing import Any
from uuid import uuid4

from channels_connectors.inbox import keep_event, process_channel
from openlines.models import Dialog, Line, Message, Rating
from openlines.services.closing import finish_dialog
from tests.scenes import Scene, sent

ASKS = {
    "is_rating_asked": True,
    "rating_text": "How was it, {client}?",
    "rating_thanks_text": "Thank you, {client}!",
    "closing_text": "Bye",
}


def asks(**changes: Any) -> None:
    Line.objects.update(**ASKS | changes)


def asked(scene: Scene, scale: str = "FIVE", **changes: Any) -> Dialog:
    """Olga has finished, and Anna has been asked."""
    asks(rating_scale=scale, **changes)
    sent(scene)
    return finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


def press(scene: Scene, payload: str, *, chat: str = "anna", key: str = "", now: Any = None) -> None:
    """The way that every channel's events go."""
    key = key or uuid4().hex
    event = {"chat": chat, "id": key, "sender": {"name": chat.title()}, "press": payload, "text": "👍"}
    keep_event(channel_id=scene.channel.pk, key=key, body=json.dumps(event).encode())
    process_channel(channel_id=scene.channel.pk, now=now or scene.now)


def rating_of(dialog: Dialog) -> Rating:
    return Rating.objects.get(dialog=dialog)


def request_of(dialog: Dialog) -> Message:
    return dialog.messages.filter(payload__has_key="buttons").latest("seq")


def payload(dialog: Dialog, score: int) -> str:
    return f"rating:{dialog.pk}:{score}"
