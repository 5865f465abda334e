"""The side of the API that partners call; they prove themselves by the channel's secret, not by a token."""

import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_connectors.connector import WebhookRequest
from channels_connectors.custom.api.serializers import (
    EventsSerializer,
    SecretSerializer,
    TakenEventsSerializer,
    TakenFileSerializer,
)
from channels_connectors.custom.services import (
    drop_previous_secret,
    genuine_account,
    note_malformed,
    renew_secret,
    take_events,
    take_file,
)
from channels_connectors.models import Account
from common.errors import InvalidInput, NotFound
from crm.api.permissions import IsAdministrator
from crm.current import staff
from openlines.models import Channel

SIGNED = [
    OpenApiParameter("X-CC-Timestamp", str, OpenApiParameter.HEADER, description="Seconds since 1970"),
    OpenApiParameter(
        "X-CC-Signature", str, OpenApiParameter.HEADER,
        description="v1= and the hex HMAC-SHA256 of timestamp, a dot and the raw body by the channel's secret",
    ),
]  # fmt: skip
EXAMPLE = OpenApiExample(
    "A message",
    request_only=True,
    value={
        "events": [
            {
                "type": "message.created", "chat_id": "order-77", "message_id": "m-1", "text": "Where is my parcel?",
                "sender": {"id": "u-5", "first_name": "Anna", "phone": "+79161234567"},
            }
        ]
    },
)  # fmt: skip


class PartnerView(APIView):
    """A call of a partner; ``account`` is whose secret signed it."""

    authentication_classes = ()
    permission_classes = ()
    account: Account

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        headers = {name.lower(): value for name, value in request.headers.items()}
        signed = WebhookRequest(body=request._request.body, headers=headers)
        self.account = genuine_account(channel_id=kwargs["channel_id"], request=signed, now=timezone.now())


class EventsView(PartnerView):
    @extend_schema(
        operation_id="partner_events_create", request=EventsSerializer, responses={202: TakenEventsSerializer},
        parameters=SIGNED, examples=[EXAMPLE],
    )  # fmt: skip
    def post(self, request: Request, channel_id: int) -> Response:
        """Up to a hundred events; they are stored when the answer comes, and processed a moment later. All or none:
        what is wrong is said at its place."""
        serializer = EventsSerializer(data=_json_of(request))
        if not serializer.is_valid():
            note_malformed(channel_id=channel_id, now=timezone.now())
            serializer.is_valid(raise_exception=True)
        taken = take_events(account=self.account, events=serializer.validated_data["events"])
        answer = {"events": [{"id": event.id, "is_new": event.is_new} for event in taken]}
        return Response(answer, status=202)


def _json_of(request: Request) -> Any:
    try:
        return json.loads(request._request.body)
    except (ValueError, RecursionError):
        raise InvalidInput(_("This is no JSON.")) from None


class FilesView(PartnerView):
    @extend_schema(
        operation_id="partner_files_create", parameters=SIGNED, responses={201: TakenFileSerializer},
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"chat_id": {"type": "string"}, "file": {"type": "string", "format": "binary"}},
                "required": ["chat_id", "file"],
            }
        },
    )  # fmt: skip
    def post(self, request: Request, channel_id: int) -> Response:
        """A file for a message.created event of the same chat that follows."""
        upload, chat_id = request._request.FILES.get("file"), request._request.POST.get("chat_id", "")
        if upload is None:
            raise InvalidInput(fields={"file": [_("Choose a file.")]})
        if not 0 < len(chat_id) <= 64:
            raise InvalidInput(fields={"chat_id": [_("Name the chat: at most 64 characters.")]})
        attachment = take_file(account=self.account, chat_id=chat_id, upload=upload)
        answer = {"file_id": str(attachment.pk), "kind": attachment.kind.lower(), "size": attachment.size}
        return Response(answer, status=201)


class SecretView(APIView):
    permission_classes = (IsAdministrator,)

    @extend_schema(operation_id="channel_secret_create", request=None, responses={201: SecretSerializer})
    def post(self, request: Request, channel_id: int) -> Response:
        """A new secret for a channel of the kind custom; the one before stays good until it is dropped."""
        secret = renew_secret(administrator=staff(request), channel=_channel(channel_id), now=timezone.now())
        return Response({"secret": secret}, status=201)


class PreviousSecretView(APIView):
    permission_classes = (IsAdministrator,)

    @extend_schema(operation_id="channel_previous_secret_destroy", request=None, responses={204: None})
    def delete(self, request: Request, channel_id: int) -> Response:
        drop_previous_secret(administrator=staff(request), channel=_channel(channel_id), now=timezone.now())
        return Response(status=204)


def _channel(channel_id: int) -> Channel:
    channel = Channel.objects.filter(pk=channel_id, kind="custom").first()
    if channel is None:
        raise NotFound
    return channel
