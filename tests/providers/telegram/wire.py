"""Requests as the Bot API reads them: JSON, form, multipart or query, and always loosely typed."""

import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.providers.telegram.model import ApiError, Fields, bad_request

LARGEST_UPLOAD = 50 * 1024 * 1024


@dataclass(kw_only=True)
class Upload:
    name: str
    mime: str
    content: bytes


@dataclass(kw_only=True)
class Params:
    """The parameters of one call."""

    values: Fields = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name, default)
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str, default: int = 0) -> int:
        try:
            return int(self.values.get(name, default))
        except (TypeError, ValueError):
            return default

    def boolean(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in ("true", "1", "yes")

    def parsed(self, name: str) -> Any:
        """A parameter that is itself JSON."""
        value = self.values.get(name)
        if not isinstance(value, str) or value == "":
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        reference = str(self.values.get(name, ""))
        return self.uploads.get(reference.removeprefix("attach://")) or self.uploads.get(name)

    def summary(self) -> Fields:
        """For the ledger: files by their size, not by their bytes."""
        files = {
            name: {"file_name": upload.name, "size": len(upload.content), "mime": upload.mime}
            for name, upload in self.uploads.items()
        }
        return {**self.values, **files}


async def read_params(request: web.Request) -> Params:
    params = Params(values=dict(request.query))
    if request.content_type == "application/json":
        params.values |= await _json(request)
    elif request.can_read_body:
        await _read_form(request, params)
    return params


async def _json(request: web.Request) -> Fields:
    with contextlib.suppress(ValueError):
        body = json.loads(await request.read() or b"{}")
        if isinstance(body, dict):
            return body
    raise bad_request("can't parse JSON object")


async def _read_form(request: web.Request, params: Params) -> None:
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    for name, value in form.items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            params.uploads[name] = Upload(name=value.filename, mime=value.content_type, content=content)
        else:
            params.values[name] = value
