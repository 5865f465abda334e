"""Looking after connected accounts: does the provider still deliver to us, do our credentials hold, which texts are
approved.

Every account is looked after once in ten minutes by whichever worker comes first; that it was is on its row, so a crash
delays one look and doubles none. What is found out is told on the channel, in words; what can be mended is.
"""

import logging
import random
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from channels_connectors.accounts import account_of
from channels_connectors.connector import Account as ConnectorAccount
from channels_connectors.connector import CheckedAccount, Connector, Refreshed
from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account
from channels_connectors.registry import CONNECTORS
from channels_connectors.services.channels import ends_at, webhook_url
from channels_connectors.services.states import move_state
from channels_connectors.services.templates import sync_templates
from channels_connectors.services.watch_notes import Notes, read_notes, write_notes
from openlines.models import Channel

logger = logging.getLogger(__name__)

LOOK_EVERY, SPREAD = timedelta(minutes=10), timedelta(minutes=2)
CHECK_EVERY, TEMPLATES_EVERY = timedelta(days=1), timedelta(hours=1)
# Credentials are renewed when a sixth of their life is left: those of 60 days after 50.
SHORTEST_LEAD, LONGEST_LEAD = timedelta(minutes=15), timedelta(days=10)
# Who sets a webhook again and again fights with another program that does the same.
MOST_MENDINGS = 3
WATCHED = (Channel.State.CONNECTED, Channel.State.DEGRADED)


@transaction.atomic
def claim_accounts_to_watch(*, now: datetime, limit: int = 200) -> list[int]:
    """The channels whose turn it is, now in our hands; nobody else gets them for ten minutes."""
    due = Q(watched_at=None) | Q(watched_at__lte=now - LOOK_EVERY)
    accounts = list(
        Account.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(due, channel__state__in=WATCHED)
        .exclude(inbound=Account.Inbound.NONE)
        .order_by("watched_at")[:limit]
    )
    for account in accounts:
        # Not all at the same moment, whatever they began with.
        account.watched_at = now - SPREAD * random.random()  # noqa: S311 - no secret
        account.save(update_fields=["watched_at"])
    return [account.channel_id for account in accounts]


def watch_channel(*, channel_id: int, now: datetime) -> None:
    """One look at an account, and whatever follows from it."""
    row = Account.objects.select_related("channel").filter(channel_id=channel_id, channel__state__in=WATCHED).first()
    connector = CONNECTORS.get(row.channel.kind) if row else None
    if row is None or connector is None:
        return
    notes = read_notes(row)
    try:
        _renew_credentials(connector, row, notes, now)
        problem = _mend_webhook(connector, row, notes, now)
        _check_identity(connector, row, notes, now)
        _sync_templates(connector, row, notes, now)
    except ConnectorError as error:
        _note_failure(row, notes, error, now)
    else:
        _note_success(row, notes, problem, now)


def _renew_credentials(connector: Connector, row: Account, notes: Notes, now: datetime) -> None:
    ends = row.credentials_expire_at
    if ends is None:
        return
    if notes.expires != ends.isoformat():
        notes.expires, notes.lifetime = ends.isoformat(), (ends - now).total_seconds()
    if ends - now > lead_of(timedelta(seconds=notes.lifetime)):
        return
    notes.step = "credentials"
    if (refreshed := connector.refresh(account_of(row))) is not None:
        _store_refreshed(row, refreshed, now)


def lead_of(lifetime: timedelta) -> timedelta:
    """How long before their end credentials are renewed."""
    return min(max(lifetime / 6, SHORTEST_LEAD), LONGEST_LEAD)


@transaction.atomic
def _store_refreshed(row: Account, refreshed: Refreshed, now: datetime) -> None:
    locked = Account.objects.select_for_update().get(pk=row.pk)
    if locked.encrypted_credentials != row.encrypted_credentials:
        # An administrator entered others while the provider was asked.
        return
    locked.credentials, locked.credentials_expire_at = dict(refreshed.credentials), ends_at(refreshed.expires_in, now)
    locked.save(update_fields=["encrypted_credentials", "credentials_expire_at"])
    row.encrypted_credentials, row.credentials_expire_at = locked.encrypted_credentials, locked.credentials_expire_at


