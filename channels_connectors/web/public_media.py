"""Files for providers that fetch them by themselves: whoever has the link has the file, while a delivery needs it."""

from datetime import timedelta

from django.core.signing import BadSignature
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from channels_connectors.models import Delivery
from channels_connectors.public_links import linked_file
from openlines.models import Attachment
from openlines.web.files import serve

# Providers answer first and fetch then.
FETCHED_WITHIN = timedelta(hours=1)


@require_safe
def public_media(request: HttpRequest, signed: str, name: str) -> HttpResponseBase:
    """No log-in, no redirect, no cookie."""
    try:
        wanted = linked_file(signed)
    except BadSignature:
        raise Http404 from None
    found = Attachment.objects.filter(pk=wanted, state=Attachment.State.READY, message__deleted_at=None).first()
    if found is None or found.message_id is None or not _is_needed(found.message_id):
        raise Http404
    response = serve(request, found.file, mime=found.mime, name=name, is_inline=False)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _is_needed(message_id: int) -> bool:
    """Until it is sent, and for a while after that."""
    under_way = Q(state__in=[Delivery.State.QUEUED, Delivery.State.SENDING])
    lately = Q(finished_at__gt=timezone.now() - FETCHED_WITHIN)
    return Delivery.objects.filter(under_way | lately, message_id=message_id, action=Delivery.Action.SEND).exists()
