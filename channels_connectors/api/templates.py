"""Texts that providers approved: what the picker shows, and sending one."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_connectors.models import MessageTemplate
from channels_connectors.queries import templates_for
from channels_connectors.services.templates import send_template
from common.api.requests import checked
from crm.current import staff
from openlines.api.serializers import MessageSerializer
from openlines.presenters import message_json


class TemplateSerializer(drf.ModelSerializer[MessageTemplate]):
    class Meta:
        model = MessageTemplate
        fields = ("id", "name", "language", "category", "body", "gaps")


class TemplateToSendSerializer(drf.Serializer[Any]):
    template = drf.IntegerField()
    parameters = drf.ListField(
        child=drf.CharField(allow_blank=True), required=False, default=list, max_length=100,
        help_text="What goes into the gaps, in their order",
    )  # fmt: skip
    command_id = drf.UUIDField(required=False, allow_null=True, default=None)


class ChannelTemplatesView(APIView):
    @extend_schema(operation_id="channel_templates_list", responses=TemplateSerializer(many=True))
    def get(self, request: Request, channel_id: int) -> Response:
        """Those that can be sent: approved, with gaps in their text alone."""
        return Response(TemplateSerializer(templates_for(staff(request), channel_id), many=True).data)


class DialogTemplatesView(APIView):
    @extend_schema(request=TemplateToSendSerializer, responses={200: MessageSerializer, 201: MessageSerializer})
    def post(self, request: Request, dialog_id: int) -> Response:
        wanted = checked(TemplateToSendSerializer, request)
        message, is_new = send_template(
            dialog_id=dialog_id, operator=staff(request), template_id=wanted["template"],
            parameters=wanted["parameters"], command_id=wanted["command_id"], now=timezone.now(),
        )  # fmt: skip
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(message_json(message.pk), status=code)
