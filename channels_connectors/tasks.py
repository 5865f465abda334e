"""Nets under the loops of ``config.worker``: whatever a dead process left behind is picked up here."""

from celery import shared_task
from django.utils import timezone

from channels_connectors.inbox import process_everything
from channels_connectors.services.deliveries import ring_deliveries
from channels_connectors.services.media import fetch_due_media
from channels_connectors.services.outcomes import recover_abandoned
from channels_connectors.services.raw_events import drop_old_events
from channels_connectors.services.reports import sweep_parked
from channels_connectors.services.watch import claim_accounts_to_watch, watch_channel


@shared_task
def sweep_inbox() -> None:
    process_everything(now=timezone.now(), asking=False)


@shared_task
def sweep_deliveries() -> None:
    recover_abandoned(now=timezone.now())
    ring_deliveries()


@shared_task
def sweep_media() -> None:
    fetch_due_media(now=timezone.now())


@shared_task
def watch_channels() -> None:
    for channel_id in claim_accounts_to_watch(now=timezone.now()):
        watch_one_channel.delay(channel_id)


@shared_task
def watch_one_channel(channel_id: int) -> None:
    watch_channel(channel_id=channel_id, now=timezone.now())


@shared_task
def sweep_raw_events() -> None:
    drop_old_events(now=timezone.now())


@shared_task
def sweep_parked_receipts() -> None:
    sweep_parked(now=timezone.now())
