"""What clients do, in the words of WhatsApp's webhooks."""

import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Fields = Mapping[str, Any]

WABA_ID, NUMBER_ID, SHOWN_NUMBER = "102290129340398", "106540352242922", "15550783881"


@dataclass(frozen=True)
class Somebody:
    """Whoever took a user name and hides the number has no ``number``; before 2026 nobody had a ``user_id``."""

    name: str
    number: str = ""
    user_id: str = ""
    username: str = ""

    def contact(self) -> dict[str, Any]:
        profile = {"name": self.name} | ({"username": self.username} if self.username else {})
        return {"profile": profile} | _present(wa_id=self.number, user_id=self.user_id)


ANNA = Somebody("Anna Petrova", number="79161234567", user_id="RU.77001", username="anna_p")
BORIS = Somebody("Boris", user_id="DE.88002", username="boris")


class People:
    """Makes webhooks; ``batch`` joins several as WhatsApp does."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def message(
        self, kind: str, *, who: Somebody = ANNA, message_id: str = "", at: int = 0, **fields: Any
    ) -> dict[str, Any]:
        said = {
            "id": message_id or f"wamid.IN{next(self._numbers)}",
            "timestamp": str(at or int(time.time())),
            "type": kind,
            **_present(**{"from": who.number, "from_user_id": who.user_id}),
            **fields,
        }
        return self.change("messages", messages=[said], contacts=[who.contact()])

    def writes(self, text: str, **fields: Any) -> dict[str, Any]:
        return self.message("text", text={"body": text}, **fields)

    def status(
        self, state: str, message_id: str, *, who: Somebody = ANNA, key: str = "", **fields: Any
    ) -> dict[str, Any]:
        said = {
            "id": message_id, "status": state, "timestamp": str(int(time.time())),
            **_present(recipient_id=who.number, recipient_user_id=who.user_id, biz_opaque_callback_data=key), **fields,
        }  # fmt: skip
        return self.change("messages", statuses=[said], contacts=[_without_name(who)])

    def echo(self, kind: str, *, to: Somebody = ANNA, **fields: Any) -> dict[str, Any]:
        said = {
            "id": f"wamid.APP{next(self._numbers)}", "from": SHOWN_NUMBER, "timestamp": str(int(time.time())),
            "type": kind, **_present(to=to.number, to_user_id=to.user_id), **fields,
        }  # fmt: skip
        return self.change("smb_message_echoes", message_echoes=[said], contacts=[_without_name(to)])

    def change(self, field: str, **value: Any) -> dict[str, Any]:
        metadata = {"display_phone_number": SHOWN_NUMBER, "phone_number_id": NUMBER_ID}
        value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
        entry = {"id": WABA_ID, "changes": [{"field": field, "value": value}]}
        return {"object": "whatsapp_business_account", "entry": [entry]}

    def other(self, field: str, **value: Any) -> dict[str, Any]:
        """What is about the account and no number."""
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": WABA_ID, "changes": [{"field": field, "value": value}]}],
        }

    def batch(self, *payloads: Fields) -> dict[str, Any]:
        """Messages of one number stand in one change, whoever wrote them."""
        entries = [entry for payload in payloads for entry in payload["entry"]]
        values = [change["value"] for entry in entries for change in entry["changes"]]
        fields = {change["field"] for entry in entries for change in entry["changes"]}
        if len(payloads) < 2 or fields != {"messages"}:
            return {"object": "whatsapp_business_account", "entry": entries}
        joined: dict[str, Any] = {}
        for name in ("messages", "statuses", "contacts"):
            if found := [item for value in values for item in value.get(name, ())]:
                joined[name] = found
        return self.change("messages", **joined)


def _without_name(who: Somebody) -> dict[str, Any]:
    return _present(wa_id=who.number, user_id=who.user_id)


def _present(**fields: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
