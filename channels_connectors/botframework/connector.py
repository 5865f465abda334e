"""Microsoft Bot Framework: one bot, and every messenger that Azure connects to it."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _

from channels_connectors.botframework.channel_ids import DIRECT_LINE, TEAMS, WEB_CHAT, Traits, traits_of
from channels_connectors.botframework.content import named_by
from channels_connectors.botframework.errors import BLOCKED, PROVIDER, code_of, refusal_of
from channels_connectors.botframework.payloads import event_key, incoming_from, short
from channels_connectors.botframework.proof import SigningKeys, verify_token
from channels_connectors.botframework.sending import activity_of, addressed, conversation_url, fitted_parts
from channels_connectors.connector import (
    Account,
    Capabilities,
    ChatRef,
    CheckedAccount,
    Connector,
    FetchedMedia,
    Rates,
    Receipt,
    WebhookAnswer,
    WebhookRequest,
)
from channels_connectors.errors import ConnectorError
from channels_connectors.http import READ_SECONDS, Reply, call
from channels_connectors.links import fetch_link
from channels_connectors.tokens import Grant, Tokens
from openlines.types import Incoming, IncomingAttachment, OutgoingMessage, OutgoingPart, SentMessage

LOGIN = "https://login.microsoftonline.com"
MULTI_TENANT = "botframework.com"
SCOPE = "https://api.botframework.com/.default"
LARGEST_DOWNLOAD = 20 * 1024 * 1024
NOTHING_TO_SAY = WebhookAnswer(body=b"{}", content_type="application/json")
DONE = frozenset({requests.codes.ok, requests.codes.created, requests.codes.accepted, requests.codes.no_content})
FORBIDDEN = requests.codes.forbidden


class BotFramework(Connector):
    """What it can do is what every messenger behind it can; ``sending`` does better where a chat's messenger can
    more. An account that serves one messenger alone says so in its settings (``only``), and is shown as that."""

    kind = "botframework"
    capabilities = Capabilities(
        text_length=4000,
        caption_length=1000,
        is_split=True,
        buttons="inline",
        most_buttons=6,
        button_length=40,
        typing_out=True,
        typing_in=True,
        rates=Rates(account=50, chat=7),
    )
    verify_blocks = True

    def __init__(self, keys: SigningKeys | None = None, tokens: Tokens | None = None) -> None:
        self._keys = keys or SigningKeys()
        self._tokens = tokens or Tokens()

    def capabilities_of(self, settings: Mapping[str, Any]) -> Capabilities:
        only = str(settings.get("only") or "")
        if not only:
            return self.capabilities
        traits = traits_of(only)
        return replace(
            self.capabilities,
            text_length=traits.text_length,
            attachments=traits.attachments,
            edit=traits.edit,
            delete=traits.edit,
            reply=only == TEAMS,
            typing_out=traits.typing,
            typing_in=only in (DIRECT_LINE, WEB_CHAT, TEAMS),
        )

    # Inbound.

    def verify(self, request: WebhookRequest, account: Account) -> None:
        verify_token(request.headers.get("authorization", ""), request.json(), account, self._keys)

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return event_key(payload)

    def answer(self, request: WebhookRequest, account: Account) -> WebhookAnswer:
        """An invocation waits for an answer of its own; every other activity for any 200."""
        return NOTHING_TO_SAY

    def parse(self, payload: Mapping[str, Any], *, account: Account) -> list[Incoming]:
        return incoming_from(payload)

    def fetch_media(self, attachment: IncomingAttachment, account: Account, *, event: bytes = b"") -> FetchedMedia:
        try:
            url, service_url = named_by(attachment.reference, event)
        except (LookupError, ValueError, TypeError):
            raise ConnectorError(_("The event that the file came in is no longer kept."), kind="PERMANENT") from None
        if url.startswith("data:"):
            return _inline(url)
        if not _is_at(url, service_url):
            return fetch_link(url, most_bytes=LARGEST_DOWNLOAD)
        # The service that Microsoft vouched for, and no other, is shown who we are.
        reply = self._call(account, lambda token: _get(url, token, account))
        if reply.status not in DONE:
            raise refusal_of(reply)
        return FetchedMedia(content=reply.body, mime=reply.headers.get("content-type", "").partition(";")[0])

    # Outbound.

    def parts_of(self, message: OutgoingMessage, account: Account) -> list[OutgoingPart]:
        return fitted_parts(message, self.capabilities_of(account.settings), _traits(message.thread))

    def send(self, part: OutgoingPart, account: Account) -> Receipt:
        answered = (part.reply_to_external_id,) if part.reply_to_external_id else ()
        url = conversation_url(part.thread, "activities", *answered)
        said = self._post(account, url, activity_of(part))
        # Mail and SMS give no id.
        return Receipt(parts=(short(str(said.get("id") or f"sent:{part.client_key}")),))

    def edit(self, sent: SentMessage, part: OutgoingPart, account: Account) -> None:
        _require(_traits(sent.thread).edit)
        url = conversation_url(sent.thread, "activities", sent.external_ids[0])
        activity = activity_of(replace(part, thread=sent.thread)) | {"id": sent.external_ids[0]}
        self._done(account, lambda token: _write("PUT", url, token, account, activity))

    def delete(self, sent: SentMessage, account: Account) -> None:
        _require(_traits(sent.thread).edit)
        for external_id in sent.external_ids:
            url = conversation_url(sent.thread, "activities", external_id)
            self._delete(account, url)

    def show_typing(self, chat: ChatRef, account: Account) -> None:
        if _traits(chat.thread).typing:
            self._post(account, conversation_url(chat.thread, "activities"), addressed("typing", chat.thread))

    # The account.

    def check(self, account: Account) -> CheckedAccount:
        """Microsoft tells nobody a bot's name: a token for it proves that id and secret belong together."""
        app_id = account.credentials["app_id"]
        self._tokens.token(_grant(account), instead_of="any that is kept")
        return CheckedAccount(external_id=app_id, title=str(account.settings.get("bot_name") or app_id))

    # Calls.

    def _post(self, account: Account, url: str, activity: Mapping[str, Any]) -> Mapping[str, Any]:
        reply = self._done(account, lambda token: _write("POST", url, token, account, activity))
        try:
            said = json.loads(reply.body)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}

    def _delete(self, account: Account, url: str) -> None:
        reply = self._call(account, lambda token: _write("DELETE", url, token, account, None))
        if reply.status not in DONE and reply.status != requests.codes.not_found:
            raise refusal_of(reply)

    def _done(self, account: Account, send: Callable[[str], Reply]) -> Reply:
        reply = self._call(account, send)
        if reply.status not in DONE:
            raise refusal_of(reply)
        return reply

    def _call(self, account: Account, send: Callable[[str], Reply]) -> Reply:
        """A refused token is asked for anew once; a permission may have come with the new one, too."""
        grant = _grant(account)
        token = self._tokens.token(grant)
        reply = send(token)
        is_refused = reply.status == requests.codes.unauthorized or (
            reply.status == FORBIDDEN and code_of(reply) not in BLOCKED
        )
        return send(self._tokens.token(grant, instead_of=token)) if is_refused else reply


