"""WhatsApp's batches taken apart: one event for each message, status and echo, each for the number that it is about."""

from collections.abc import Iterator
from typing import Any

from channels_connectors.connector import Event
from channels_connectors.meta.webhooks import Element, Fields, elements, event_key, listed, mapping

KIND = "whatsapp"
MESSAGES, ECHOES = "messages", "smb_message_echoes"
# What of a webhook is a list of things that are said, by the field that it comes in.
LISTS = {MESSAGES: ("messages", "statuses"), ECHOES: ("message_echoes",)}
FIELDS = (MESSAGES, ECHOES)


def events_of(payload: Any) -> list[Event]:
    return [event for element in elements(payload) for event in _of(element)]


def _of(element: Element) -> Iterator[Event]:
    lists = LISTS.get(element.field, ())
    change = element.change if lists else {}
    if not any(name in change for name in lists):
        return
    scope = f"{KIND}:{mapping(change['metadata'])['phone_number_id']}"
    around = {name: value for name, value in change.items() if name not in (*lists, "contacts")}
    for name in lists:
        for said in listed(change.get(name) or []):
            value = {**around, "contacts": _contacts(change, mapping(said)), name: [said]}
            yield Event(key=_key(name, said), body=element.body({**element.value, "value": value}), scope=scope)


def _contacts(change: Fields, said: Fields) -> list[Fields]:
    """Whoever it is about: a batch may be of many people."""
    contacts = [mapping(contact) for contact in listed(change.get("contacts") or [])]
    if len(contacts) < 2:
        return contacts
    names = ("from", "from_user_id", "to", "to_user_id", "recipient_id", "recipient_user_id")
    ids = {said[name] for name in names if isinstance(said.get(name), str)}
    return [contact for contact in contacts if not ids.isdisjoint(_ids(contact))][:1]


def _ids(contact: Fields) -> set[str]:
    return {value for value in (contact.get("wa_id"), contact.get("user_id")) if isinstance(value, str)}


def _key(name: str, said: Fields) -> str:
    """A message keeps its id through all its states; each of them comes once."""
    if name == "statuses":
        return event_key("status", said["id"], said["status"], said.get("timestamp", ""))
    return event_key("echo" if name == "message_echoes" else "message", said["id"])
