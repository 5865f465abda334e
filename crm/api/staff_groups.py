"""Groups of staff: everyone reads them, administrators change them."""

from typing import Any

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
from crm.models import StaffGroup
from crm.staff_groups import change_group, create_group, remove_group


class StaffGroupSerializer(drf.Serializer[Any]):
    id = drf.IntegerField(read_only=True)
    name = drf.CharField(max_length=100)
    members = drf.ListField(child=drf.IntegerField(), default=list, help_text="Ids of operators.")


class StaffGroupChangeSerializer(drf.Serializer[Any]):
    name = drf.CharField(max_length=100, required=False)
    members = drf.ListField(child=drf.IntegerField(), required=False)


class StaffGroupListView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(operation_id="staff_groups_list", responses=StaffGroupSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response([_json(group) for group in StaffGroup.objects.prefetch_related("members")])

    @extend_schema(request=StaffGroupSerializer, responses={201: StaffGroupSerializer})
    def post(self, request: Request) -> Response:
        values = checked(StaffGroupSerializer, request)
        group = create_group(administrator=staff(request), name=values["name"], member_ids=values["members"])
        return Response(_json(group), status=status.HTTP_201_CREATED)


class StaffGroupView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(operation_id="staff_groups_retrieve", responses=StaffGroupSerializer)
    def get(self, request: Request, group_id: int) -> Response:
        group = StaffGroup.objects.prefetch_related("members").filter(pk=group_id).first()
        if group is None:
            raise NotFound
        return Response(_json(group))

    @extend_schema(request=StaffGroupChangeSerializer, responses=StaffGroupSerializer)
    def patch(self, request: Request, group_id: int) -> Response:
        changes = checked(StaffGroupChangeSerializer, request)
        group = change_group(
            administrator=staff(request),
            group_id=group_id,
            name=changes.get("name"),
            member_ids=changes.get("members"),
        )
        return Response(_json(group))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, group_id: int) -> Response:
        remove_group(administrator=staff(request), group_id=group_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _json(group: StaffGroup) -> dict[str, Any]:
    return {"id": group.pk, "name": group.name, "members": sorted(member.pk for member in group.members.all())}
