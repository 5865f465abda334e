"""Drafts of the one who asks, and of nobody else."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.current import staff
from openlines.models import Message
from openlines.services.drafts import LONGEST, keep_draft


class NewDraftSerializer(serializers.Serializer):
    text = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=LONGEST)
    visibility = serializers.ChoiceField(choices=Message.Visibility.choices, default=Message.Visibility.PUBLIC)
    reply_to = serializers.IntegerField(required=False, allow_null=True, default=None)
    updated_at = serializers.DateTimeField(
        required=False, help_text="When it was written: the newest wins; without it, now"
    )


class DraftView(APIView):
    @extend_schema(request=NewDraftSerializer, responses={204: None})
    def put(self, request: Request, dialog_id: int) -> Response:
        wanted = checked(NewDraftSerializer, request)
        now = timezone.now()
        keep_draft(
            dialog_id=dialog_id,
            operator=staff(request),
            text=wanted["text"],
            visibility=wanted["visibility"],
            reply_to_id=wanted["reply_to"],
            written_at=wanted.get("updated_at", now),
            now=now,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, dialog_id: int) -> Response:
        now = timezone.now()
        keep_draft(
            dialog_id=dialog_id,
            operator=staff(request),
            text="",
            visibility=Message.Visibility.PUBLIC,
            written_at=now,
            now=now,
        )
        return Response(status=status.HTTP_204_NO_CONTENT)
