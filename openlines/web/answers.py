"""How pages answer to whole-page visits and to htmx alike."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from common.pages import is_partial


def gone_to(request: HttpRequest, address: str) -> HttpResponse:
    """The browser is to show another page now."""
    return HttpResponseClientRedirect(address) if is_partial(request) else redirect(address)
