"""Upload servers: they take a file and say what the method that saves it wants to hear."""

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from PIL import Image, UnidentifiedImageError

from tests.providers.vk.model import Fields, Refused, World

REFUSED_FILES = (".exe", ".mp3", ".bat")


class Uploads:
    def __init__(self, world: World, base_url: Callable[[], str]) -> None:
        self._world = world
        self._base_url = base_url
        self._taken: dict[str, tuple[str, str, bytes]] = {}

    def photos_get_messages_upload_server(self, asked: Mapping[str, str]) -> Any:
        return {"upload_url": f"{self._base_url()}/upload/photo", "album_id": -64, "group_id": self._world.group_id}

    def docs_get_messages_upload_server(self, asked: Mapping[str, str]) -> Any:
        kind = asked.get("type") or "doc"
        if kind not in ("doc", "audio_message", "graffiti") or int(asked["peer_id"]) not in self._world.people:
            raise Refused(100)
        return {"upload_url": f"{self._base_url()}/upload/{kind}"}

    def docs_get_wall_upload_server(self, asked: Mapping[str, str]) -> Any:
        return {"upload_url": f"{self._base_url()}/upload/doc"}

    async def take(self, request: web.Request) -> web.Response:
        kind = request.match_info["kind"]
        wanted = ("photo", "file0") if kind == "photo" else ("file",)
        found = [(name, content) for field, name, content in await _files(request) if field in wanted]
        if not found:
            return web.json_response({"error": "ERR_UPLOAD_BAD_FILE", "error_code": 0})
        (name, content), key = found[0], f"taken-{self._world.number()}"
        if kind == "photo":
            is_read = _is_picture(content)
            photo = json.dumps([{"photo": key}]) if is_read else "[]"
            self._taken[key] = (kind, name, content)
            return web.json_response({"server": 1, "photo": photo, "hash": f"h-{key}"})
        if not content or name.lower().endswith(REFUSED_FILES):
            return web.json_response({"error": "wrong file type", "error_descr": "this type is not allowed"})
        self._taken[key] = (kind, name, content)
        return web.json_response({"file": key})

    def photos_save_messages_photo(self, asked: Mapping[str, str]) -> Any:
        (taken,) = json.loads(asked["photo"])
        if asked["hash"] != f"h-{taken['photo']}" or asked["server"] != "1":
            raise Refused(121, "Invalid hash")
        _kind, _name, content = self._taken[taken["photo"]]
        return [self._keep("photo", photo_object(self._world, self._base_url(), content))]

    def docs_save(self, asked: Mapping[str, str]) -> Any:
        if asked["file"] not in self._taken:
            raise Refused(105, "Couldn't save file")
        kind, name, content = self._taken[asked["file"]]
        if kind == "audio_message":
            return {"type": kind, kind: self._keep(kind, voice_object(self._world, self._base_url(), content))}
        saved = document_object(self._world, self._base_url(), asked.get("title") or name, content)
        return {"type": "doc", "doc": self._keep("doc", saved)}

    def _keep(self, kind: str, saved: Fields) -> Fields:
        self._world.uploaded[f"{saved['owner_id']}_{saved['id']}"] = {"type": kind, kind: saved}
        return saved


async def _files(request: web.Request) -> list[tuple[str, str, bytes]]:
    form = await request.post()
    return [(name, item.filename, item.file.read()) for name, item in form.items() if isinstance(item, web.FileField)]


def _is_picture(content: bytes) -> bool:
    try:
        Image.open(io.BytesIO(content)).load()
    except (UnidentifiedImageError, OSError):
        return False
    return True


def keep_file(world: World, base_url: str, content: bytes, mime: str, suffix: str) -> str:
    name = f"{world.number()}{suffix}"
    world.files[name] = (content, mime)
    return f"{base_url}/files/{name}"


def photo_object(world: World, base_url: str, content: bytes, owner: int = -1) -> Fields:
    with Image.open(io.BytesIO(content)) as picture:
        width, height = picture.size
        small = io.BytesIO()
        picture.convert("RGB").resize((75, 75)).save(small, "JPEG")
    sizes = [("s", small.getvalue(), 75, 75), ("x", content, width, height)]
    return {
        "id": world.number(), "owner_id": owner, "album_id": -64, "date": world.date(), "access_key": "key",
        "text": "", "has_tags": False,
        "sizes": [
            {"type": kind, "url": keep_file(world, base_url, data, "image/jpeg", ".jpg"), "width": w, "height": h}
            for kind, data, w, h in sizes
        ],
    }  # fmt: skip


def document_object(world: World, base_url: str, name: str, content: bytes, owner: int = -1) -> Fields:
    url = keep_file(world, base_url, content, "application/octet-stream", "")
    return {
        "id": world.number(), "owner_id": owner, "title": name, "size": len(content), "ext": name.rpartition(".")[2],
        "date": world.date(), "type": 8, "url": url, "access_key": "key",
    }  # fmt: skip


def voice_object(world: World, base_url: str, content: bytes, owner: int = -1) -> Fields:
    return {
        "id": world.number(), "owner_id": owner, "duration": 4, "waveform": [1, 2, 3], "access_key": "key",
        "link_ogg": keep_file(world, base_url, content, "audio/ogg", ".ogg"),
        "link_mp3": keep_file(world, base_url, content, "audio/mpeg", ".mp3"),
    }  # fmt: skip
