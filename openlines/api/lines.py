"""Lines and their queue members."""

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from common.errors import NotFound
from crm.api.permissions import AdministratorsWrite
from crm.current import staff
from openlines.access import lines_of
from openlines.models import Line
from openlines.services.line_rules import LONGEST_GRACE, LONGEST_SILENCE
from openlines.services.lines import change_line, create_line, set_queue_members
from openlines.texts import LONGEST


class LineSerializer(drf.ModelSerializer[Line]):
    name = drf.CharField(max_length=255)
    silence_seconds = drf.IntegerField(min_value=1, max_value=LONGEST_SILENCE)
    grace_seconds = drf.IntegerField(min_value=0, max_value=LONGEST_GRACE)
    form_url = drf.CharField(max_length=500, allow_blank=True)
    translations = drf.DictField(child=drf.DictField(child=drf.CharField(max_length=LONGEST, allow_blank=True)))

    class Meta:
        model = Line
        fields = (
            "id", "name", "is_active", "public_key", "access", "lead_rule", "lead_source", "is_welcome_sent",
            "welcome_text", "closing_action", "closing_text", "client_closing_action", "client_closing_text",
            "is_closed_by_silence", "silence_seconds", "silence_action", "silence_text", "grace_seconds", "form_url",
            "translations", "supervisors", "created_at",
        )  # fmt: skip
        read_only_fields = ("public_key", "created_at")


class NewLineSerializer(drf.Serializer[Line]):
    name = drf.CharField(max_length=255)


class QueueMembersSerializer(drf.Serializer[Line]):
    operators = drf.ListField(child=drf.IntegerField())


def line_for(request: Request, line_id: int) -> Line:
    line = lines_of(staff(request)).filter(pk=line_id).first()
    if line is None:
        raise NotFound
    return line


class LineListView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(operation_id="lines_list", responses=LineSerializer(many=True))
    def get(self, request: Request) -> Response:
        lines = lines_of(staff(request)).prefetch_related("supervisors").order_by("pk")
        return Response(LineSerializer(lines, many=True).data)

    @extend_schema(request=NewLineSerializer, responses={201: LineSerializer})
    def post(self, request: Request) -> Response:
        line = create_line(administrator=staff(request), name=checked(NewLineSerializer, request)["name"])
        return Response(LineSerializer(line).data, status=status.HTTP_201_CREATED)


class LineView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(operation_id="lines_retrieve", responses=LineSerializer)
    def get(self, request: Request, line_id: int) -> Response:
        return Response(LineSerializer(line_for(request, line_id)).data)

    @extend_schema(request=LineSerializer, responses=LineSerializer)
    @transaction.atomic
    def patch(self, request: Request, line_id: int) -> Response:
        line = line_for(request, line_id)
        changes = LineSerializer(line, data=request.data, partial=True)
        changes.is_valid(raise_exception=True)
        line = change_line(administrator=staff(request), line=line, **changes.validated_data)
        return Response(LineSerializer(line).data)


class QueueMembersView(APIView):
    """The line's queue in order."""

    permission_classes = (AdministratorsWrite,)

    @extend_schema(responses=QueueMembersSerializer)
    def get(self, request: Request, line_id: int) -> Response:
        return Response(_members(line_for(request, line_id)))

    @extend_schema(request=QueueMembersSerializer, responses=QueueMembersSerializer)
    def put(self, request: Request, line_id: int) -> Response:
        line = line_for(request, line_id)
        operators = checked(QueueMembersSerializer, request)["operators"]
        set_queue_members(administrator=staff(request), line=line, operator_ids=operators)
        return Response(_members(line))


def _members(line: Line) -> dict[str, list[int]]:
    return {"operators": list(line.queue_members.order_by("position").values_list("operator_id", flat=True))}
