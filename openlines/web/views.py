"""The console's page; everything on it comes over the API and the socket."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import ensure_csrf_cookie

from common.catalogue import catalogue
from crm.current import staff
from openlines.emoji_list import VERSION


@login_required
@ensure_csrf_cookie
def console(request: HttpRequest, dialog_id: int | None = None) -> HttpResponse:
    if not staff(request).works_with_clients:
        return render(request, "no_access.html", status=403)
    language = get_language() or "en"
    context = {
        "boot_url": "/api/v1/console/",
        "socket_path": "/ws/console/",
        "language": language,
        "catalogue": catalogue(language),
        "dialog_id": dialog_id,
        "emoji_url": f"{reverse('emoji')}?v={VERSION}",
    }
    return render(request, "openlines/console.html", context)
