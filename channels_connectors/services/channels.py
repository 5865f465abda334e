"""Connecting, pausing, moving and disconnecting channels: what administrators do."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.accounts import account_of
from channels_connectors.connector import POLL, WEBHOOK
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account
from channels_connectors.registry import connector_for
from channels_connectors.services.checking import check_account, refuse_to_take_over
from channels_connectors.services.given import given_values
from channels_connectors.services.states import move_state
from common import doorbell
from common.errors import DomainError, InvalidInput
from common.events import publish
from crm.audit import Action, record_change, record_creation, recorded, settings_of
from crm.models import User
from openlines.events import ChannelStateChanged
from openlines.models import Channel, Line
from openlines.services.lines import require_administrator, require_in_use
from openlines.services.locking import hold_channel


class AlreadyConnected(DomainError):
    code = "already_connected"
    message = gettext_lazy("This account is already connected to a line.")


class ConnectAgain(DomainError):
    code = "connect_again"
    message = gettext_lazy("This channel was disconnected. Connect it again with its token.")


OWN_KINDS = frozenset({"livechat", "sandbox"})
RESUMABLE = {Channel.State.CONNECTED, Channel.State.DEGRADED, Channel.State.PAUSED}
NO_PROVIDER = Account.Inbound.NONE
STATE_ACTIONS: dict[str, Action] = {
    Channel.State.PAUSED: Action.PAUSED,
    Channel.State.CONNECTED: Action.RESUMED,
    Channel.State.DISCONNECTED: Action.DISCONNECTED,
}


def connect_channel(
    *, administrator: User, line: Line, kind: str, values: Mapping[str, Any], now: datetime, take_over: bool = False
) -> Channel:
    """Connect an account at a provider: check it live, store it, and have its events come (by webhook where we have a
    public address and the provider has webhooks, else by asking).

    ``values`` are those of the kind's ``Setup`` fields. An account that delivers to another program is taken over only
    if that is wanted. Raises ``NotAllowed``, ``InvalidInput``, ``ConnectionRefused``, ``DeliversElsewhere``,
    ``AlreadyConnected``.
    """
    require_administrator(administrator)
    require_in_use(line)
    given = given_values(kind, values)
    inbound = choose_inbound(kind)
    checked = check_account(
        kind=kind, credentials=given.credentials, base_url=given.base_url, own_settings=given.settings
    )
    if not take_over:
        refuse_to_take_over(checked)
    channel = _store(
        line=line, kind=kind, scope=f"{kind}:{checked.external_id}", name=checked.title,
        credentials={**given.credentials, **checked.credentials}, base_url=given.base_url, inbound=inbound,
        own_settings={**given.settings, **checked.settings}, administrator=administrator,
        expire_at=ends_at(checked.expires_in, now),
    )  # fmt: skip
    arrange_inbound(channel)
    return channel


def choose_inbound(kind: str) -> str:
    """How its events come, as things are with this server. Raises ``InvalidInput`` where they can't."""
    connector = connector_for(kind)
    ways = connector.inbound
    if not ways:
        return Account.Inbound.NONE
    if WEBHOOK in ways and (settings.PUBLIC_URL or not connector.needs_public_url):
        return Account.Inbound.WEBHOOK
    if POLL not in ways:
        raise InvalidInput(
            _("This channel delivers to a public address of this server. Set PUBLIC_URL first, then connect it.")
        )
    return Account.Inbound.POLL


def ends_at(expires_in: float | None, now: datetime) -> datetime | None:
    return None if expires_in is None else now + timedelta(seconds=expires_in)


def connect_own(*, administrator: User, line: Line, kind: str, name: str = "") -> Channel:
    """A website chat or a sandbox needs no account anywhere."""
    require_administrator(administrator)
    require_in_use(line)
    if kind not in OWN_KINDS:
        raise InvalidInput(fields={"kind": [_("Unknown kind of channel.")]})
    title = name or {"livechat": _("Website chat"), "sandbox": _("Sandbox")}[kind]
    scope = f"{kind}:{secrets.token_urlsafe(8)}"
    # What the website chat's script and pages are found by: see livechat/widgets.py.
    own_settings = {"public_key": secrets.token_urlsafe(12)} if kind == "livechat" else {}
    return _store(
        line=line, kind=kind, scope=scope, name=title, credentials={}, base_url="", inbound=Account.Inbound.NONE,
        own_settings=own_settings, administrator=administrator,
    )  # fmt: skip


