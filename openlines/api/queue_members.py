"""The queue of a line: its entries as administrators order them, and who that makes."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.api.permissions import AdministratorsWrite
from crm.current import staff
from openlines.api.lines import line_for
from openlines.models import Line
from openlines.services.lines import HIGHEST_LIMIT, Place, set_queue

LARGEST_ID = 2**63 - 1


class EntrySerializer(drf.Serializer[Line]):
    """Either an operator or a group of staff; without a limit as many dialogs at once as come."""

    operator = drf.IntegerField(required=False, allow_null=True, default=None, max_value=LARGEST_ID)
    group = drf.IntegerField(required=False, allow_null=True, default=None, max_value=LARGEST_ID)
    limit = drf.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=HIGHEST_LIMIT)


class QueueMembersSerializer(drf.Serializer[Line]):
    """``operators`` is what the entries come to, in order."""

    operators = drf.ListField(child=drf.IntegerField())
    members = EntrySerializer(many=True)


class NewQueueSerializer(drf.Serializer[Line]):
    """``members``, or ``operators`` without limits."""

    operators = drf.ListField(child=drf.IntegerField(max_value=LARGEST_ID), required=False)
    members = EntrySerializer(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("operators" in attrs) == ("members" in attrs):
            field = "members" if "members" in attrs else "operators"
            raise drf.ValidationError({field: self.fields["operators"].error_messages["required"]})
        return attrs


class QueueMembersView(APIView):
    """The line's queue in order."""

    permission_classes = (AdministratorsWrite,)

    @extend_schema(responses=QueueMembersSerializer)
    def get(self, request: Request, line_id: int) -> Response:
        return Response(_queue_json(line_for(request, line_id)))

    @extend_schema(request=NewQueueSerializer, responses=QueueMembersSerializer)
    def put(self, request: Request, line_id: int) -> Response:
        line = line_for(request, line_id)
        set_queue(administrator=staff(request), line=line, places=_places(checked(NewQueueSerializer, request)))
        return Response(_queue_json(line))


def _places(wanted: dict[str, Any]) -> list[Place]:
    if "operators" in wanted:
        return [Place(operator_id=operator) for operator in wanted["operators"]]
    return [
        Place(operator_id=entry["operator"], group_id=entry["group"], dialog_limit=entry["limit"])
        for entry in wanted["members"]
    ]


def _queue_json(line: Line) -> dict[str, Any]:
    entries = line.queue_entries.order_by("position").values("operator_id", "group_id", "dialog_limit")
    return {
        "operators": list(line.queue_members.order_by("position").values_list("operator_id", flat=True)),
        "members": [
            {"operator": entry["operator_id"], "group": entry["group_id"], "limit": entry["dialog_limit"]}
            for entry in entries
        ],
    }
