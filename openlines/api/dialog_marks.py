"""What operators note about a dialog: its tags, its topic, that it is put aside."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.current import staff
from openlines.api import serializers
from openlines.models import Dialog
from openlines.presenters import dialog_json
from openlines.services.snoozing import end_snooze, snooze_dialog
from openlines.services.tags import set_dialog_tags
from openlines.services.topics import set_dialog_topic


class DialogTopicSerializer(drf.Serializer[Dialog]):
    topic_id = drf.IntegerField(allow_null=True)


class SnoozeRequestSerializer(drf.Serializer[Dialog]):
    until = drf.DateTimeField(required=False, allow_null=True, default=None, help_text="Null: until the client writes")


class DialogTagsSerializer(drf.Serializer[Dialog]):
    tag_ids = drf.ListField(child=drf.IntegerField(), max_length=100)


class DialogTagsView(APIView):
    @extend_schema(request=DialogTagsSerializer, responses=serializers.DialogSerializer)
    def put(self, request: Request, dialog_id: int) -> Response:
        wanted = checked(DialogTagsSerializer, request)
        set_dialog_tags(dialog_id=dialog_id, operator=staff(request), tag_ids=wanted["tag_ids"])
        return Response(dialog_json(dialog_id))


class DialogTopicView(APIView):
    @extend_schema(request=DialogTopicSerializer, responses=serializers.DialogSerializer)
    def put(self, request: Request, dialog_id: int) -> Response:
        wanted = checked(DialogTopicSerializer, request)
        set_dialog_topic(dialog_id=dialog_id, operator=staff(request), topic_id=wanted["topic_id"])
        return Response(dialog_json(dialog_id))


class DialogSnoozeView(APIView):
    @extend_schema(request=SnoozeRequestSerializer, responses=serializers.DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        """Put it aside until a time, or until the client writes."""
        wanted = checked(SnoozeRequestSerializer, request)
        snooze_dialog(dialog_id=dialog_id, operator=staff(request), until=wanted["until"], now=timezone.now())
        return Response(dialog_json(dialog_id))

    @extend_schema(responses={200: serializers.DialogSerializer})
    def delete(self, request: Request, dialog_id: int) -> Response:
        """Back to work now."""
        end_snooze(dialog_id=dialog_id, operator=staff(request), now=timezone.now())
        return Response(dialog_json(dialog_id))
