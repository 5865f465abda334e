"""Meta's webhooks: their proof, their challenge, and their batches taken apart.

One webhook of an app delivers for all its pages and accounts, each in an ``entry`` of its own.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from channels_connectors.connector import Account, WebhookAnswer, WebhookRequest
from channels_connectors.errors import SignatureMismatch

Fields = Mapping[str, Any]

SIGNATURE = "x-hub-signature-256"
LONGEST_CHALLENGE = 256
LONGEST_READABLE_KEY = 160
LISTS = ("messaging", "standby", "changes")


def answer_challenge(request: WebhookRequest, account: Account) -> WebhookAnswer | None:
    """Meta asks once, when the webhook is set up; ``webhook_secret`` is the word that we gave it for that."""
    if request.method != "GET":
        return None
    token, expected = request.parameter("hub.verify_token").encode(), account.webhook_secret.encode()
    is_asked = request.parameter("hub.mode") == "subscribe"
    if not is_asked or not expected or not hmac.compare_digest(token, expected):
        raise SignatureMismatch("challenge")
    return WebhookAnswer(body=request.parameter("hub.challenge")[:LONGEST_CHALLENGE].encode())


def verify_signature(request: WebhookRequest, secrets: Iterable[str]) -> None:
    """Over the bytes as they came: Meta escapes what is not ASCII, so nothing written anew would match.

    Several secrets: an app that has Instagram's log-in has one of its own for it.
    """
    given = request.headers.get(SIGNATURE, "").encode("latin-1", "replace")
    if not given:
        raise SignatureMismatch("unsigned")
    if not any(hmac.compare_digest(given, signature(secret, request.body)) for secret in secrets if secret):
        raise SignatureMismatch


def signature(secret: str, body: bytes) -> bytes:
    return b"sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode()


@dataclass(frozen=True, slots=True)
class Element:
    """One of the things that a webhook says: ``place`` is the list it stood in, ``messaging``, ``standby`` or
    ``changes``; empty where the entry itself is it. ``entry`` is what surrounds it."""

    object: str
    entry: Fields
    place: str
    value: Fields

    @property
    def account_id(self) -> str:
        return str(self.entry["id"])

    @property
    def field(self) -> str:
        """What a change is about; empty for what is none."""
        return str(self.value.get("field", "")) if self.place in ("changes", "") else ""

    @property
    def change(self) -> Fields:
        """What has changed. Raises ``LookupError``, ``TypeError``."""
        return mapping(self.value["value"])

    def body(self, value: Fields | None = None) -> bytes:
        """This one alone, in the shape in which the provider sends it; with another ``value`` a part of it."""
        said = self.value if value is None else value
        entry = {**self.entry, self.place: [said]} if self.place else {**self.entry, **said}
        return json.dumps({"object": self.object, "entry": [entry]}, separators=(",", ":")).encode()


def elements(payload: Any) -> Iterator[Element]:
    """All of a webhook's, in their order. Raises ``LookupError``, ``TypeError``, ``ValueError`` for what is none."""
    kind = str(mapping(payload)["object"])
    for entry in listed(payload["entry"]):
        mapping(entry)
        surroundings = {name: entry[name] for name in ("id", "time", "uid") if name in entry}
        if "field" in entry:
            # The examples of Instagram's log-in come like this.
            yield Element(kind, surroundings, "", {"field": entry["field"], "value": entry.get("value")})
        for place in LISTS:
            for value in listed(entry.get(place) or []):
                yield Element(kind, surroundings, place, mapping(value))


def event_key(*parts: object) -> str:
    """A key that stays readable while it is short enough."""
    text = ":".join(str(part) for part in parts)
    if len(text) <= LONGEST_READABLE_KEY and text.isprintable():
        return text
    return f"{str(parts[0])[:32]}:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def fingerprint(value: Any) -> str:
    """Of what has no id of its own: the same words give the same, however they are laid out."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]


def mapping(value: Any) -> Fields:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value
