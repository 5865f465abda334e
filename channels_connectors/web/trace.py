"""The way of one message, for supervisors of its line and administrators."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from channels_connectors.trace import trace_of
from crm.current import staff
from crm.web.access import staff_only


@require_safe
@staff_only
def message_trace(request: HttpRequest, message_id: int) -> HttpResponse:
    trace = trace_of(reader=staff(request), message_id=message_id)
    return render(request, "settings/messages/trace.html", {"trace": trace, "message": trace.message})
