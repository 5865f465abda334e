"""Who writes: people have an id at the business (BSUID), a number, or both."""

from dataclasses import dataclass
from typing import Any

from channels_connectors.meta.webhooks import Fields, listed, mapping
from channels_connectors.whatsapp.numbers import other_spelling
from openlines.types import IncomingAlias, Person


@dataclass(frozen=True, slots=True)
class Known:
    """Whoever takes a user name hides the number, so the id counts first; ``number`` is as WhatsApp writes it."""

    user_id: str
    number: str
    name: str = ""
    username: str = ""

    @property
    def id(self) -> str:
        """Raises ``ValueError`` for nobody."""
        if not (self.user_id or self.number):
            raise ValueError("nobody")
        return self.user_id or self.number

    @property
    def person(self) -> Person:
        phone = f"+{self.number}" if self.number.isdecimal() else ""
        return Person(external_id=self.id, first_name=self.name, username=self.username, phone=phone)

    @property
    def thread(self) -> dict[str, Any]:
        """Where answers go."""
        return {name: value for name, value in (("user_id", self.user_id), ("wa_id", self.number)) if value}

    @property
    def aliases(self) -> list[IncomingAlias]:
        others = {self.number, other_spelling(self.number)} - {"", self.id}
        return [IncomingAlias(person_external_id=self.id, alias=other) for other in sorted(others)]


def writer_of(change: Fields, message: Fields) -> Known:
    return _known(change, message, "from", "from_user_id")


def recipient_of(change: Fields, message: Fields) -> Known:
    return _known(change, message, "to", "to_user_id")


def reported_of(change: Fields, status: Fields) -> Known:
    return _known(change, status, "recipient_id", "recipient_user_id")


def _known(change: Fields, said: Fields, number: str, user_id: str) -> Known:
    """Batches are taken apart with the contact that belongs to each piece."""
    contacts = listed(change.get("contacts") or [])
    contact = mapping(contacts[0]) if contacts else {}
    profile = mapping(contact.get("profile") or {})
    return Known(
        user_id=_text(contact.get("user_id")) or _text(said.get(user_id)),
        number=_text(said.get(number)) or _text(contact.get("wa_id")),
        name=_text(profile.get("name")),
        username=_text(profile.get("username")),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
