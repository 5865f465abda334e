"""From a commit to the worker: somebody may have to be woken. A hint that costs nothing where nobody has a device."""

import logging
import time
from collections.abc import Sequence

from celery import current_app
from celery.exceptions import OperationalError

from openlines.models import PushSubscription
from openlines.push.keys import is_on

logger = logging.getLogger(__name__)

WAKE = "openlines.tasks.wake_people"
REMEMBERED_SECONDS = 10
_has_devices = (False, 0.0)


def ask_to_wake(occasion: str, dialog_ids: Sequence[int], user_ids: Sequence[int] = ()) -> None:
    """Without ``user_ids``: the owners of the dialogs, and who was invited."""
    if not dialog_ids or not is_on() or not _anybody_has_a_device():
        return
    try:
        current_app.send_task(WAKE, (occasion, list(dialog_ids), list(user_ids)), retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("Redis is away, nobody is woken: %s", type(error).__name__)


def _anybody_has_a_device() -> bool:
    """Asked once in a while: commits come by the hundred, devices by the week."""
    global _has_devices
    answer, asked_at = _has_devices
    if not asked_at or time.monotonic() - asked_at > REMEMBERED_SECONDS:
        answer = PushSubscription.objects.exists()
        _has_devices = (answer, time.monotonic())
    return answer


def forget_who_has_devices() -> None:
    """Somebody has a new one: this process need not wait to learn of it."""
    global _has_devices
    _has_devices = (False, 0.0)
