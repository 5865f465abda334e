"""Quick replies: one's own, those of one's lines, the company's."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.current import staff
from openlines.api.serializers import AttachmentSerializer
from openlines.presenters import attachment_json
from openlines.quick_replies import PERSONAL, SCOPES, quick_replies_json, quick_reply_json
from openlines.services.quick_replies import (
    LONGEST,
    change_quick_reply,
    create_quick_reply,
    remove_quick_reply,
    use_quick_reply,
)


class QuickReplyFileSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.CharField(help_text="As of an attachment")
    url = serializers.CharField()
    name = serializers.CharField()
    mime = serializers.CharField()
    size = serializers.IntegerField()


class QuickReplySerializer(serializers.Serializer):
    id = serializers.IntegerField()
    scope = serializers.ChoiceField(choices=SCOPES)
    line_id = serializers.IntegerField(allow_null=True)
    folder = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    shortcut = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    files = QuickReplyFileSerializer(many=True)
    used_count = serializers.IntegerField()
    used_at = serializers.DateTimeField(allow_null=True)
    may_change = serializers.BooleanField()


class QuickReplyChangeSerializer(serializers.Serializer):
    scope = serializers.ChoiceField(choices=SCOPES, required=False)
    line = serializers.IntegerField(required=False, allow_null=True)
    folder = serializers.CharField(required=False, allow_blank=True, max_length=100)
    title = serializers.CharField(required=False, allow_blank=True, max_length=100)
    shortcut = serializers.CharField(required=False, allow_blank=True, max_length=32)
    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False, max_length=LONGEST)
    attachments = serializers.ListField(child=serializers.UUIDField(), required=False, help_text="Uploads to add")
    files = serializers.ListField(child=serializers.UUIDField(), required=False, help_text="Files to keep")


class NewQuickReplySerializer(QuickReplyChangeSerializer):
    scope = serializers.ChoiceField(choices=SCOPES, default=PERSONAL)


class DialogToUseSerializer(serializers.Serializer):
    dialog_id = serializers.IntegerField()


class UsedQuickReplySerializer(serializers.Serializer):
    text = serializers.CharField(allow_blank=True)
    attachments = AttachmentSerializer(many=True)


def _values(wanted: dict[str, Any]) -> dict[str, Any]:
    names = {"line": "line_id", "attachments": "attachment_ids", "files": "kept_file_ids"}
    return {names.get(name, name): value for name, value in wanted.items()}


class QuickReplyListView(APIView):
    @extend_schema(operation_id="quick_replies_list", responses=QuickReplySerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(quick_replies_json(staff(request)))

    @extend_schema(request=NewQuickReplySerializer, responses={201: QuickReplySerializer})
    def post(self, request: Request) -> Response:
        values = _values(checked(NewQuickReplySerializer, request))
        values.pop("kept_file_ids", None)
        reply = create_quick_reply(actor=staff(request), now=timezone.now(), **values)
        return Response(quick_reply_json(reply, staff(request)), status=status.HTTP_201_CREATED)


class QuickReplyView(APIView):
    @extend_schema(request=QuickReplyChangeSerializer, responses=QuickReplySerializer)
    def patch(self, request: Request, quick_reply_id: int) -> Response:
        values = _values(checked(QuickReplyChangeSerializer, request))
        reply = change_quick_reply(quick_reply_id=quick_reply_id, actor=staff(request), now=timezone.now(), **values)
        return Response(quick_reply_json(reply, staff(request)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, quick_reply_id: int) -> Response:
        remove_quick_reply(quick_reply_id=quick_reply_id, actor=staff(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class UseQuickReplyView(APIView):
    @extend_schema(request=DialogToUseSerializer, responses=UsedQuickReplySerializer)
    def post(self, request: Request, quick_reply_id: int) -> Response:
        text, attachments = use_quick_reply(
            quick_reply_id=quick_reply_id,
            dialog_id=checked(DialogToUseSerializer, request)["dialog_id"],
            operator=staff(request),
            now=timezone.now(),
        )
        return Response({"text": text, "attachments": [attachment_json(one) for one in attachments]})
