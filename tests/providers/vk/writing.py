"""What a message may hold: VKontakte's rules for keyboards, and the files that were uploaded before."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.providers.vk.model import Fields, Refused, World

FILE = re.compile(r"(photo|doc|audio_message|video)(-?\d+)_(\d+)(?:_(\w+))?")
BUTTONS = ("text", "callback", "open_link", "location", "vkpay", "open_app")
COLOURS = ("primary", "secondary", "positive", "negative")


def attached(world: World, names: str) -> list[Fields]:
    """Raises ``Refused`` for what was never saved."""
    found = []
    for name in filter(None, names.split(",")):
        match = FILE.fullmatch(name)
        saved = world.uploaded.get(f"{match[2]}_{match[3]}") if match else None
        if saved is None:
            raise Refused(100, f"One of the parameters specified was missing or invalid: {name}")
        found.append(saved)
    if len(found) > 10:
        raise Refused(100)
    return found


def checked_keyboard(asked: Mapping[str, str]) -> Fields | None:
    if not asked.get("keyboard"):
        return None
    try:
        keyboard: Fields = json.loads(asked["keyboard"])
        rows, is_inline = keyboard["buttons"], keyboard.get("inline", False)
        most_rows, most_buttons = (6, 10) if is_inline else (10, 40)
        fits = (
            len(rows) <= most_rows and sum(map(len, rows)) <= most_buttons and all(1 <= len(row) <= 5 for row in rows)
        )
        good = all(_is_good(button) for row in rows for button in row)
        is_whole = not (is_inline and keyboard.get("one_time"))
    except (AttributeError, LookupError, TypeError, ValueError):
        raise Refused(911) from None
    if not (fits and good and is_whole):
        raise Refused(911)
    return keyboard


def _is_good(button: Any) -> bool:
    action = button["action"]
    payload = action.get("payload", "{}")
    json.loads(payload)
    is_labelled = 0 < len(action.get("label", "")) <= 40
    return (
        action["type"] in BUTTONS
        and is_labelled
        and len(payload) <= 255
        and button.get("color", "secondary") in COLOURS
    )  # fmt: skip


def forwarded_reply(world: World, peer: int, asked: Mapping[str, str]) -> int:
    """The number of the message that is answered."""
    if not asked.get("forward"):
        return int(asked.get("reply_to") or 0)
    forward = json.loads(asked["forward"])
    said = forward["conversation_message_ids"]
    (cmid,) = said if isinstance(said, list) else [said]
    if forward.get("peer_id") != peer or not forward.get("is_reply") or world.message(peer, cmid) is None:
        raise Refused(100)
    return int(cmid)
