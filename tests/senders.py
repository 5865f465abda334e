"""What providers of four kinds send to webhooks: texts of many clients, each with its proof, as whole HTTP requests.

Nothing here knows of the product: ``ACCOUNTS`` say how its accounts have to be connected to understand it.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

SECRET = "a-secret-of-the-storm-0123456789"
GROUP, PAGE, NUMBER, BUSINESS = 555, "1065", "1066", "1067"
DATE = 1_790_000_000

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OfKind:
    """An account of a kind, and how one of its clients says something."""

    kind: str
    external_id: str
    credentials: Mapping[str, str]
    say: Callable[[int, int, str], Payload]
    prove: Callable[[bytes], Mapping[str, str]]
    settings: Mapping[str, Any] = field(default_factory=dict)


def request(of_kind: OfKind, hook: str, *, number: int, client: int, text: str) -> bytes:
    """``number`` is another one for each message of the kind."""
    body = json.dumps(of_kind.say(number, client, text), separators=(",", ":")).encode()
    fields = {
        "Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(body)),
        **of_kind.prove(body),
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST {hook} HTTP/1.1\r\n{head}\r\n".encode() + body


def _telegram(number: int, client: int, text: str) -> Payload:
    person = {"id": client, "first_name": f"Client {client}", "username": f"client_{client}"}
    message = {
        "message_id": number, "from": {**person, "is_bot": False, "language_code": "en"},
        "chat": {**person, "type": "private"}, "date": DATE, "text": text,
    }  # fmt: skip
    return {"update_id": number, "message": message}


def _vk(number: int, client: int, text: str) -> Payload:
    message = {
        "id": number, "conversation_message_id": number, "date": DATE, "peer_id": client, "from_id": client, "out": 0,
        "text": text, "random_id": 0, "attachments": [], "fwd_messages": [], "important": False,
    }  # fmt: skip
    said = {"message": message, "client_info": {"keyboard": True, "inline_keyboard": True}}
    return {
        "type": "message_new", "event_id": f"e{number}", "v": "5.199", "group_id": GROUP, "secret": SECRET,
        "object": said,
    }  # fmt: skip


def _whatsapp(number: int, client: int, text: str) -> Payload:
    phone = str(79_000_000_000 + client)
    message = {"from": phone, "id": f"wamid.{number}", "timestamp": str(DATE), "type": "text", "text": {"body": text}}
    value = {
        "messaging_product": "whatsapp", "metadata": {"display_phone_number": "79990000000", "phone_number_id": NUMBER},
        "contacts": [{"profile": {"name": f"Client {client}"}, "wa_id": phone}], "messages": [message],
    }  # fmt: skip
    entry = {"id": BUSINESS, "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _messenger(number: int, client: int, text: str) -> Payload:
    message = {
        "sender": {"id": str(client)}, "recipient": {"id": PAGE}, "timestamp": DATE * 1000 + number,
        "message": {"mid": f"m_{number}", "text": text},
    }  # fmt: skip
    return {"object": "page", "entry": [{"id": PAGE, "time": DATE * 1000 + number, "messaging": [message]}]}


def _signed(body: bytes) -> Mapping[str, str]:
    return {"X-Hub-Signature-256": f"sha256={hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}"}


META = {"access_token": "token", "app_id": "1", "app_secret": SECRET}
ACCOUNTS: dict[str, OfKind] = {
    of_kind.kind: of_kind
    for of_kind in (
        OfKind(
            "telegram", "7654321", {"token": "7654321:AAE0123456789abcdefghijklmnopqrstu"}, _telegram,
            lambda body: {"X-Telegram-Bot-Api-Secret-Token": SECRET},
        ),
        OfKind("vk", str(GROUP), {"token": "vk1.a.token"}, _vk, lambda body: {}),
        OfKind("whatsapp", NUMBER, META, _whatsapp, _signed, {"phone_number_id": NUMBER, "waba_id": BUSINESS}),
        OfKind("messenger", PAGE, META, _messenger, _signed, {"page_id": PAGE}),
    )
}  # fmt: skip


def connect_all(line: Any, base_url: str) -> dict[str, str]:
    """Accounts of all of these kinds, as wizards leave them; returns the paths of their webhooks. Wants Django."""
    from channels_connectors.models import Account
    from openlines.models import Channel

    hooks = {}
    for of_kind in ACCOUNTS.values():
        scope = f"{of_kind.kind}:{of_kind.external_id}"
        channel = Channel.objects.create(line=line, kind=of_kind.kind, name=of_kind.kind, scope=scope)
        account = Account(channel=channel, base_url=base_url, inbound=Account.Inbound.WEBHOOK)
        account.settings = dict(of_kind.settings)
        account.credentials, account.webhook_secret = dict(of_kind.credentials), SECRET
        account.save()
        hooks[of_kind.kind] = f"/hooks/{of_kind.kind}/{account.webhook_token}/"
    return hooks
