"""How long clients wait yet."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.current import staff
from openlines.access import visible_dialog
from routing.pace import Wait
from routing.waiting import Waiting, waiting_of


class WaitSerializer(drf.Serializer[object]):
    from_seconds = drf.IntegerField()
    to_seconds = drf.IntegerField()


class WaitingSerializer(drf.Serializer[object]):
    position = drf.IntegerField(allow_null=True, help_text="The place in the line's queue, from 1 on")
    ahead = drf.IntegerField(allow_null=True)
    wait = WaitSerializer(allow_null=True, help_text="From now until an operator takes it; null: nothing to go by")


class WaitingView(APIView):
    """The place of a dialog that nobody has taken yet; nulls for any other."""

    @extend_schema(responses=WaitingSerializer)
    def get(self, request: Request, dialog_id: int) -> Response:
        dialog = visible_dialog(staff(request), dialog_id)
        return Response(waiting_json(waiting_of(dialog, now=timezone.now())))


def waiting_json(waiting: Waiting | None) -> dict[str, Any]:
    if waiting is None:
        return {"position": None, "ahead": None, "wait": None}
    return {"position": waiting.position, "ahead": waiting.ahead, "wait": wait_json(waiting.wait)}


def wait_json(wait: Wait | None) -> dict[str, int] | None:
    return {"from_seconds": wait.from_seconds, "to_seconds": wait.to_seconds} if wait else None
