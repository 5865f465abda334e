"""Files: what bots and customers send, and how Telegram describes it."""

import hashlib
import io
import mimetypes
import secrets
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.providers.telegram.model import Fields, StoredFile, World, bad_request
from tests.providers.telegram.wire import LARGEST_UPLOAD, Params, Upload

LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_DOWNLOAD = 20 * 1024 * 1024
FOLDERS = {
    "photo": ("photos", ".jpg"),
    "voice": ("voice", ".oga"),
    "video": ("videos", ".mp4"),
    "animation": ("animations", ".mp4"),
    "audio": ("music", ".mp3"),
    "video_note": ("video_notes", ".mp4"),
    "sticker": ("stickers", ".webp"),
    "document": ("documents", ""),
}


def store(world: World, kind: str, upload: Upload) -> StoredFile:
    folder, suffix = FOLDERS[kind]
    suffix = suffix or mimetypes.guess_extension(upload.mime) or ".bin"
    unique_id = hashlib.sha256(upload.content).hexdigest()[:16]
    file = StoredFile(
        file_id=f"AgAC{secrets.token_urlsafe(24)}",
        unique_id=unique_id,
        path=f"{folder}/file_{len(world.files)}{suffix}",
        content=upload.content,
        name=upload.name,
        mime=upload.mime,
    )
    world.files[file.file_id] = file
    return file


def content_fields(world: World, kind: str, upload: Upload, **extra: Any) -> Fields:
    """The field of a message that describes this file."""
    if not upload.content:
        raise bad_request("file must be non-empty")
    if kind == "photo":
        return {"photo": photo_sizes(world, upload)}
    described = {**_described(store(world, kind, upload), kind), **extra}
    # An animation is also given as a document, for clients that know no animations.
    return {kind: described} | ({"document": _plain(described)} if kind == "animation" else {})


def photo_sizes(world: World, upload: Upload) -> list[Fields]:
    if len(upload.content) > LARGEST_PHOTO:
        size = len(upload.content)
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes"
        )
    try:
        picture = Image.open(io.BytesIO(upload.content))
        picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    width, height = picture.size
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    small = picture.convert("RGB")
    small.thumbnail((90, 90))
    return [_size(world, small), _size(world, picture.convert("RGB"))]


def _size(world: World, picture: Image.Image) -> Fields:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=90)
    file = store(world, "photo", Upload(name="photo.jpg", mime="image/jpeg", content=stream.getvalue()))
    return _reference(file) | {"width": picture.width, "height": picture.height}


def _reference(file: StoredFile) -> Fields:
    return {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.content)}


def _described(file: StoredFile, kind: str) -> Fields:
    fields = _reference(file)
    if kind in ("video", "animation"):
        fields |= {"width": 640, "height": 360, "duration": 3}
    if kind in ("voice", "audio"):
        fields["duration"] = 3
    if kind == "video_note":
        fields |= {"length": 240, "duration": 3}
    if kind == "sticker":
        sizes = {"width": 512, "height": 512}
        return fields | sizes | {"type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}
    if kind != "video_note":
        fields["mime_type"] = file.mime
    if kind not in ("voice", "video_note"):
        fields["file_name"] = file.name
    return fields


def _plain(described: Fields) -> Fields:
    names = ("file_id", "file_unique_id", "file_size", "file_name", "mime_type")
    return {name: described[name] for name in names if name in described}


def sent_file(world: World, params: Params, kind: str) -> Upload:
    """The file of a send method: uploaded, or one that Telegram has already."""
    upload = params.upload(kind)
    if upload is not None:
        if len(upload.content) > LARGEST_UPLOAD:
            raise bad_request("file is too big")
        return upload
    reference = params.text(kind)
    if not reference:
        raise bad_request(f"there is no {kind} in the request")
    if reference not in world.files:
        raise bad_request("wrong file identifier/HTTP URL specified")
    file = world.files[reference]
    return Upload(name=file.name, mime=file.mime, content=file.content)
