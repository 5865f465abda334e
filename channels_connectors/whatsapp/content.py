"""What a WhatsApp message carries, kind by kind."""

import json
from collections.abc import Callable
from typing import Any

from channels_connectors.meta.webhooks import Fields, listed, mapping
from openlines.types import IncomingAttachment

MEDIA = {"image": "IMAGE", "video": "VIDEO", "audio": "AUDIO", "document": "FILE", "sticker": "STICKER"}
MOST_LINES = 100


def content_of(message: Fields) -> dict[str, Any]:
    """The fields of an ``IncomingMessage`` in which kinds differ."""
    kind = text_of(message["type"])
    if kind in MEDIA:
        return _medium(kind, mapping(message[kind]))
    read = READERS.get(kind)
    return read(message) if read else _unsupported(message, kind)


def words_of(message: Fields) -> str:
    """The text of a message, or the caption of its file."""
    return str(content_of(message).get("text", ""))


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _text(message: Fields) -> dict[str, Any]:
    return {"text": text_of(message["text"]["body"])}


def _medium(kind: str, medium: Fields) -> dict[str, Any]:
    ours = "VOICE" if kind == "audio" and medium.get("voice") is True else MEDIA[kind]
    if not (reference := text_of(medium["id"])):
        raise ValueError("a file without an id")
    attachment = IncomingAttachment(
        kind=ours,
        reference=reference,
        name=text_of(medium.get("filename")),
        mime=text_of(medium.get("mime_type")).partition(";")[0],
    )
    return {"kind": ours, "text": text_of(medium.get("caption")), "attachments": (attachment,)}


def _location(message: Fields) -> dict[str, Any]:
    place = message["location"]
    latitude, longitude = _degrees(place["latitude"], 90), _degrees(place["longitude"], 180)
    title = ", ".join(filter(None, (text_of(place.get("name")), text_of(place.get("address")))))
    return {"kind": "LOCATION", "location": {"latitude": latitude, "longitude": longitude, "title": title or None}}


def _degrees(value: Any, most: int) -> float:
    if not isinstance(value, int | float | str) or not -most <= (degrees := float(str(value)[:32])) <= most:
        raise ValueError("no place on earth")
    return degrees


def _contacts(message: Fields) -> dict[str, Any]:
    """The first is the card; who else was sent along is told in words."""
    first, *others = [_card(mapping(contact)) for contact in listed(message["contacts"])]
    text = "\n".join(f"{card['name']} {card['phone']}".strip() for card in others[:MOST_LINES])
    return {"kind": "CONTACT", "contact": first, "text": text}


def _card(contact: Fields) -> dict[str, str]:
    name = mapping(contact.get("name") or {})
    phones = [mapping(phone) for phone in listed(contact.get("phones") or [])]
    numbers = [text_of(phone.get("phone")) or text_of(phone.get("wa_id")) for phone in phones]
    return {"name": text_of(name.get("formatted_name")), "phone": _phone(next(filter(None, numbers), ""))}


def _phone(number: str) -> str:
    plain = "".join(character for character in number if character.isdecimal() or character == "+")
    return f"+{plain}" if plain.isdecimal() and len(plain) > 10 and not plain.startswith("0") else plain


def _order(message: Fields) -> dict[str, Any]:
    order = mapping(message["order"])
    lines = [_ordered(mapping(item)) for item in listed(order["product_items"])[:MOST_LINES]]
    return {"text": "\n".join(filter(None, [text_of(order.get("text")), *lines]))}


def _ordered(item: Fields) -> str:
    price = f"{item.get('item_price', '')} {item.get('currency', '')}".strip()
    return f"{item.get('quantity', 1)} × {item['product_retailer_id']} — {price}"[:500]


def _form(message: Fields) -> dict[str, Any]:
    """A form that was filled in: presses of buttons are read elsewhere."""
    interactive = mapping(message["interactive"])
    if interactive.get("type") != "nfm_reply":
        return _unsupported(message, text_of(interactive.get("type")) or "interactive")
    reply = mapping(interactive["nfm_reply"])
    try:
        answers = json.loads(text_of(reply.get("response_json")))
    except (ValueError, RecursionError):
        answers = {}
    plain = answers.items() if isinstance(answers, dict) else ()
    lines = [f"{name}: {value}"[:1000] for name, value in plain if isinstance(value, str | int | float)]
    shown = [line for line in lines if not line.startswith("flow_token:")][:MOST_LINES]
    return {"text": "\n".join(shown) or text_of(reply.get("body"))}


def _unsupported(message: Fields, kind: str) -> dict[str, Any]:
    """A kind that we do not know, or one that WhatsApp itself does not hand on."""
    told = message.get("unsupported")
    inner = text_of(told.get("type")) if isinstance(told, dict) else ""
    return {"kind": "UNSUPPORTED", "details": {"provider_kind": (inner or kind)[:64]}}


READERS: dict[str, Callable[[Fields], dict[str, Any]]] = {
    "text": _text,
    "location": _location,
    "contacts": _contacts,
    "order": _order,
    "interactive": _form,
}
