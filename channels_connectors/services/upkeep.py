"""Keeping a connected channel in order: a look at how it does, a new token, a new name."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.accounts import account_of
from channels_connectors.connector import ConnectorError
from channels_connectors.models import Account
from channels_connectors.registry import connector_for
from channels_connectors.services.channels import arrange_inbound, check_account
from common import doorbell
from common.errors import DomainError, InvalidInput
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
    _choose_inbound(channel.account)
    try:
        connector_for(channel.kind).check(account_of(channel.account))
    except ConnectorError as error:
        state = Channel.State.TOKEN_REVOKED if error.kind == "TOKEN" else Channel.State.DEGRADED
        _note(channel, state=state, error=str(error), now=now)
    else:
        _note(channel, state=Channel.State.CONNECTED, error="", now=now)
        arrange_inbound(channel)
    return channel


def change_token(*, administrator: User, channel: Channel, token: str, base_url: str, now: datetime) -> Channel:
    """Another token of the same account; threads go on. Checked live before anything is stored.

    Raises ``NotAllowed``, ``InvalidInput``, ``ConnectionRefused``, ``AnotherAccount``.
    """
    require_administrator(administrator)
    require_in_use(channel.line)
    if not token.strip():
        raise InvalidInput(fields={"token": [_("Paste the token that BotFather gave you.")]})
    credentials = {"token": token.strip()}
    checked = check_account(kind=channel.kind, credentials=credentials, base_url=base_url)
    if channel.scope != f"{channel.kind}:{checked.external_id}":
        raise AnotherAccount
    _store_credentials(administrator, channel, credentials, base_url, now)
    _choose_inbound(channel.account)
    _note(channel, state=Channel.State.CONNECTED, error="", now=now)
    arrange_inbound(channel)
    return channel


@transaction.atomic
def _store_credentials(
    administrator: User, channel: Channel, credentials: dict[str, str], base_url: str, now: datetime
) -> None:
    account = Account.objects.select_for_update().get(channel=channel)
    record_change(
        actor=administrator, action=Action.CHANGED, subject=channel, before={"base_url": account.base_url},
        after={"base_url": base_url, "credentials": "given anew"}, now=now,
    )  # fmt: skip
    account.credentials, account.base_url = credentials, base_url
    account.save(update_fields=["encrypted_credentials", "base_url"])
    channel.account = account


def _choose_inbound(account: Account) -> None:
    """The server may have got a public address since the channel was connected, or lost it."""
    if account.inbound != Account.Inbound.NONE:
        account.inbound = Account.Inbound.WEBHOOK if settings.PUBLIC_URL else Account.Inbound.POLL
        account.save(update_fields=["inbound"])


def _note(channel: Channel, *, state: str, error: str, now: datetime) -> None:
    channel.state, channel.last_error = state, error
    if error:
        channel.last_error_at = now
    channel.save(update_fields=["state", "last_error", "last_error_at"])
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
