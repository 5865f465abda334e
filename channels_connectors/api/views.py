"""Channels and their health. Secrets are taken, never given."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_connectors.provider_entries import provider_entries
from channels_connectors.services.channels import (
    OWN_KINDS,
    connect_channel,
    connect_own,
    disconnect_channel,
    move_channel,
    set_channel_state,
)  # fmt: skip
from channels_connectors.services.upkeep import change_channel, change_credentials, check_channel
from common.api.requests import checked
from common.errors import NotFound
from crm.api.permissions import AdministratorsWrite, IsAdministrator
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
    kind = drf.CharField(max_length=32, help_text="One of channel-kinds")
    name = drf.CharField(required=False, allow_blank=True, default="", max_length=255)
    values = drf.DictField(
        child=drf.JSONField(), required=False, default=dict, write_only=True,
        help_text="What the kind asks for, see channel-kinds",
    )  # fmt: skip
    take_over = drf.BooleanField(
        required=False, default=False, help_text="Also where the account delivers to another program now"
    )


class NewCredentialsSerializer(drf.Serializer[Channel]):
    values = drf.DictField(
        child=drf.JSONField(), write_only=True, help_text="What the kind asks for; secrets left out stay"
    )


class ProviderEntrySerializer(drf.Serializer[Any]):
    name = drf.CharField()
    label = drf.CharField()  # type: ignore[assignment]
    value = drf.CharField()


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
        if wanted["kind"] not in OWN_KINDS:
            channel = connect_channel(
                administrator=staff(request), line=line, kind=wanted["kind"], values=wanted["values"],
                take_over=wanted["take_over"], now=timezone.now(),
            )  # fmt: skip
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


class ChannelCredentialsView(APIView):
    permission_classes = (IsAdministrator,)

    @extend_schema(request=NewCredentialsSerializer, responses=ChannelSerializer)
    def put(self, request: Request, channel_id: int) -> Response:
        channel = _channel(request, channel_id)
        values = checked(NewCredentialsSerializer, request)["values"]
        channel = change_credentials(administrator=staff(request), channel=channel, values=values, now=timezone.now())
        return Response(ChannelSerializer(channel).data)


class ChannelCheckView(APIView):
    permission_classes = (IsAdministrator,)

    @extend_schema(request=None, responses=ChannelSerializer)
    def post(self, request: Request, channel_id: int) -> Response:
        """Asks the provider now, and tells it again where to deliver."""
        channel = _channel(request, channel_id)
        channel = check_channel(administrator=staff(request), channel=channel, now=timezone.now())
        return Response(ChannelSerializer(channel).data)


class ProviderEntriesView(APIView):
    permission_classes = (IsAdministrator,)

    @extend_schema(operation_id="channels_provider_entries", responses=ProviderEntrySerializer(many=True))
    def get(self, request: Request, channel_id: int) -> Response:
        """What is entered at the provider by hand, where the product can't set the webhook itself."""
        entries = provider_entries(_channel(request, channel_id).account)
        return Response(ProviderEntrySerializer(entries, many=True).data)


def _channel(request: Request, channel_id: int) -> Channel:
    channel = Channel.objects.filter(pk=channel_id, line__in=lines_of(staff(request))).first()
    if channel is None:
        raise NotFound
    return channel
