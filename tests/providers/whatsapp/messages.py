"""What WhatsApp takes from a business, and how it refuses."""

from collections.abc import Mapping
from typing import Any

Fields = Mapping[str, Any]

WINDOW, UNDELIVERABLE, PAIR_RATE, TOKEN, BAD, TEMPLATE, PARAMETERS = 131047, 131026, 131056, 190, 100, 132001, 132000
MEDIA = ("image", "video", "audio", "document", "sticker")
LARGEST = {"image": 5, "video": 16, "audio": 16, "document": 100, "sticker": 0.5}
MIMES = {
    "image": ("image/jpeg", "image/png"), "video": ("video/mp4", "video/3gpp"), "sticker": ("image/webp",),
    "audio": ("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg"),
}  # fmt: skip


class Refused(Exception):
    def __init__(self, code: int, message: str, *, status: int = 400, subcode: int = 0) -> None:
        super().__init__(message)
        self.code, self.status, self.subcode = code, status, subcode

    def said(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": f"(#{self.code}) {self}", "type": "OAuthException", "code": self.code}
        error["error_data"] = {"messaging_product": "whatsapp", "details": str(self)}
        error["fbtrace_id"] = "Az8or2yhqkZfEZ"
        return {"error": error | ({"error_subcode": self.subcode} if self.subcode else {})}


def check_message(fields: Fields, *, files: Mapping[str, tuple[bytes, str]], templates: list[dict[str, Any]]) -> None:
    """Raises ``Refused``."""
    _require(fields.get("messaging_product") == "whatsapp", "messaging_product must be whatsapp")
    _require(bool(fields.get("to") or fields.get("recipient")), "to or recipient is required")
    _require(len(fields.get("biz_opaque_callback_data", "")) <= 512, "biz_opaque_callback_data is too long")
    kind = fields.get("type", "text")
    if kind in MEDIA:
        _check_medium(kind, fields[kind], files)
    elif kind == "text":
        _require(1 <= len(fields["text"]["body"]) <= 4096, "text.body must have 1 to 4096 characters")
    elif kind == "interactive":
        _check_interactive(fields["interactive"])
    elif kind == "template":
        _check_template(fields["template"], templates)
    else:
        _require(kind in ("location", "contacts", "reaction"), f"unknown type {kind}")


def shown_text(fields: Fields, templates: list[dict[str, Any]]) -> str:
    """What the client reads."""
    kind = fields.get("type", "text")
    if kind == "interactive":
        return str(fields[kind]["body"]["text"])
    if kind != "template":
        return str(fields[kind].get("body") or fields[kind].get("caption") or "")
    body = _body(_template(fields[kind], templates))
    for number, value in enumerate(_parameters(fields[kind]), 1):
        body = body.replace(f"{{{{{number}}}}}", value)
    return body


def labels_of(fields: Fields) -> tuple[str, ...]:
    action = fields.get("interactive", {}).get("action", {})
    rows = [row["title"] for section in action.get("sections", ()) for row in section["rows"]]
    return tuple([button["reply"]["title"] for button in action.get("buttons", ())] + rows)


def _check_medium(kind: str, medium: Fields, files: Mapping[str, tuple[bytes, str]]) -> None:
    _require(bool(medium.get("id") or medium.get("link")), "id or link is required")
    _require(len(medium.get("caption", "")) <= 1024, "caption must have at most 1024 characters")
    _require("caption" not in medium or kind in ("image", "video", "document"), "this kind has no caption")
    if "id" in medium:
        _require(medium["id"] in files, "there is no such media")
        content, mime = files[medium["id"]]
        _require(len(content) <= LARGEST[kind] * 1024 * 1024, "the file is too large", code=131053)
        _require(mime in MIMES.get(kind, (mime,)), f"{mime} is no {kind}", code=131053)


def _check_interactive(interactive: Fields) -> None:
    _require(1 <= len(interactive["body"]["text"]) <= 1024, "body.text must have 1 to 1024 characters")
    action = interactive["action"]
    if interactive["type"] == "button":
        replies = [button["reply"] for button in action["buttons"]]
        _require(1 <= len(replies) <= 3, "there must be 1 to 3 buttons")
        _require(all(1 <= len(reply["title"]) <= 20 for reply in replies), "a title has 1 to 20 characters")
        _require(len({reply["title"] for reply in replies}) == len(replies), "titles must differ")
    else:
        replies = [row for section in action["sections"] for row in section["rows"]]
        _require(1 <= len(replies) <= 10, "there must be 1 to 10 rows")
        _require(1 <= len(action["button"]) <= 20, "the button has 1 to 20 characters")
        _require(all(1 <= len(reply["title"]) <= 24 for reply in replies), "a title has 1 to 24 characters")
    _require(all(1 <= len(reply["id"]) <= 200 for reply in replies), "an id has 1 to 200 characters")
    _require(len({reply["id"] for reply in replies}) == len(replies), "ids must differ")


def _check_template(said: Fields, templates: list[dict[str, Any]]) -> None:
    template = _template(said, templates)
    gaps = {part for part in _body(template).split("{{") if "}}" in part}
    if len(_parameters(said)) != len(gaps):
        raise Refused(PARAMETERS, "number of localizable_params does not match")


def _template(said: Fields, templates: list[dict[str, Any]]) -> dict[str, Any]:
    wanted = (said["name"], said["language"]["code"])
    for template in templates:
        if (template["name"], template["language"]) == wanted and template["status"] == "APPROVED":
            return template
    raise Refused(TEMPLATE, "template name does not exist in the translation")


def _body(template: Fields) -> str:
    return next((str(part["text"]) for part in template["components"] if part["type"] == "BODY"), "")


def _parameters(said: Fields) -> list[str]:
    return [p["text"] for part in said.get("components", ()) if part["type"] == "body" for p in part["parameters"]]


def _require(is_met: bool, message: str, *, code: int = BAD) -> None:
    if not is_met:
        raise Refused(code, message)
