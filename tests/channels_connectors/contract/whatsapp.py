"""WhatsApp in the contract test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar

from channels_connectors.connector import Account, WebhookRequest
from channels_connectors.meta.channel import fingerprint
from tests.channels_connectors.contract.driver import Arrived, Driver, Payload, own_host_allowed
from tests.providers.simulator import running
from tests.providers.whatsapp import ANNA, APP_ID, APP_SECRET, NUMBER_ID, TOKEN, WABA_ID, WhatsAppSimulator

MEDIA = {
    "IMAGE": ("image", "image/jpeg"), "FILE": ("document", "application/pdf"), "VOICE": ("audio", "audio/ogg"),
    "AUDIO": ("audio", "audio/mpeg"), "VIDEO": ("video", "video/mp4"), "STICKER": ("sticker", "image/webp"),
}  # fmt: skip
KINDS = {"text": "TEXT", "interactive": "TEXT", "template": "TEXT", "document": "FILE", "audio": "VOICE"}
FAULTS = {"outage": "503", "timeout_before": "hang_before", "timeout_after": "hang_after"}
STATES = {"DELIVERED": "delivered", "READ": "read"}
FIRST_MOMENT = 1_790_000_000


class WhatsAppDriver(Driver):
    kind = "whatsapp"
    cannot: ClassVar[Mapping[str, str]] = {
        "album": "WhatsApp sends each picture as a message of its own",
        "blocked_in": "WhatsApp does not tell who blocked a business; a failed message does",
        "unblocked_in": "whoever writes has unblocked us",
        "typing_in": "WhatsApp does not tell businesses who is typing",
        "send_album": "each picture is a message of its own",
        "edit": "a business can't edit",
        "delete": "a business can't delete",
        "hide": "there is no public",
        "private_reply": "there is no public",
        "refresh": "tokens of system users don't end",
        "poll": "WhatsApp has webhooks only",
        "photo": "WhatsApp gives no pictures of people",
    }

    def __init__(self, simulator: WhatsAppSimulator) -> None:
        self.whatsapp, self.people = simulator, simulator.people

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1,
            credentials={"access_token": TOKEN, "app_id": APP_ID, "app_secret": APP_SECRET},
            base_url=self.whatsapp.base_url,
            webhook_secret="secret",
            settings={
                "read_seconds": 0.5,
                "phone_number_id": NUMBER_ID,
                "waba_id": WABA_ID,
                "webhook": fingerprint(self.whatsapp.override),
            },
            scope=f"whatsapp:{NUMBER_ID}",
        )

    @property
    def chat(self) -> str:
        return ANNA.user_id

    @property
    def thread(self) -> Mapping[str, Any]:
        return {"user_id": ANNA.user_id, "wa_id": ANNA.number}

    # What Anna does.

    def _said(self, kind: str, *, number: int = 1, **fields: Any) -> Payload:
        return self.people.message(kind, message_id=f"wamid.ANNA{number}", at=FIRST_MOMENT + number, **fields)

    def text(self, text: str, *, number: int = 1) -> Payload:
        return self._said("text", number=number, text={"body": text})

    def medium(self, kind: str, *, number: int = 1, caption: str = "") -> Payload:
        theirs, mime = MEDIA[kind]
        medium: dict[str, Any] = {"id": self.whatsapp.hosts(self.content_of(kind), mime), "mime_type": mime}
        medium |= {"caption": caption} if caption else {}
        extra: dict[str, dict[str, Any]] = {"VOICE": {"voice": True}, "FILE": {"filename": "bill.pdf"}}
        medium |= extra.get(kind, {})
        return self._said(theirs, number=number, **{theirs: medium})

    def content_of(self, kind: str) -> bytes:
        return f"content of a {kind}".encode()

    def location(self) -> Payload:
        return self._said("location", location={"latitude": 55.75, "longitude": 37.61, "name": "Loft"})

    def contact(self) -> Payload:
        card = {"name": {"formatted_name": "Anna"}, "phones": [{"phone": "+7 916 123-45-67", "wa_id": ANNA.number}]}
        return self._said("contacts", contacts=[card])

    def reply(self, text: str, *, to: str, number: int = 2) -> Payload:
        return self._said("text", number=number, text={"body": text}, context={"id": to, "from": "15550783881"})

    def edit_in(self, text: str, *, number: int = 1) -> Payload:
        message = {"type": "text", "text": {"body": text}}
        edit = {"original_message_id": f"wamid.ANNA{number}", "message": message}
        return self._said("edit", number=number + 1000, edit=edit)

    def delete_in(self, *, number: int = 1) -> Payload:
        revoke = {"original_message_id": f"wamid.ANNA{number}"}
        return self._said("revoke", number=number + 2000, revoke=revoke)

    def press(self, payload: str, text: str) -> Payload:
        reply = {"type": "button_reply", "button_reply": {"id": payload, "title": text}}
        return self._said("interactive", number=3000, interactive=reply, context={"id": "wamid.OUT1"})

    def reaction(self, emoji: str, *, to: str) -> Payload:
        return self._said("reaction", number=4000, reaction={"message_id": to, "emoji": emoji})

    def echo(self, text: str) -> Payload:
        return self.people.echo("text", text={"body": text})

    def receipt(self, state: str, *, of: str) -> Payload:
        if state == "FAILED":
            errors = [{"code": 131026, "title": "Message undeliverable", "message": "Message undeliverable"}]
            return self.people.status("failed", of, errors=errors)
        return self.people.status(STATES[state], of)

    def unknown(self) -> Payload:
        return self._said("hologram", hologram={"depth": 3})

    def of_no_interest(self) -> list[Payload]:
        return [
            self.people.other("account_update", event="VERIFIED_ACCOUNT"),
            self.people.other("message_template_status_update", event="APPROVED", message_template_name="order_ready"),
            self.people.status("warning", "wamid.OUT1"),
            self.people.change("messages"),
            self.people.change("something_new", messages=[]),
            self._said("request_welcome"),
        ]

    def request(self, *events: Payload) -> WebhookRequest:
        body, headers = self.whatsapp.signed(self.people.batch(*events))
        return WebhookRequest(body=body, headers={name.lower(): value for name, value in headers.items()})

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        true = self.request(*events)
        return [
            WebhookRequest(body=true.body),
            WebhookRequest(body=true.body + b" ", headers=true.headers),
            WebhookRequest(body=true.body, headers={"x-hub-signature-256": "sha256=" + "0" * 64}),
            WebhookRequest(body=true.body, headers={"x-hub-signature-256": "0" * 64}),
        ]

    # What we do.

    def arrived(self) -> list[Arrived]:
        return [
            Arrived(
                external_id=message.id,
                text=message.text,
                kind=KINDS.get(message.fields["type"], message.fields["type"].upper()),
                reply_to=message.fields.get("context", {}).get("message_id", ""),
                buttons=message.buttons,
                file_name=message.fields.get("document", {}).get("filename", ""),
                content=message.content,
            )
            for message in self.whatsapp.seen
        ]

    def fail(self, how: str) -> None:
        self.whatsapp.fault(FAULTS.get(how, how), path="/messages", seconds=3)

    def typing_seen(self) -> bool:
        return bool(self.whatsapp.read and self.whatsapp.read[-1].get("typing_indicator") == {"type": "text"})

    def read_seen(self) -> str:
        return str(self.whatsapp.read[-1]["message_id"]) if self.whatsapp.read else ""

    # The account.

    def webhook(self) -> str:
        return self.whatsapp.override

    def lose_webhook(self) -> None:
        self.whatsapp.is_joined, self.whatsapp.override = False, ""

    def wrong_token(self) -> Account:
        return replace(self.account, credentials={**self.account.credentials, "access_token": "EAAJBwrong"})

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator["WhatsAppDriver"]:
        with running(WhatsAppSimulator(calls_back=False)) as simulator, own_host_allowed(simulator.base_url):
            yield cls(simulator)


DRIVER = WhatsAppDriver