def _grant(account: Account) -> Grant:
    tenant = str(account.settings.get("tenant") or MULTI_TENANT)
    form = {
        "grant_type": "client_credentials",
        "client_id": account.credentials["app_id"],
        "client_secret": account.credentials["app_secret"],
        "scope": SCOPE,
    }
    url = str(account.settings.get("token_url") or f"{LOGIN}/{tenant}/oauth2/v2.0/token")
    return Grant("Microsoft", url, form, _seconds(account))


def _write(method: str, url: str, token: str, account: Account, body: Mapping[str, Any] | None) -> Reply:
    return call(method, url, provider=PROVIDER, headers=_bearer(token), body=body, read_seconds=_seconds(account))


def _get(url: str, token: str, account: Account) -> Reply:
    return call(
        "GET", url, provider=PROVIDER, headers=_bearer(token), is_reading=True, read_seconds=_seconds(account)
    )  # fmt: skip


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _seconds(account: Account) -> float:
    return float(account.settings.get("read_seconds", READ_SECONDS))


def _traits(thread: Mapping[str, Any]) -> Traits:
    return traits_of(str(thread.get("channel_id") or ""))


def _require(is_possible: bool) -> None:
    if not is_possible:
        raise ConnectorError(_("This messenger lets nobody change what was sent."), kind="PERMANENT")


def _is_at(url: str, service_url: str) -> bool:
    found, service = urlsplit(url), urlsplit(service_url)
    return (found.scheme, found.netloc) == (service.scheme, service.netloc)


def _inline(url: str) -> FetchedMedia:
    head, _comma, content = url.removeprefix("data:").partition(",")
    try:
        return FetchedMedia(content=base64.b64decode(content, validate=True), mime=head.partition(";")[0])
    except (binascii.Error, ValueError):
        raise ConnectorError(_("The file can't be read."), kind="PERMANENT") from None