@transaction.atomic
def _store(
    *, administrator: User, line: Line, kind: str, scope: str, name: str, credentials: dict[str, str], base_url: str,
    inbound: str, own_settings: Mapping[str, Any] | None = None, expire_at: datetime | None = None,
) -> Channel:  # fmt: skip
    known = Channel.objects.select_for_update().filter(scope=scope).first()
    if known is not None and known.state not in {Channel.State.DISCONNECTED, Channel.State.TOKEN_REVOKED}:
        raise AlreadyConnected
    channel = known or Channel(scope=scope, kind=kind)
    before = settings_of(known) if known else {}
    channel.line, channel.name, channel.state, channel.last_error = line, name[:255], Channel.State.CONNECTED, ""
    channel.save()
    publish(ChannelStateChanged(channel.pk))
    account = Account.objects.filter(channel=channel).first() or Account(channel=channel)
    account.credentials = credentials
    account.webhook_secret = account.webhook_secret or secrets.token_urlsafe(24)
    account.base_url, account.inbound = base_url, inbound
    account.settings = {**account.settings, **(own_settings or {})}
    account.credentials_expire_at, account.failures, account.paused_until = expire_at, 0, None
    account.save()
    _record_connection(administrator, channel, before)
    transaction.on_commit(lambda: doorbell.ring(doorbell.ACCOUNTS), robust=True)
    transaction.on_commit(lambda: doorbell.ring(doorbell.DELIVERIES), robust=True)
    return channel


def _record_connection(administrator: User, channel: Channel, before: Mapping[str, object]) -> None:
    """A channel that comes back says what differs, beside its new secrets."""
    if not before:
        record_creation(actor=administrator, action=Action.CONNECTED, subject=channel)
        return
    after = settings_of(channel) | {"credentials": "given anew"}
    record_change(actor=administrator, action=Action.CONNECTED, subject=channel, before=before, after=after)


def arrange_inbound(channel: Channel) -> None:
    """Tell the provider where to deliver. A refusal leaves the channel connected with its trouble in words."""
    account = channel.account
    connector = connector_for(channel.kind)
    try:
        if account.inbound == Account.Inbound.WEBHOOK:
            remembered = connector.set_webhook(url=webhook_url(account), account=account_of(account))
            account.settings = {**account.settings, **remembered}
            account.save(update_fields=["settings"])
        elif account.inbound == Account.Inbound.POLL:
            connector.remove_webhook(account_of(account))
    except ConnectorError as error:
        move_state(channel.pk, to=Channel.State.DEGRADED, last_error=str(error))
        channel.refresh_from_db()


def webhook_url(account: Account) -> str:
    return f"{settings.PUBLIC_URL}/hooks/{account.channel.kind}/{account.webhook_token}/"


@transaction.atomic
def set_channel_state(*, administrator: User, channel: Channel, state: str) -> Channel:
    """Pause, resume or disconnect. A paused channel keeps what arrives and what waits to be sent.

    Raises ``NotAllowed``, ``LineIsArchived``, ``ConnectAgain``: a provider that was left must be told where to deliver.
    """
    require_administrator(administrator)
    if state == Channel.State.CONNECTED:
        require_in_use(channel.line)
    if state == Channel.State.CONNECTED and channel.state not in RESUMABLE and channel.account.inbound != NO_PROVIDER:
        raise ConnectAgain
    with recorded(channel, actor=administrator, action=STATE_ACTIONS.get(state, Action.CHANGED)):
        channel.state = state
        move_state(channel.pk, to=state)
    for bell in (doorbell.ACCOUNTS, doorbell.DELIVERIES, doorbell.INBOX):
        transaction.on_commit(partial(doorbell.ring, bell), robust=True)
    return channel


@transaction.atomic
def pause_channels_of_line(*, administrator: User, line_id: int) -> None:
    """Once it returns nothing new comes of them: whatever was being taken in is in, the rest is kept for later."""
    channels = Channel.objects.select_related("account").filter(line_id=line_id).order_by("pk")
    for channel in channels:
        hold_channel(channel.pk)
        channel.refresh_from_db(fields=["state"])
        if channel.is_open:
            set_channel_state(administrator=administrator, channel=channel, state=Channel.State.PAUSED)


def disconnect_channel(*, administrator: User, channel: Channel) -> Channel:
    """The provider stops delivering; threads and history stay, and connecting again goes on with them."""
    set_channel_state(administrator=administrator, channel=channel, state=Channel.State.DISCONNECTED)
    if channel.account.inbound == Account.Inbound.WEBHOOK:
        try:
            connector_for(channel.kind).remove_webhook(account_of(channel.account))
        except ConnectorError as error:
            Channel.objects.filter(pk=channel.pk).update(last_error=str(error))
    return channel


@transaction.atomic
def move_channel(*, administrator: User, channel: Channel, line: Line) -> Channel:
    """To another line, threads and all; open dialogs stay with the line they were opened in.

    Raises ``NotAllowed``, ``LineIsArchived``.
    """
    require_administrator(administrator)
    require_in_use(line)
    with recorded(channel, actor=administrator, action=Action.MOVED):
        channel.line = line
        channel.save(update_fields=["line"])
    return channel
