"""The shapes of a client's history."""

from rest_framework import serializers

from openlines.api.serializers import (
    ChannelReferenceSerializer,
    DialogRatingSerializer,
    LineReferenceSerializer,
    MessageSerializer,
    TopicReferenceSerializer,
)
from openlines.models import Dialog


class DialogSpanSerializer(serializers.Serializer):
    """What a history says of one of its dialogs."""

    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    chat_id = serializers.IntegerField()
    channel = ChannelReferenceSerializer()
    line = LineReferenceSerializer()
    operator = LineReferenceSerializer(allow_null=True)
    topic = TopicReferenceSerializer(allow_null=True)
    rating = DialogRatingSerializer(allow_null=True)
    close_reason = serializers.ChoiceField(choices=Dialog.CloseReason.choices, allow_null=True)
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    last_seq = serializers.IntegerField()


class MessagePageSerializer(serializers.Serializer):
    messages = MessageSerializer(many=True)
    has_earlier = serializers.BooleanField()
    has_later = serializers.BooleanField()
    dialogs = DialogSpanSerializer(many=True)
