"""The templates of a WhatsApp account. Only gaps in the body can be filled here: what wants more is listed as such."""

import re
from typing import Any

from channels_connectors.connector import Template
from channels_connectors.meta.graph import Graph
from channels_connectors.meta.webhooks import Fields, listed, mapping

FIELDS = "name,language,status,category,parameter_format,components"
GAP = re.compile(r"\{\{\s*(\d+)\s*\}\}")
ANY_GAP = re.compile(r"\{\{")
NEEDS_MORE = "NEEDS_MORE"


def templates_of(graph: Graph, *, waba_id: str) -> list[Template]:
    found = graph.all_of(f"{waba_id}/message_templates", fields=FIELDS, limit=100)
    return [_template(mapping(said)) for said in found]


def _template(said: Fields) -> Template:
    parts = [mapping(part) for part in listed(said.get("components") or [])]
    components = {str(part.get("type", "")).upper(): part for part in parts}
    body = str(mapping(components.get("BODY", {})).get("text") or "")
    state = str(said.get("status") or "")
    numbers = {int(number) for number in GAP.findall(body)[:100]}
    return Template(
        name=str(said["name"]),
        language=str(said["language"]),
        category=str(said.get("category") or ""),
        body=body,
        state=NEEDS_MORE if state == "APPROVED" and _needs_more(said, components) else state,
        gaps=len(numbers),
    )


def _needs_more(said: Fields, components: dict[str, Any]) -> bool:
    header = mapping(components.get("HEADER", {}))
    buttons = [mapping(button) for button in listed(mapping(components.get("BUTTONS", {})).get("buttons") or [])]
    has_file = str(header.get("format") or "TEXT").upper() != "TEXT"
    has_gap = any(ANY_GAP.search(str(value)) for value in (header.get("text"), *(b.get("url") for b in buttons)))
    is_code = any(str(button.get("type", "")).upper() in ("COPY_CODE", "OTP", "FLOW", "CATALOG") for button in buttons)
    return has_file or has_gap or is_code or said.get("parameter_format") == "NAMED"
