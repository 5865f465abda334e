"""What Viber takes from a bot, and what it finds wrong: statuses and limits of its REST API."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

Fields = Mapping[str, Any]

MEGABYTE = 1024 * 1024
LARGEST_REQUEST = 30 * 1024
BAD, MISSING, NOT_REGISTERED, NOT_SUBSCRIBED = 3, 4, 5, 6
PICTURES = (".jpg", ".jpeg", ".png", ".gif")
KEY_ACTIONS = ("reply", "open-url", "location-picker", "share-phone", "none")
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class SeenMessage:
    """A message of ours on the client's phone; ``token`` is Viber's number of it."""

    token: int
    receiver: str
    fields: Fields
    content: bytes = b""
    keyboard: tuple[str, ...] = field(default=())


class Refused(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def check_message(fields: Fields, size: int, *, is_welcome: bool = False) -> None:
    """Raises ``Refused``."""
    if size > LARGEST_REQUEST:
        raise Refused(BAD, "request is too large")
    _require(fields, ("type",) if is_welcome else ("type", "receiver"))
    sender = fields.get("sender") or {}
    if not sender.get("name"):
        raise Refused(MISSING, "sender.name is missing")
    _at_most(sender["name"], 28, "sender.name")
    _at_most(fields.get("tracking_data") or "", 4000, "tracking_data")
    if fields["type"] not in CHECKS:
        raise Refused(BAD, f"unknown type {fields['type']}")
    CHECKS[fields["type"]](fields)
    if fields.get("keyboard"):
        _check_keyboard(fields["keyboard"])


def labels_of(fields: Fields) -> tuple[str, ...]:
    return tuple(button.get("Text", "") for button in (fields.get("keyboard") or {}).get("Buttons", ()))


def _text(fields: Fields) -> None:
    _require(fields, ("text",))
    _at_most(fields["text"], 7000, "text")


def _picture(fields: Fields) -> None:
    _require(fields, ("media",))
    _at_most(fields.get("text") or "", 768, "text")
    if not urlsplit(fields["media"]).path.lower().endswith(PICTURES):
        raise Refused(BAD, "media has no extension of a picture")


def _video(fields: Fields) -> None:
    _require(fields, ("media", "size"))
    if fields["size"] > 26 * MEGABYTE or (fields.get("duration") or 0) > 180:
        raise Refused(BAD, "the video is too large or too long")
    if not urlsplit(fields["media"]).path.lower().endswith(".mp4"):
        raise Refused(BAD, "media is no MP4")


def _file(fields: Fields) -> None:
    _require(fields, ("media", "size", "file_name"))
    _at_most(fields["file_name"], 256, "file_name")
    if fields["size"] > 50 * MEGABYTE or not PurePosixPath(fields["file_name"]).suffix:
        raise Refused(BAD, "the file is too large, or its name has no extension")


def _location(fields: Fields) -> None:
    _require(fields.get("location") or {}, ("lat", "lon"))


def _contact(fields: Fields) -> None:
    _require(fields.get("contact") or {}, ("name", "phone_number"))


def _url(fields: Fields) -> None:
    _require(fields, ("media",))
    _at_most(fields["media"], 2000, "media")


def _sticker(fields: Fields) -> None:
    _require(fields, ("sticker_id",))


CHECKS = {
    "text": _text, "picture": _picture, "video": _video, "file": _file, "location": _location, "contact": _contact,
    "url": _url, "sticker": _sticker,
}  # fmt: skip


def _check_keyboard(keyboard: Fields) -> None:
    if keyboard.get("Type") != "keyboard" or not keyboard.get("Buttons"):
        raise Refused(BAD, "not a keyboard")
    rows, columns = 0, 0
    for button in keyboard["Buttons"]:
        _require(button, ("ActionBody",))
        if button.get("ActionType", "reply") not in KEY_ACTIONS or not 1 <= button.get("Columns", 6) <= 6:
            raise Refused(BAD, "not a button")
        if button.get("BgColor") and not COLOUR.fullmatch(button["BgColor"]):
            raise Refused(BAD, "not a colour")
        _at_most(button.get("Text", ""), 250, "Text")
        columns += button.get("Columns", 6)
        rows, columns = (rows + 1, 0) if columns >= 6 else (rows, columns)
    if rows > 24:
        raise Refused(BAD, "the keyboard is too high")


def _require(fields: Fields, names: tuple[str, ...]) -> None:
    for name in names:
        if fields.get(name) in (None, ""):
            raise Refused(MISSING, f"{name} is missing")


def _at_most(text: str, limit: int, name: str) -> None:
    if len(text) > limit:
        raise Refused(BAD, f"{name} is longer than {limit}")
