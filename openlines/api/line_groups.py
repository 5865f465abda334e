"""Groups of lines and their supervisors."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from common.errors import NotFound
from crm.api.permissions import IsAdministrator
from crm.current import staff
from openlines.models import LineGroup
from openlines.services.line_groups import change_line_group, create_line_group, remove_line_group


class LineGroupSerializer(drf.ModelSerializer[LineGroup]):
    lines: drf.Field = drf.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta:
        model = LineGroup
        fields = ("id", "name", "supervisors", "lines")


class NewLineGroupSerializer(drf.Serializer[LineGroup]):
    name = drf.CharField(max_length=100)
    supervisors = drf.ListField(child=drf.IntegerField(), required=False)
    lines = drf.ListField(child=drf.IntegerField(), required=False)


class LineGroupChangeSerializer(NewLineGroupSerializer):
    name = drf.CharField(max_length=100, required=False)


NAMES = {"name": "name", "supervisors": "supervisor_ids", "lines": "line_ids"}


class LineGroupListView(APIView):
    permission_classes = (IsAdministrator,)

    @extend_schema(operation_id="line_groups_list", responses=LineGroupSerializer(many=True))
    def get(self, request: Request) -> Response:
        groups = LineGroup.objects.prefetch_related("supervisors", "lines")
        return Response(LineGroupSerializer(groups, many=True).data)

    @extend_schema(request=NewLineGroupSerializer, responses={201: LineGroupSerializer})
    def post(self, request: Request) -> Response:
        wanted = {NAMES[name]: value for name, value in checked(NewLineGroupSerializer, request).items()}
        group = create_line_group(administrator=staff(request), now=timezone.now(), **wanted)
        return Response(LineGroupSerializer(group).data, status=status.HTTP_201_CREATED)


class LineGroupView(APIView):
    """Lines that are put into a group leave the one they were in; supervisors of a group supervise all its lines."""

    permission_classes = (IsAdministrator,)

    @extend_schema(operation_id="line_groups_retrieve", responses=LineGroupSerializer)
    def get(self, request: Request, group_id: int) -> Response:
        group = LineGroup.objects.filter(pk=group_id).first()
        if group is None:
            raise NotFound
        return Response(LineGroupSerializer(group).data)

    @extend_schema(request=LineGroupChangeSerializer, responses=LineGroupSerializer)
    def patch(self, request: Request, group_id: int) -> Response:
        wanted = {NAMES[name]: value for name, value in checked(LineGroupChangeSerializer, request).items()}
        group = change_line_group(administrator=staff(request), group_id=group_id, now=timezone.now(), **wanted)
        return Response(LineGroupSerializer(group).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, group_id: int) -> Response:
        remove_line_group(administrator=staff(request), group_id=group_id, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
