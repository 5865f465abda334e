from celery import shared_task
from django.utils import timezone

from routing.services.presence import forget_silent_consoles
from routing.services.waiting_dialogs import lines_to_sweep, offer_waiting


@shared_task
def sweep_presence() -> None:
    """Forget silent consoles; the net for dialogs that should have been offered and were not."""
    now = timezone.now()
    forget_silent_consoles(now=now)
    for line_id in lines_to_sweep():
        offer_waiting(line_id=line_id, now=now)
