"""What makes the product an app of its own on a desktop or a phone: manifest, service worker, a page without a line."""

import hashlib
import json

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

# What the page without a line is made of.
PRECACHED = ("layers", "tokens", "reset", "base", "icon", "btn", "error_page", "offline")


@require_GET
@cache_control(max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    content = {
        "id": "/",
        "name": _("Contact centre"),
        "short_name": _("Dialogs"),
        "description": _("Every client's message in one window"),
        "lang": get_language(),
        "start_url": reverse("console"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#1a2133",
        "icons": [
            _icon("app.svg", "any", "image/svg+xml"),
            _icon("app-192.png", "192x192"),
            _icon("app-512.png", "512x512"),
            _icon("maskable-512.png", "512x512", purpose="maskable"),
        ],
        "shortcuts": [
            {"name": _("Who waits"), "url": "/#tab-waiting", "icons": [_icon("app-192.png", "192x192")]},
            {"name": _("Clients and leads"), "url": reverse("leads"), "icons": [_icon("app-192.png", "192x192")]},
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _icon(name: str, sizes: str, kind: str = "image/png", *, purpose: str = "any") -> dict[str, str]:
    return {"src": static(f"icons/{name}"), "sizes": sizes, "type": kind, "purpose": purpose}


@require_GET
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, so that it serves every page. Its bytes change with any static file: thus a release is told."""
    config = {
        "version": _version(),
        "offline": reverse("offline"),
        "precached": [static(f"styles/{name}.css") for name in PRECACHED] + [static("icons.svg")],
        "icon": static("icons/app-192.png"),
        "badge": static("icons/badge-96.png"),
    }
    script = f"self.CONFIG = {json.dumps(config)};\nimportScripts({json.dumps(static('pwa/worker.js'))});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def _version() -> str:
    """Which files there are; while developing, one version for all."""
    names = getattr(staticfiles_storage, "hashed_files", None) or {"debug": str(settings.DEBUG)}
    return hashlib.sha256(json.dumps(sorted(names.items())).encode()).hexdigest()[:12]


@require_GET
@cache_control(max_age=3600)
def offline(request: HttpRequest) -> HttpResponse:
    """Kept by the service worker and shown to whoever: it says nothing of anybody, in both languages."""
    return render(request, "openlines/offline.html")
