"""The rules of a line's queue."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.api.permissions import AdministratorsWrite
from crm.current import staff
from openlines.api.lines import line_for
from openlines.texts import LONGEST
from routing.models import Queue
from routing.services.queue_rules import LENGTHS
from routing.services.queues import change_queue


def length(name: str, *, allow_null: bool = False) -> drf.IntegerField:
    least, most = LENGTHS[name]
    return drf.IntegerField(min_value=least, max_value=most, allow_null=allow_null)


class QueueSerializer(drf.ModelSerializer[Queue]):
    offer_seconds = length("offer_seconds")
    responsible_seconds = length("responsible_seconds")
    last_operator_seconds = length("last_operator_seconds")
    return_seconds = length("return_seconds", allow_null=True)
    priority_seconds = length("priority_seconds")
    no_answer_seconds = length("no_answer_seconds")
    no_answer_text = drf.CharField(max_length=LONGEST, allow_blank=True)
    off_hours_text = drf.CharField(max_length=LONGEST, allow_blank=True)

    class Meta:
        model = Queue
        fields = (
            "distribution", "offer_seconds", "checks_presence", "checks_working_day", "checks_absence",
            "prefers_responsible", "responsible_seconds", "prefers_last_operator", "last_operator_seconds",
            "place_rule", "nobody_rule", "priority_seconds", "return_seconds", "transfers_as_offer",
            "moves_responsible", "colleagues_take_over", "no_answer_action", "no_answer_seconds", "no_answer_text",
            "off_hours_action", "off_hours_text",
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
