"""Lines: their settings, and what can't work about them."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
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
from openlines.line_warnings import LineWarning, warnings_for
from openlines.models import Line
from openlines.services.line_rules import LONGEST_CONTINUATION, LONGEST_GOAL, LONGEST_GRACE, LONGEST_SILENCE
from openlines.services.lines import change_line, create_line
from openlines.texts import LONGEST

ARCHIVED = OpenApiParameter("archived", bool, description="Archived lines, too.")


class LineSerializer(drf.ModelSerializer[Line]):
    name = drf.CharField(max_length=255)
    silence_seconds = drf.IntegerField(min_value=1, max_value=LONGEST_SILENCE)
    grace_seconds = drf.IntegerField(min_value=0, max_value=LONGEST_GRACE)
    continue_seconds = drf.IntegerField(min_value=0, max_value=LONGEST_CONTINUATION)
    reply_goal_seconds = drf.IntegerField(
        min_value=1, max_value=LONGEST_GOAL, allow_null=True, help_text="Clients are to be answered within"
    )
    form_url = drf.CharField(max_length=500, allow_blank=True)
    translations = drf.DictField(child=drf.DictField(child=drf.CharField(max_length=LONGEST, allow_blank=True)))

    class Meta:
        model = Line
        fields = (
            "id", "name", "is_active", "public_key", "access", "priority", "lead_rule", "lead_source",
            "is_welcome_sent", "welcome_text", "closing_action", "closing_text", "client_closing_action",
            "client_closing_text", "is_closed_by_silence", "silence_seconds", "silence_action", "silence_text",
            "grace_seconds", "continue_seconds", "topic_rule", "reply_goal_seconds", "is_rating_asked",
            "rating_scale", "rating_text", "is_rating_comment_asked", "rating_thanks_text", "form_url", "translations",
            "supervisors", "group", "archived_at", "created_at",
        )  # fmt: skip
        read_only_fields = ("public_key", "archived_at", "created_at")


class LineWarningSerializer(drf.Serializer[LineWarning]):
    """Something that can't work as the line is set; a passing one goes away by itself."""

    code = drf.CharField()
    section = drf.CharField(help_text="The part of the settings page where it is mended")
    message = drf.CharField()
    is_passing = drf.BooleanField()


class LineDetailSerializer(LineSerializer):
    warnings = drf.SerializerMethodField()

    class Meta(LineSerializer.Meta):
        fields = (*LineSerializer.Meta.fields, "warnings")  # type: ignore[assignment]

    @extend_schema_field(LineWarningSerializer(many=True))
    def get_warnings(self, line: Line) -> list[dict[str, Any]]:
        return [asdict(warning) for warning in warnings_for(line)]


class NewLineSerializer(drf.Serializer[Line]):
    name = drf.CharField(max_length=255)


def line_for(request: Request, line_id: int) -> Line:
    line = lines_of(staff(request)).filter(pk=line_id).first()
    if line is None:
        raise NotFound
    return line


class LineListView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(operation_id="lines_list", parameters=[ARCHIVED], responses=LineSerializer(many=True))
    def get(self, request: Request) -> Response:
        lines = lines_of(staff(request)).prefetch_related("supervisors").order_by("pk")
        if request.query_params.get("archived") not in {"1", "true"}:
            lines = lines.filter(archived_at=None)
        return Response(LineSerializer(lines, many=True).data)

    @extend_schema(request=NewLineSerializer, responses={201: LineSerializer})
    def post(self, request: Request) -> Response:
        line = create_line(administrator=staff(request), name=checked(NewLineSerializer, request)["name"])
        return Response(LineSerializer(line).data, status=status.HTTP_201_CREATED)


class LineView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(operation_id="lines_retrieve", responses=LineDetailSerializer)
    def get(self, request: Request, line_id: int) -> Response:
        return Response(LineDetailSerializer(line_for(request, line_id)).data)

    @extend_schema(request=LineSerializer, responses=LineDetailSerializer)
    @transaction.atomic
    def patch(self, request: Request, line_id: int) -> Response:
        line = line_for(request, line_id)
        changes = LineSerializer(line, data=request.data, partial=True)
        changes.is_valid(raise_exception=True)
        line = change_line(administrator=staff(request), line=line, **changes.validated_data)
        return Response(LineDetailSerializer(line).data)
