"""Copying a line, putting it away, taking it out again."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.api.permissions import IsAdministrator
from crm.current import staff
from openlines.api.lines import LineSerializer, line_for
from openlines.models import Line
from openlines.services.line_lifecycle import archive_line, copy_line, restore_line


class LineCopyView(APIView):
    """Another line with the same settings, queue, hours and texts; channels belong to one line only."""

    permission_classes = (IsAdministrator,)

    @extend_schema(request=None, responses={201: LineSerializer})
    def post(self, request: Request, line_id: int) -> Response:
        copy = copy_line(administrator=staff(request), line=line_for(request, line_id), now=timezone.now())
        return Response(LineSerializer(copy).data, status=status.HTTP_201_CREATED)


class ArchiveSerializer(drf.Serializer[Line]):
    finishes_dialogs = drf.BooleanField(
        required=False, default=False, help_text="Finish the open dialogs without a word to their clients."
    )


class LineArchiveView(APIView):
    """Off the list and switched off, its channels paused; nothing is deleted. Refused while dialogs are open."""

    permission_classes = (IsAdministrator,)

    @extend_schema(request=ArchiveSerializer, responses=LineSerializer)
    def post(self, request: Request, line_id: int) -> Response:
        line = archive_line(
            administrator=staff(request),
            line=line_for(request, line_id),
            now=timezone.now(),
            **checked(ArchiveSerializer, request),
        )
        return Response(LineSerializer(line).data)


class LineRestoreView(APIView):
    """On the list again: switched off, its channels paused."""

    permission_classes = (IsAdministrator,)

    @extend_schema(request=None, responses=LineSerializer)
    def post(self, request: Request, line_id: int) -> Response:
        line = restore_line(administrator=staff(request), line=line_for(request, line_id), now=timezone.now())
        return Response(LineSerializer(line).data)
