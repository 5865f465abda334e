"""Keeping a connected channel in order: a look at how it does, a new token, a new name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from channels_connectors.accounts import account_of
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account
from channels_connectors.registry import connector_for
from channels_connectors.services.channels import arrange_inbound, choose_inbound, ends_at
from channels_connectors.services.checking import check_account
from channels_connectors.services.given import Given, given_values
from channels_connectors.services.states import move_state
from common import doorbell
from common.errors import DomainError
from common.events import publish
from crm.audit import Action, record_change, recorded
from crm.models import User
from openlines.events import PrioritiesChanged
from openlines.models import Channel
from openlines.services.lines import require_administrator, require_in_use


class AnotherAccount(DomainError):
    code = "another_account"
    message = gettext_lazy("This token belongs to another account. Connect that one as a channel of its own.")


def check_channel(*, administrator: User, channel: Channel, now: datetime) -> Channel:
    """Ask the provider now, tell it again where to deliver, and note the state that follows from its answer."""
    require_administrator(administrator)
    require_in_use(channel.line)
    _choose_inbound(channel)
    try:
        connector_for(channel.kind).check(account_of(channel.account))
    except ConnectorError as error:
        state = Channel.State.TOKEN_REVOKED if error.kind == "TOKEN" else Channel.State.DEGRADED
        _note(channel, state=state, error=str(error), now=now)
    else:
        _note(channel, state=Channel.State.CONNECTED, error="", now=now)
        arrange_inbound(channel)
    return channel


def change_credentials(*, administrator: User, channel: Channel, values: Mapping[str, Any], now: datetime) -> Channel:
    """Other credentials of the same account; threads go on. Checked live before anything is stored.

    ``values`` are those of the kind's ``Setup`` fields; secrets that are left empty stay. Raises ``NotAllowed``,
    ``InvalidInput``, ``ConnectionRefused``, ``AnotherAccount``.
    """
    require_administrator(administrator)
    require_in_use(channel.line)
    given = given_values(channel.kind, values, known=channel.account.credentials)
    checked = check_account(
        kind=channel.kind, credentials={**channel.account.credentials, **given.credentials}, base_url=given.base_url,
        own_settings={**channel.account.settings, **given.settings},
    )  # fmt: skip
    if channel.scope != f"{channel.kind}:{checked.external_id}":
        raise AnotherAccount
    given.credentials |= checked.credentials
    given.settings |= checked.settings
    _store_credentials(administrator, channel, given, ends_at(checked.expires_in, now), now)
    _choose_inbound(channel)
    _note(channel, state=Channel.State.CONNECTED, error="", now=now)
    arrange_inbound(channel)
    return channel


@transaction.atomic
def _store_credentials(
    administrator: User, channel: Channel, given: Given, expire_at: datetime | None, now: datetime
) -> None:
    account = Account.objects.select_for_update().get(channel=channel)
    record_change(
        actor=administrator, action=Action.CHANGED, subject=channel, before={"base_url": account.base_url},
        after={"base_url": given.base_url, "credentials": "given anew"}, now=now,
    )  # fmt: skip
    account.credentials = {**account.credentials, **given.credentials}
    account.base_url = given.base_url
    account.settings = {**account.settings, **given.settings}
    account.credentials_expire_at, account.failures, account.paused_until = expire_at, 0, None
    account.save(
        update_fields=[
            "encrypted_credentials", "base_url", "settings", "credentials_expire_at", "failures", "paused_until",
        ]
    )  # fmt: skip
    channel.account = account


def _choose_inbound(channel: Channel) -> None:
    """The server may have got a public address since the channel was connected, or lost it."""
    channel.account.inbound = choose_inbound(channel.kind)
    channel.account.save(update_fields=["inbound"])


def _note(channel: Channel, *, state: str, error: str, now: datetime) -> None:
    channel.state, channel.last_error = state, error
    if error:
        channel.last_error_at = now
    move_state(channel.pk, to=state, last_error=error, last_error_at=channel.last_error_at)
    doorbell.ring(doorbell.ACCOUNTS)
    doorbell.ring(doorbell.DELIVERIES)


@transaction.atomic
def change_channel(*, administrator: User, channel: Channel, **changes: Any) -> Channel:
    """Another name, as staff call it, or another priority. Raises ``NotAllowed``."""
    require_administrator(administrator)
    with recorded(channel, actor=administrator):
        for name, value in changes.items():
            setattr(channel, name, value)
        channel.save(update_fields=list(changes))
    if "priority" in changes:
        publish(PrioritiesChanged(line_id=channel.line_id))
    return channel
