"""What providers sent, byte for byte, and what became of it: for administrators alone."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_connectors.logs import without_secrets
from channels_connectors.models import RawEvent
from channels_connectors.queries import PAGE_OF_EVENTS, raw_events_of
from channels_connectors.services.raw_events import replay_event
from common.api.requests import integer_or_none, text_or_empty
from common.errors import NotFound
from crm.api.permissions import IsAdministrator
from crm.current import staff
from openlines.models import Channel

LONGEST_BODY = 100_000


class RawEventSerializer(drf.ModelSerializer[RawEvent]):
    size = drf.IntegerField(help_text="Of its body, in bytes")

    class Meta:
        model = RawEvent
        fields = ("id", "channel", "key", "state", "attempts", "due_at", "error", "received_at", "size")


class RawEventsSerializer(drf.Serializer[Any]):
    results = RawEventSerializer(many=True)
    next_before = drf.IntegerField(allow_null=True, help_text="Give it as `before` for the page after this one")


class WholeRawEventSerializer(RawEventSerializer):
    body = drf.SerializerMethodField(help_text="At most 100,000 characters of it, without the account's secrets")

    class Meta:
        model = RawEvent
        fields = (*RawEventSerializer.Meta.fields, "body")

    def get_body(self, event: RawEvent) -> str:
        text = bytes(event.body).decode("utf-8", "replace").replace("\0", "")
        return without_secrets(text, event.channel.account)[:LONGEST_BODY]


class RawEventsView(APIView):
    permission_classes = (IsAdministrator,)

    @extend_schema(
        operation_id="raw_events_list",
        parameters=[
            OpenApiParameter("state", str, enum=[*RawEvent.State]),
            OpenApiParameter("before", int, description="Events older than the one with this id."),
        ],
        responses=RawEventsSerializer,
    )
    def get(self, request: Request, channel_id: int) -> Response:
        if not Channel.objects.filter(pk=channel_id).exists():
            raise NotFound
        query = request.query_params
        events = list(
            raw_events_of(channel_id, state=text_or_empty(query, "state"), before=integer_or_none(query, "before"))
        )
        following = events[PAGE_OF_EVENTS - 1].pk if len(events) > PAGE_OF_EVENTS else None
        shown = RawEventSerializer(events[:PAGE_OF_EVENTS], many=True).data
        return Response({"results": shown, "next_before": following})


class RawEventView(APIView):
    permission_classes = (IsAdministrator,)

    @extend_schema(operation_id="raw_events_retrieve", responses=WholeRawEventSerializer)
    def get(self, request: Request, event_id: int) -> Response:
        event = RawEvent.objects.select_related("channel__account").filter(pk=event_id).first()
        if event is None:
            raise NotFound
        event.size = len(event.body)  # type: ignore[attr-defined]
        return Response(WholeRawEventSerializer(event).data)


class ReplayView(APIView):
    permission_classes = (IsAdministrator,)

    @extend_schema(request=None, responses=WholeRawEventSerializer)
    def post(self, request: Request, event_id: int) -> Response:
        event = replay_event(administrator=staff(request), event_id=event_id, now=timezone.now())
        event.size = len(event.body)  # type: ignore[attr-defined]
        return Response(WholeRawEventSerializer(event).data)
