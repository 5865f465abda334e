"""An account whose provider is ill is left alone for a while, so that it slows nobody else.

Failures in a row are counted in the account's row. From the third on it is paused, each time for longer; then one
delivery tries. A success, or any answer that is none of illness, ends it, and the channel is well again by itself.
"""

import random
from datetime import datetime, timedelta

from django.db import transaction

from channels_connectors.errors import ConnectorError
from channels_connectors.models import Account
from channels_connectors.services.states import move_state
from openlines.models import Channel

TRIPS_AT = 3
SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 120.0
MOST_COUNTED = 100


def is_illness(error: ConnectorError) -> bool:
    return error.is_outage or error.kind == "UNKNOWN"


@transaction.atomic
def note_illness(account: Account, error: ConnectorError, *, now: datetime) -> datetime | None:
    """One more failure of an account as it was when the call began; returns until when nothing is sent, if so."""
    held = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    is_probe = account.failures >= TRIPS_AT
    if held.failures >= TRIPS_AT and not is_probe:
        # Calls that began before the account was paused say nothing new.
        return held.paused_until
    held.failures = min(held.failures + 1, MOST_COUNTED)
    if held.failures >= TRIPS_AT:
        held.paused_until = now + max(_pause(held.failures), timedelta(seconds=error.retry_after or 0))
    elif error.retry_after:
        held.paused_until = now + timedelta(seconds=error.retry_after)
    held.save(update_fields=["failures", "paused_until"])
    _show(held, error, now)
    return held.paused_until


def _pause(failures: int) -> timedelta:
    longest = min(SHORTEST_PAUSE * 2 ** (failures - TRIPS_AT), LONGEST_PAUSE)
    return timedelta(seconds=longest * random.uniform(0.8, 1))  # noqa: S311 - spreads tries, keeps no secret


def _show(account: Account, error: ConnectorError, now: datetime) -> None:
    channel = Channel.objects.filter(pk=account.channel_id)
    channel.update(last_error=str(error), last_error_at=now)
    if account.failures >= TRIPS_AT:
        move_state(account.channel_id, to=Channel.State.DEGRADED, among=[Channel.State.CONNECTED])


def note_well(account: Account) -> None:
    """The provider answered. Costs nothing while all is well."""
    if account.failures:
        _end_illness(account)


@transaction.atomic
def _end_illness(account: Account) -> None:
    held = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if held.failures >= TRIPS_AT:
        held.paused_until = None
        _show_well(held)
    held.failures = 0
    held.save(update_fields=["failures", "paused_until"])


def _show_well(account: Account) -> None:
    """Unless the watchdog found something else that is wrong: see ``services.watch``."""
    if not account.settings.get("watch", {}).get("trouble"):
        move_state(account.channel_id, to=Channel.State.CONNECTED, among=[Channel.State.DEGRADED], last_error="")


def pause_account(*, channel_id: int, until: datetime) -> None:
    """The provider asked for it. A longer pause stays."""
    with transaction.atomic():
        held = Account.objects.select_for_update(of=("self",)).get(channel_id=channel_id)
        if held.paused_until is None or held.paused_until < until:
            held.paused_until = until
            held.save(update_fields=["paused_until"])
