"""What people do with offers, the rules of queues."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.permissions import AdministratorsWrite
from crm.current import staff
from openlines.api.lines import line_for
from openlines.api.serializers import DialogSerializer
from openlines.presenters import dialog_json
from routing.models import Queue
from routing.services.answering import answer_dialog, skip_dialog
from routing.services.queues import change_queue


class AnswerView(APIView):
    @extend_schema(request=None, responses=DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        answer_dialog(dialog_id=dialog_id, operator=staff(request), now=timezone.now())
        return Response(dialog_json(dialog_id))


class SkipView(APIView):
    @extend_schema(request=None, responses=DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        skip_dialog(dialog_id=dialog_id, operator=staff(request), now=timezone.now())
        return Response(dialog_json(dialog_id))


class QueueSerializer(drf.ModelSerializer[Queue]):
    offer_seconds = drf.IntegerField(min_value=1, max_value=24 * 3600)

    class Meta:
        model = Queue
        fields = (
            "distribution", "offer_seconds", "checks_presence", "prefers_last_operator", "off_hours_action",
            "off_hours_text", "transfers_as_offer", "moves_responsible", "colleagues_take_over",
        )  # fmt: skip


class QueueView(APIView):
    """How the line's dialogs are distributed."""

    permission_classes = (AdministratorsWrite,)

    @extend_schema(responses=QueueSerializer)
    def get(self, request: Request, line_id: int) -> Response:
        return Response(QueueSerializer(line_for(request, line_id).queue).data)

    @extend_schema(request=QueueSerializer, responses=QueueSerializer)
    def patch(self, request: Request, line_id: int) -> Response:
        queue = line_for(request, line_id).queue
        changes = QueueSerializer(queue, data=request.data, partial=True)
        changes.is_valid(raise_exception=True)
        queue = change_queue(administrator=staff(request), queue=queue, **changes.validated_data)
        return Response(QueueSerializer(queue).data)
