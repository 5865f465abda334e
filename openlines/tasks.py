"""Nets and nudges; the exact work is done by the loops in ``openlines.worker``."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from openlines.services.attachments import drop_forgotten_uploads
from openlines.services.drafts import drop_old_drafts
from openlines.services.owed import sweep_owed
from openlines.services.timers import fire_due_timers

WORKER_HEARTBEAT = "worker-heartbeat"


@shared_task
def sweep_timers() -> None:
    fire_due_timers(now=timezone.now())


@shared_task
def sweep_what_we_owe() -> None:
    sweep_owed(now=timezone.now())


@shared_task
def sweep_uploads() -> None:
    drop_forgotten_uploads(now=timezone.now())


@shared_task
def sweep_drafts() -> None:
    drop_old_drafts(now=timezone.now())


@shared_task
def note_worker_heartbeat() -> None:
    """Shows /readyz that beat, broker and worker work together."""
    cache.set(WORKER_HEARTBEAT, timezone.now().isoformat(), 60)
