"""A provider that does as a test says: each call takes the next outcome, and all calls are kept."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from channels_connectors.connector import Account, Capabilities, FetchedMedia, Receipt
from channels_connectors.errors import ConnectorError
from channels_connectors.own_channel import OwnChannel
from channels_connectors.parts import parts_of
from channels_connectors.registry import CONNECTORS
from openlines.types import IncomingAttachment, OutgoingMessage, OutgoingPart, Person, SentMessage

Outcome = Receipt | ConnectorError | FetchedMedia | Person | None


@dataclass
class Scripted(OwnChannel):
    """Reads events as our own channels do; sends to nobody."""

    kind = "sandbox"
    is_idempotent: bool = False
    can: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    outcomes: deque[Outcome] = field(default_factory=deque)

    @property
    def capabilities(self) -> Capabilities:  # type: ignore[override]
        idempotency = "key" if self.is_idempotent else "none"
        usual = {"is_split": True, "edit": True, "delete": True, "idempotency": idempotency}
        return Capabilities(**{**usual, **self.can})

    @property
    def texts(self) -> list[str]:
        return [said.text for name, said in self.calls if name == "send"]

    def then(self, *outcomes: Outcome) -> None:
        self.outcomes.extend(outcomes)

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        return parts_of(message, self.capabilities)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        outcome = self._next("send", part)
        return outcome if isinstance(outcome, Receipt) else Receipt(parts=(f"p{part.message_id}",))

    def find_sent(self, part: OutgoingPart, account: Account) -> Receipt | None:
        outcome = self._next("find_sent", part)
        return outcome if isinstance(outcome, Receipt) else None

    def hide(self, sent: SentMessage, account: Account, *, is_hidden: bool) -> None:
        self._next("hide" if is_hidden else "unhide", sent.external_ids)

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        self._next("edit", (sent.external_ids[0], part.text))

    def delete(self, sent: SentMessage, account: Account) -> None:
        self._next("delete", sent.external_ids)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        outcome = self._next("fetch_media", attachment.reference)
        return outcome if isinstance(outcome, FetchedMedia) else FetchedMedia(content=b"content", name="a.bin")

    def fetch_photo(self, reference: str, account: Account) -> FetchedMedia | None:
        outcome = self._next("fetch_photo", reference)
        return outcome if isinstance(outcome, FetchedMedia) else None

    def fetch_profile(self, person_external_id: str, account: Account) -> Person | None:
        outcome = self._next("fetch_profile", person_external_id)
        return outcome if isinstance(outcome, Person) else None

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return str(payload["id"])

    def _next(self, name: str, said: Any) -> Outcome:
        self.calls.append((name, said))
        outcome = self.outcomes.popleft() if self.outcomes else None
        if isinstance(outcome, ConnectorError):
            raise outcome
        return outcome


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """Sandbox channels speak with this provider."""
    scripted = Scripted()
    monkeypatch.setitem(CONNECTORS, "sandbox", scripted)
    return scripted
