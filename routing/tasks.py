from celery import shared_task
from django.utils import timezone

from openlines.models import Dialog
from routing.services.distribution import offer_waiting
from routing.services.presence import forget_silent_consoles


@shared_task
def sweep_presence() -> None:
    """Forget silent consoles; the net for dialogs that should have been offered and were not."""
    now = timezone.now()
    forget_silent_consoles(now=now)
    stranded = Dialog.objects.filter(state=Dialog.State.NEW).values_list("line_id", flat=True).distinct()
    for line_id in stranded:
        offer_waiting(line_id=line_id, now=now)
