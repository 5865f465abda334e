"""What partners bring, and the secrets that both sides know."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.accounts import account_of
from channels_connectors.connector import Event, WebhookRequest
from channels_connectors.custom.throttles import take_turn
from channels_connectors.errors import SignatureMismatch
from channels_connectors.models import Account, RawEvent
from channels_connectors.registry import connector_for
from common import doorbell
from common.errors import DomainError, NotFound
from crm.audit import Action, record_change
from crm.models import User
from openlines.models import Attachment, Channel
from openlines.services.attachments import store_upload
from openlines.services.lines import require_administrator

SETTINGS_PAGE_SALT = "custom-channel-settings"


class NotGenuinePartner(DomainError):
    """Says the same of a wrong signature, an old moment and a channel that there is not."""

    code = "not_genuine"
    status = 401
    message = gettext_lazy("The signature, its moment or the channel is wrong.")


class AnotherBody(DomainError):
    code = "another_body"

    def __init__(self, indexes: Sequence[int]) -> None:
        words = [_("Another event was sent under this id before.")]
        super().__init__(fields={f"events.{index}": words for index in indexes})


@dataclass(frozen=True, slots=True)
class TakenEvent:
    """``is_new`` is off where the same event was brought before."""

    id: int
    is_new: bool


def genuine_account(*, channel_id: int, request: WebhookRequest, now: datetime) -> Account:
    """The account whose secret signed the request. Raises ``NotGenuinePartner``, ``TooFast``; refusals are counted."""
    account = (
        Account.objects.select_related("channel")
        .filter(channel_id=channel_id, channel__kind="custom")
        .exclude(channel__state=Channel.State.DISCONNECTED)
        .first()
    )
    if account is None:
        raise NotGenuinePartner
    take_turn(account.channel_id, now=now)
    try:
        connector_for("custom").verify(request, account_of(account))
    except SignatureMismatch as error:
        _count_refusal(account.channel_id, error.reason, now)
        raise NotGenuinePartner from None
    return account


def _count_refusal(channel_id: int, reason: str, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_connectors_refusal (channel_id, reason, day, number, last_at)"
            " VALUES (%s, %s, %s, 1, %s) ON CONFLICT (channel_id, reason, day) DO UPDATE SET"
            " number = channels_connectors_refusal.number + 1, last_at = excluded.last_at",
            [channel_id, reason, now.date(), now],
        )


def note_malformed(*, channel_id: int, now: datetime) -> None:
    """Counted like whatever else is turned away."""
    _count_refusal(channel_id, "malformed", now)


@transaction.atomic
def take_events(*, account: Account, events: Sequence[Mapping[str, Any]]) -> list[TakenEvent]:
    """Into the raw inbox, all or none, in order. Raises ``AnotherBody`` for an id that stood for something else."""
    connector = connector_for("custom")
    kept = [Event(key=connector.event_key(event), body=json.dumps(event).encode()) for event in events]
    new = _insert(account.channel_id, kept)
    keys = [event.key for event in kept]
    known = {
        key: (pk, bytes(body))
        for key, pk, body in RawEvent.objects.filter(channel_id=account.channel_id, key__in=keys).values_list(
            "key", "pk", "body"
        )
    }
    if changed := [place for place, event in enumerate(kept) if not _is_same(known[event.key][1], event.body)]:
        raise AnotherBody(changed)
    transaction.on_commit(lambda: doorbell.ring(doorbell.INBOX), robust=True)
    return [TakenEvent(id=known[event.key][0], is_new=known[event.key][0] in new) for event in kept]


def _insert(channel_id: int, events: Sequence[Event]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO channels_connectors_rawevent (channel_id, key, body)"
            " SELECT %s, key, body FROM unnest(%s::text[], %s::bytea[]) WITH ORDINALITY AS event (key, body, place)"
            " ORDER BY place ON CONFLICT DO NOTHING RETURNING id",
            [channel_id, [event.key for event in events], [event.body for event in events]],
        )
        return {row[0] for row in cursor.fetchall()}


def _is_same(one: bytes, other: bytes) -> bool:
    return one == other or json.loads(one) == json.loads(other)


def take_file(*, account: Account, chat_id: str, upload: "UploadedFile[Any]") -> Attachment:
    """A file for an event that follows. Raises ``InvalidInput``."""
    return store_upload(upload=upload, channel=account.channel, uploader_key=chat_id)


@transaction.atomic
def renew_secret(*, administrator: User, channel: Channel, now: datetime) -> str:
    """A new secret; the one before stays good until it is dropped. Shown this once. Raises ``NotAllowed``."""
    account = _own_account(administrator, channel)
    secret = secrets.token_urlsafe(32)
    account.credentials = {"secret": secret, "previous_secret": account.credentials.get("secret", "")}
    _save(administrator, account, "new secret", now)
    return secret


@transaction.atomic
def drop_previous_secret(*, administrator: User, channel: Channel, now: datetime) -> None:
    """Whoever still signs with the old secret is turned away from now on. Raises ``NotAllowed``."""
    account = _own_account(administrator, channel)
    account.credentials = {"secret": account.credentials.get("secret", "")}
    _save(administrator, account, "only the newest secret", now)


def _own_account(administrator: User, channel: Channel) -> Account:
    require_administrator(administrator)
    if channel.kind != "custom":
        raise NotFound
    return Account.objects.select_for_update().get(channel=channel)


def _save(administrator: User, account: Account, words: str, now: datetime) -> None:
    record_change(
        actor=administrator, action=Action.CHANGED, subject=account.channel, before={"credentials": ""},
        after={"credentials": words}, now=now,
    )  # fmt: skip
    account.save(update_fields=["encrypted_credentials"])


def settings_page_of(channel: Channel) -> str:
    """The partner's own page, told by a token of ten minutes which channel it is opened for; empty without one."""
    address = str(channel.account.settings.get("settings_page") or "")
    if not address:
        return ""
    token = signing.dumps({"channel": channel.pk}, key=channel.account.credentials["secret"], salt=SETTINGS_PAGE_SALT)
    return f"{address}{'&' if '?' in address else '?'}token={token}"
