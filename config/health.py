"""Is this process alive, and is everything it needs there?"""

from datetime import timedelta

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from common import doorbell
from openlines.services.timers import next_due_at
from openlines.tasks import WORKER_HEARTBEAT

TIMERS_LATE = timedelta(seconds=30)


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def ready(request: HttpRequest) -> JsonResponse:
    """200 when customers are served: database, Redis, a worker that beats, timers on time."""
    parts = {"database": _database(), "redis": _redis()}
    parts["worker"] = parts["redis"] and cache.get(WORKER_HEARTBEAT) is not None
    parts["timers"] = parts["database"] and _timers()
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    try:
        return bool(doorbell.client().ping())
    except Exception:  # noqa: BLE001 - whatever it is, Redis is not there
        return False


def _timers() -> bool:
    due_at = next_due_at()
    return due_at is None or timezone.now() - due_at < TIMERS_LATE
