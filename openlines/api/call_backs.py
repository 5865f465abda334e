"""Call-backs: one's own, those one noted down, and those of the lines one supervises."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.pagination import NewestFirst
from common.api.requests import checked, integer_or_none
from common.errors import NotFound
from crm.api.serializers import NamedSerializer
from crm.current import staff
from openlines.access import visible_call_backs
from openlines.call_backs import call_back_json, call_backs_json
from openlines.models import CallBack
from openlines.services.call_backs import LONGEST_COMMENT, change_call_back, create_call_back, remove_call_back

STATES = {
    "open": lambda: Q(done_at=None),
    "due": lambda: Q(done_at=None, due_at__lte=timezone.now()),
    "done": lambda: Q(done_at__isnull=False),
}


class SoonestFirst(NewestFirst):
    ordering = ("due_at", "id")  # type: ignore[assignment]


class LatestFirst(NewestFirst):
    ordering = ("-due_at", "-id")  # type: ignore[assignment]


class CalledClientSerializer(NamedSerializer):
    photo_url = drf.CharField(allow_null=True)
    color = drf.IntegerField()


class CallBackSerializer(drf.Serializer[Any]):
    id = drf.IntegerField()
    client = CalledClientSerializer()
    dialog_id = drf.IntegerField(allow_null=True)
    operator = NamedSerializer(help_text="Who calls")
    created_by = NamedSerializer(allow_null=True)
    phone = drf.CharField()
    comment = drf.CharField()
    due_at = drf.DateTimeField()
    reminded_at = drf.DateTimeField(allow_null=True)
    done_at = drf.DateTimeField(allow_null=True)


class NewCallBackSerializer(drf.Serializer[Any]):
    client_id = drf.IntegerField()
    dialog_id = drf.IntegerField(required=False, allow_null=True, default=None)
    operator_id = drf.IntegerField(required=False, allow_null=True, default=None, help_text="Else the caller")
    phone = drf.CharField(max_length=32)
    comment = drf.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_COMMENT)
    due_at = drf.DateTimeField()


class CallBackChangeSerializer(drf.Serializer[Any]):
    operator_id = drf.IntegerField(required=False)
    phone = drf.CharField(required=False, max_length=32)
    comment = drf.CharField(required=False, allow_blank=True, max_length=LONGEST_COMMENT)
    due_at = drf.DateTimeField(required=False)
    is_done = drf.BooleanField(required=False)


class CallBackListView(APIView):
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="call_backs_list",
        parameters=[
            OpenApiParameter("state", str, enum=list(STATES), description="Else all of them, the latest first"),
            OpenApiParameter("client", int),
            OpenApiParameter("mine", bool, description="Those the caller is to make"),
        ],
        responses=CallBackSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        pages = SoonestFirst() if request.query_params.get("state") in {"open", "due"} else LatestFirst()
        wanted = self._wanted(request).select_related("client", "operator", "created_by")
        rows = pages.paginate_queryset(wanted, request, view=self) or []
        return pages.get_paginated_response([call_back_json(row) for row in rows])

    def _wanted(self, request: Request) -> QuerySet[CallBack]:
        query, reader = request.query_params, staff(request)
        call_backs = visible_call_backs(reader)
        if query.get("state") in STATES:
            call_backs = call_backs.filter(STATES[query["state"]]())
        if client := integer_or_none(query, "client"):
            call_backs = call_backs.filter(client_id=client)
        return call_backs.filter(operator=reader) if query.get("mine") in {"1", "true"} else call_backs

    @extend_schema(request=NewCallBackSerializer, responses={201: CallBackSerializer})
    def post(self, request: Request) -> Response:
        call_back = create_call_back(
            actor=staff(request), now=timezone.now(), **checked(NewCallBackSerializer, request)
        )  # fmt: skip
        return Response(call_back_json(call_back), status=status.HTTP_201_CREATED)


class CallBackView(APIView):
    @extend_schema(operation_id="call_backs_retrieve", responses=CallBackSerializer)
    def get(self, request: Request, call_back_id: int) -> Response:
        found = call_backs_json(visible_call_backs(staff(request)).filter(pk=call_back_id))
        if not found:
            raise NotFound
        return Response(found[0])

    @extend_schema(request=CallBackChangeSerializer, responses=CallBackSerializer)
    def patch(self, request: Request, call_back_id: int) -> Response:
        changes = checked(CallBackChangeSerializer, request)
        call_back = change_call_back(
            actor=staff(request), call_back_id=call_back_id, changes=changes, now=timezone.now()
        )  # fmt: skip
        return Response(call_back_json(call_back))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, call_back_id: int) -> Response:
        remove_call_back(actor=staff(request), call_back_id=call_back_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
