"""Several pictures and videos as one message."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from telegram import InputFile, InputMediaDocument, InputMediaPhoto, InputMediaVideo, Message, ReplyParameters

from channels_connectors.errors import ConnectorError
from channels_connectors.telegram.chats import Place
from channels_connectors.telegram.entities import entities_of
from channels_connectors.telegram.methods import method_of
from openlines.types import OutgoingAttachment, OutgoingPart

InputMedia = InputMediaPhoto | InputMediaVideo | InputMediaDocument
MAKERS: dict[str, Callable[..., InputMedia]] = {
    "photo": InputMediaPhoto, "video": InputMediaVideo, "document": InputMediaDocument,
}  # fmt: skip
ALBUM_METHODS = ("photo", "video")


def with_albums_that_telegram_takes(parts: Sequence[OutgoingPart]) -> list[OutgoingPart]:
    """An album has no buttons, and takes neither animations nor what goes as a file: such ones go one by one."""
    apart = [piece for part in parts for piece in ([part] if _is_taken(part) else _one_by_one(part))]
    return [replace(part, number=number) for number, part in enumerate(apart)]


def _is_taken(part: OutgoingPart) -> bool:
    if len(part.attachments) < 2:
        return True
    return not part.buttons and all(method_of(attachment) in ALBUM_METHODS for attachment in part.attachments)


def _one_by_one(part: OutgoingPart) -> list[OutgoingPart]:
    first, *others = part.attachments
    bare = replace(part, text="", formats=(), buttons=(), reply_to_external_id="")
    pieces = [replace(part, attachments=(first,), buttons=()), *(replace(bare, attachments=(one,)) for one in others)]
    pieces[-1] = replace(pieces[-1], buttons=part.buttons)
    return pieces


def send_album(part: OutgoingPart, place: Place, reply: ReplyParameters | None, call: Any) -> list[Message]:
    """As pictures; where Telegram can't show one of them, as files, which still arrive together."""
    try:
        return _send(part, place, reply, call, method_of)
    except ConnectorError as error:
        if error.kind != "PERMANENT":
            raise
    return _send(part, place, reply, call, lambda _attachment: "document")


def _send(
    part: OutgoingPart,
    place: Place,
    reply: ReplyParameters | None,
    call: Any,
    method: Callable[[OutgoingAttachment], str],
) -> list[Message]:
    with ExitStack() as files:
        media = [
            _medium(part, number, attachment, method(attachment), files.enter_context(Path(attachment.path).open("rb")))
            for number, attachment in enumerate(part.attachments)
        ]
        sent = call(
            lambda bot: bot.send_media_group(
                place.chat_id, media, reply_parameters=reply, business_connection_id=place.business_connection_id
            )
        )
        return list(sent)


def _medium(part: OutgoingPart, number: int, attachment: OutgoingAttachment, method: str, file: BinaryIO) -> InputMedia:
    """The words stand below the first."""
    content = InputFile(file, filename=attachment.name or None, read_file_handle=False, attach=True)
    words = {"caption": part.text, "caption_entities": entities_of(part.text, part.formats)} if number == 0 else {}
    return MAKERS[method](content, **words)
