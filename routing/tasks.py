from celery import shared_task
from django.utils import timezone

from routing.services.absences import refresh_absences
from routing.services.presence import forget_silent_consoles
from routing.services.waiting_dialogs import lines_to_sweep, offer_waiting
from routing.services.working_day import end_forgotten_days


@shared_task
def sweep_presence() -> None:
    """Forget silent consoles, days left open and yesterday's absences; the net for dialogs that should have been
    offered and were not."""
    now = timezone.now()
    forget_silent_consoles(now=now)
    refresh_absences(now=now)
    end_forgotten_days(now=now)
    for line_id in lines_to_sweep():
        offer_waiting(line_id=line_id, now=now)