def _mend_webhook(connector: Connector, row: Account, notes: Notes, now: datetime) -> str:
    """Gives what is the matter with it, in words, where that can't be mended from here."""
    if row.inbound != Account.Inbound.WEBHOOK:
        return ""
    notes.step = "webhook"
    url, account = webhook_url(row), account_of(row)
    subscription = connector.subscription(url=url, account=account)
    if subscription is None:
        return ""
    if subscription.is_ours:
        return subscription.problem
    notes.forget_mendings_before(now - timedelta(days=1))
    if len(notes.mended) >= MOST_MENDINGS:
        return _("Another program takes the messages of this account again and again. Stop it, then check again.")
    _set_webhook_again(connector, row, account, url)
    notes.mended.append(now.isoformat())
    Channel.objects.filter(pk=row.channel_id).update(
        last_error=_("The provider no longer delivered to us; it was told to do so again."), last_error_at=now
    )
    return ""


def _set_webhook_again(connector: Connector, row: Account, account: ConnectorAccount, url: str) -> None:
    remembered = connector.set_webhook(url=url, account=account)
    keep_settings(row, remembered)


def _check_identity(connector: Connector, row: Account, notes: Notes, now: datetime) -> None:
    """Once a day: are we still who we were?"""
    if not notes.is_due("checked_at", CHECK_EVERY, now):
        return
    notes.step = "check"
    checked = connector.check(account_of(row))
    notes.checked_at = now.isoformat()
    if f"{row.channel.kind}:{checked.external_id}" == row.channel.scope:
        _store_checked(row, checked, now)


@transaction.atomic
def _store_checked(row: Account, checked: CheckedAccount, now: datetime) -> None:
    keep_settings(row, checked.settings)
    if checked.expires_in is not None:
        row.credentials_expire_at = ends_at(checked.expires_in, now)
        Account.objects.filter(pk=row.pk, encrypted_credentials=row.encrypted_credentials).update(
            credentials_expire_at=row.credentials_expire_at
        )


def _sync_templates(connector: Connector, row: Account, notes: Notes, now: datetime) -> None:
    if not connector.capabilities_of(row.settings).templates or not notes.is_due("synced_at", TEMPLATES_EVERY, now):
        return
    notes.step = "templates"
    sync_templates(channel_id=row.channel_id, templates=connector.templates(account_of(row)), now=now)
    notes.synced_at = now.isoformat()


def _note_failure(row: Account, notes: Notes, error: ConnectorError, now: datetime) -> None:
    """Tokens that are refused stop the channel. An outage says nothing against our subscription: it is asked again."""
    logger.info("Looking after channel %s met %s", row.channel_id, error.kind)
    write_notes(row, notes)
    if error.kind == "TOKEN":
        _set_state(row, Channel.State.TOKEN_REVOKED, str(error), now)
    elif notes.step == "credentials" or not error.is_outage:
        notes.trouble = notes.step
        write_notes(row, notes)
        _set_state(row, Channel.State.DEGRADED, str(error), now)


def _note_success(row: Account, notes: Notes, problem: str, now: datetime) -> None:
    had_trouble, notes.trouble = notes.trouble, "webhook" if problem else ""
    write_notes(row, notes)
    if problem:
        _set_state(row, Channel.State.DEGRADED, problem, now)
    elif had_trouble:
        move_state(row.channel_id, to=Channel.State.CONNECTED, among=[Channel.State.DEGRADED], last_error="")


def _set_state(row: Account, state: str, words: str, now: datetime) -> None:
    move_state(row.channel_id, to=state, among=WATCHED, last_error=words, last_error_at=now)


def keep_settings(row: Account, values: Any) -> None:
    """Over what is there now, whoever else writes settings meanwhile."""
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=row.pk)
        locked.settings = {**locked.settings, **values}
        if values:
            locked.save(update_fields=["settings"])
    row.settings = locked.settings
