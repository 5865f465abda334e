"""Nets and nudges; the exact work is done by the loops in ``openlines.worker``."""

from collections.abc import Mapping, Sequence
from typing import Any

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from openlines.push.waking import push_to, pushes_for
from openlines.services.attachments import drop_forgotten_uploads
from openlines.services.call_backs import remind_of_call_backs
from openlines.services.drafts import drop_old_drafts
from openlines.services.owed import sweep_owed
from openlines.services.tags import take_off_removed_tags
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
def sweep_call_backs() -> None:
    remind_of_call_backs(now=timezone.now())


@shared_task
def sweep_tags() -> None:
    take_off_removed_tags(now=timezone.now())


@shared_task
def note_worker_heartbeat() -> None:
    """Shows /readyz that beat, broker and worker work together."""
    cache.set(WORKER_HEARTBEAT, timezone.now().isoformat(), 60)


@shared_task
def wake_people(occasion: str, dialog_ids: Sequence[int], user_ids: Sequence[int]) -> None:
    for push in pushes_for(occasion=occasion, dialog_ids=dialog_ids, user_ids=user_ids, now=timezone.now()):
        push_to_device.delay(**push)


@shared_task
def push_to_device(
    subscription_id: int, user_id: int, notification: Mapping[str, Any], expires_at: str, attempt: int = 0
) -> None:
    """A push service that has no time now is asked again, later and later, while the news is worth it."""
    again = push_to(
        subscription_id=subscription_id, user_id=user_id, notification=notification, expires_at=expires_at,
        attempt=attempt, now=timezone.now(),
    )  # fmt: skip
    if again is not None:
        whose = {"subscription_id": subscription_id, "user_id": user_id}
        rest = {"notification": notification, "expires_at": expires_at, "attempt": attempt + 1}
        push_to_device.apply_async(kwargs=whose | rest, countdown=again)
