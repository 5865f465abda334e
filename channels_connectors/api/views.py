"""Channels and their health. Secrets are taken, never given."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_connectors.services.channels import (
    connect_channel,
    connect_own,
    disconnect_channel,
    move_channel,
    set_channel_state,
)  # fmt: skip
from channels_connectors.services.upkeep import change_channel
from common.api.requests import checked
from common.errors import NotFound
from crm.api.permissions import AdministratorsWrite
from crm.current import staff
from openlines.access import lines_of
from openlines.api.lines import line_for
from openlines.models import Channel
from openlines.models.line import HIGHEST_PRIORITY


class ChannelSerializer(drf.ModelSerializer[Channel]):
    class Meta:
        model = Channel
        fields = (
            "id",
            "line",
            "kind",
            "name",
            "state",
            "priority",
            "last_event_at",
            "last_error",
            "last_error_at",
            "created_at",
        )


class NewChannelSerializer(drf.Serializer[Channel]):
    line = drf.IntegerField()
    kind = drf.ChoiceField(choices=["telegram", "livechat", "sandbox"])
    name = drf.CharField(required=False, allow_blank=True, default="", max_length=255)
    token = drf.CharField(required=False, allow_blank=True, default="", write_only=True)
    base_url = drf.URLField(required=False, allow_blank=True, default="")


class ChannelChangeSerializer(drf.Serializer[Channel]):
    line = drf.IntegerField(required=False)
    state = drf.ChoiceField(choices=["CONNECTED", "PAUSED"], required=False)
    name = drf.CharField(required=False, max_length=255)
    priority = drf.IntegerField(required=False, min_value=0, max_value=HIGHEST_PRIORITY)


class ChannelListView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(operation_id="channels_list", responses=ChannelSerializer(many=True))
    def get(self, request: Request) -> Response:
        channels = Channel.objects.filter(line__in=lines_of(staff(request))).order_by("pk")
        return Response(ChannelSerializer(channels, many=True).data)

    @extend_schema(request=NewChannelSerializer, responses={201: ChannelSerializer})
    def post(self, request: Request) -> Response:
        wanted = checked(NewChannelSerializer, request)
        line = line_for(request, wanted["line"])
        if wanted["kind"] == "telegram":
            channel = connect_channel(
                administrator=staff(request), line=line, kind=wanted["kind"], values=wanted, now=timezone.now()
            )
        else:
            channel = connect_own(administrator=staff(request), line=line, kind=wanted["kind"], name=wanted["name"])
        return Response(ChannelSerializer(channel).data, status=status.HTTP_201_CREATED)


class ChannelView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(operation_id="channels_retrieve", responses=ChannelSerializer)
    def get(self, request: Request, channel_id: int) -> Response:
        return Response(ChannelSerializer(_channel(request, channel_id)).data)

    @extend_schema(request=ChannelChangeSerializer, responses=ChannelSerializer)
    def patch(self, request: Request, channel_id: int) -> Response:
        channel = _channel(request, channel_id)
        wanted = checked(ChannelChangeSerializer, request)
        if changes := {name: wanted[name] for name in ("name", "priority") if name in wanted}:
            channel = change_channel(administrator=staff(request), channel=channel, **changes)
        if "line" in wanted:
            line = line_for(request, wanted["line"])
            channel = move_channel(administrator=staff(request), channel=channel, line=line)
        if "state" in wanted:
            channel = set_channel_state(administrator=staff(request), channel=channel, state=wanted["state"])
        return Response(ChannelSerializer(channel).data)

    @extend_schema(responses={200: ChannelSerializer})
    def delete(self, request: Request, channel_id: int) -> Response:
        channel = disconnect_channel(administrator=staff(request), channel=_channel(request, channel_id))
        return Response(ChannelSerializer(channel).data)


def _channel(request: Request, channel_id: int) -> Channel:
    channel = Channel.objects.filter(pk=channel_id, line__in=lines_of(staff(request))).first()
    if channel is None:
        raise NotFound
    return channel
