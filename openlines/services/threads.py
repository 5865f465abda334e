"""Chats of messages that say what they go on from (``follows``), where the channel has no name for a thread."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from openlines.models import Channel, Chat, Message
from openlines.types import Incoming, IncomingEcho, IncomingMessage

Threaded = IncomingMessage | IncomingEcho


@dataclass(slots=True)
class Known:
    """Chats by the messages of a person in them, and by name who takes part in each."""

    chats: dict[tuple[str, str], str] = field(default_factory=dict)
    people: dict[str, set[str]] = field(default_factory=dict)


def in_known_threads(*, channel: Channel, incoming: Sequence[Incoming]) -> list[Incoming]:
    """A message goes to the chat of what it follows, if its person belongs there; knowing the name of somebody else's
    thread proves nothing, so a stranger's message begins a chat of its own."""
    if not any(isinstance(item, Threaded) and item.follows for item in incoming):
        return list(incoming)
    known = _known(channel, [item for item in incoming if isinstance(item, Threaded)])
    return [_placed(item, known) if isinstance(item, Threaded) else item for item in incoming]


def _placed(item: Threaded, known: Known) -> Incoming:
    person = _person(item)
    chat = next((chat for id_ in item.follows if (chat := known.chats.get((id_, person)))), item.chat_external_id)
    if item.follows and person not in known.people.get(chat, {person}):
        chat = f"{chat}-{hashlib.sha256(person.encode()).hexdigest()[:8]}".translate(OF_THREAD_NAMES)
    known.chats[item.external_id, person] = chat
    known.people.setdefault(chat, set()).update({person, *_named(item.thread or {})})
    return replace(item, chat_external_id=chat)


# Names of threads stand in addresses and subjects, where 0, 1, 8 and 9 are not looked for.
OF_THREAD_NAMES = str.maketrans("0189", "ghij")


def _known(channel: Channel, items: Sequence[Threaded]) -> Known:
    followed = {id_ for item in items for id_ in item.follows}
    people = {_person(item) for item in items}
    rows = Message.objects.filter(
        chat__channel=channel, chat__identity__scope=channel.scope, chat__identity__value__in=people,
        external_id__in=followed,
    ).order_by("pk").values_list("external_id", "chat__identity__value", "chat__external_id")  # fmt: skip
    known = Known({(external_id or "", person): chat for external_id, person, chat in rows})
    names = {item.chat_external_id for item in items} | set(known.chats.values())
    chats = Chat.objects.filter(channel=channel, external_id__in=names)
    for name, person, thread in chats.values_list("external_id", "identity__value", "thread"):
        known.people[name] = {person, *_named(thread)}
    return known


def _person(item: Threaded) -> str:
    return (item.sender if isinstance(item, IncomingMessage) else item.recipient).external_id


def _named(thread: object) -> set[str]:
    people = thread.get("people", ()) if isinstance(thread, dict) else ()
    return {str(one) for one in people}
