"""The way of one message."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_connectors.trace import trace_of
from crm.current import staff


class TraceStepSerializer(drf.Serializer[Any]):
    code = drf.CharField()
    at = drf.DateTimeField(allow_null=True, help_text="Null where nothing keeps the moment")
    words = drf.CharField()
    detail = drf.CharField()
    is_bad = drf.BooleanField()


class TraceSerializer(drf.Serializer[Any]):
    message_id = drf.IntegerField(source="message.pk")
    dialog_id = drf.IntegerField(source="message.dialog_id")
    steps = TraceStepSerializer(many=True)


class MessageTraceView(APIView):
    @extend_schema(operation_id="messages_trace", responses=TraceSerializer)
    def get(self, request: Request, message_id: int) -> Response:
        """For supervisors of its line and administrators."""
        return Response(TraceSerializer(trace_of(reader=staff(request), message_id=message_id)).data)
