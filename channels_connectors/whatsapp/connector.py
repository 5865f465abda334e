"""WhatsApp numbers as a channel."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import (
    Account,
    Capabilities,
    ChatRef,
    CheckedAccount,
    Connector,
    Event,
    FetchedMedia,
    Rates,
    Receipt,
    Subscription,
    Template,
    WebhookAnswer,
    WebhookRequest,
)
from channels_connectors.errors import ConnectorError
from channels_connectors.meta.channel import fingerprint
from channels_connectors.meta.graph import Graph, as_app, graph_of
from channels_connectors.meta.webhooks import answer_challenge, verify_signature
from channels_connectors.whatsapp import subscriptions
from channels_connectors.whatsapp.errors import KINDS, PROVIDER
from channels_connectors.whatsapp.events import events_of
from channels_connectors.whatsapp.media import LARGEST_FILE, MEGABYTE, fetched, upload
from channels_connectors.whatsapp.payloads import incoming_from
from channels_connectors.whatsapp.sending import (
    CAPTION_LENGTH,
    MOST_ROWS,
    REPLY_TITLE,
    TEXT_LENGTH,
    fields_of,
    parts_for_whatsapp,
)
from channels_connectors.whatsapp.templates import templates_of
from openlines.types import Incoming, IncomingAttachment, OutgoingMessage, OutgoingPart

SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
PHONE_FIELDS = "id,display_phone_number,verified_name,quality_rating,throughput"
DAY = 24 * 3600
# Numbers are raised to the high level by Meta itself; those that are also used in the phone's app have 20.
PER_SECOND = {"STANDARD": 80, "HIGH": 1000}


class WhatsApp(Connector):
    kind = "whatsapp"
    largest_body = 3 * MEGABYTE
    capabilities = Capabilities(
        text_length=TEXT_LENGTH,
        caption_length=CAPTION_LENGTH,
        is_split=True,
        upload_bytes=LARGEST_FILE,
        reply=True,
        formatting=("BOLD", "ITALIC", "STRUCK", "CODE"),
        reply_window_seconds=DAY,
        templates=True,
        buttons="inline",
        most_buttons=MOST_ROWS,
        button_length=REPLY_TITLE,
        typing_out=True,
        read_out=True,
        receipts="read",
        idempotency="status",
        native_staff=True,
        # To one client one message in six seconds in the long run; a few at once are borne.
        rates=Rates(account=80, chat=10, chat_seconds=60.0),
    )

    def capabilities_of(self, settings: Mapping[str, Any]) -> Capabilities:
        per_second = int(settings.get("messages_per_second") or self.capabilities.rates.account)
        return replace(self.capabilities, rates=replace(self.capabilities.rates, account=per_second))

    def handshake(self, request: WebhookRequest, account: Account) -> WebhookAnswer | None:
        return answer_challenge(request, account)

    def verify(self, request: WebhookRequest, account: Account) -> None:
        verify_signature(request, [account.credentials.get("app_secret", "")])

    def events(self, request: WebhookRequest, account: Account) -> list[Event]:
        return events_of(request.json())

    def parse(self, payload: Any, *, account: Account) -> list[Incoming]:
        return incoming_from(payload)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        return fetched(attachment, _graph(account), phone_number_id=_number(account))

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        return parts_for_whatsapp(message, self.capabilities)

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        graph, number = _graph(account), _number(account)
        media_id = upload(part.attachments[0], graph, phone_number_id=number) if part.attachments else ""
        answer = graph.post(f"{number}/messages", fields_of(part, media_id=media_id))
        return Receipt(parts=(str(answer["messages"][0]["id"]),))

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        """For 25 seconds, or until something is sent. WhatsApp takes it together with having read."""
        self._read(chat, account, typing_indicator={"type": "text"})

    def mark_read(self, chat: ChatRef, account: Account) -> None:
        self._read(chat, account)

    def templates(self, account: Account) -> list[Template]:
        return templates_of(_graph(account), waba_id=subscriptions.waba_id_of(account))

    def check(self, account: Account) -> CheckedAccount:
        graph, number = _graph(account), _number(account)
        _require_scopes(account, graph)
        phone = graph.get(number, fields=PHONE_FIELDS)
        known = {str(one.get("id")) for one in graph.all_of(f"{subscriptions.waba_id_of(account)}/phone_numbers")}
        if number not in known:
            words = _("This phone number does not belong to this business account.")
            raise ConnectorError(words, kind="PERMANENT")
        shown, name = str(phone.get("display_phone_number") or number), str(phone.get("verified_name") or "")
        level = str((phone.get("throughput") or {}).get("level") or "STANDARD")
        return CheckedAccount(
            external_id=str(phone["id"]),
            title=f"{name} {shown}".strip(),
            details={"name": name, "number": shown, "quality": phone.get("quality_rating", "")},
            settings={"messages_per_second": PER_SECOND.get(level, PER_SECOND["STANDARD"])},
        )

    def set_webhook(self, *, url: str, account: Account) -> Mapping[str, Any]:
        subscriptions.subscribe(_graph(account), account, url=url)
        return {"webhook": fingerprint(url)}

    def remove_webhook(self, account: Account) -> None:
        subscriptions.unsubscribe(_graph(account), account)

    def subscription(self, *, url: str, account: Account) -> Subscription | None:
        return subscriptions.subscription(_graph(account), account, url=url)

    def _read(self, chat: ChatRef, account: Account, **more: Any) -> None:
        if chat.last_external_id:
            said = {"messaging_product": "whatsapp", "status": "read", "message_id": chat.last_external_id}
            _graph(account).post(f"{_number(account)}/messages", {**said, **more})


def _graph(account: Account) -> Graph:
    return graph_of(account, provider=PROVIDER, kinds=KINDS)


def _number(account: Account) -> str:
    return str(account.settings.get("phone_number_id", "")).strip()


def _require_scopes(account: Account, graph: Graph) -> None:
    """Asked as the app, so that a wrong secret of it shows here and not at the first message."""
    said = as_app(account, provider=PROVIDER).get("debug_token", input_token=graph.token).get("data", {})
    if not said.get("is_valid"):
        raise ConnectorError(_("%(provider)s does not accept this token.") % {"provider": PROVIDER}, kind="TOKEN")
    if missing := sorted(set(SCOPES) - set(said.get("scopes") or ())):
        words = _("The token lacks permissions: %(names)s. Make a new one with them.") % {"names": ", ".join(missing)}
        raise ConnectorError(words, kind="PERMANENT")
