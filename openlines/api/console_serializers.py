"""What a console is given when it opens, and when it catches up."""

from rest_framework import serializers

from crm.api.tags import TagSerializer
from openlines.api.console_settings import ConsoleSettingsSerializer
from openlines.api.serializers import (
    ChannelReferenceSerializer,
    DialogSerializer,
    LineReferenceSerializer,
    OperatorSerializer,
    QuoteSerializer,
)
from openlines.models import Channel, Line, Message

LONGEST_ID = 18


class DigestSerializer(serializers.Serializer):
    dialogs = serializers.IntegerField()
    revisions = serializers.IntegerField()


class LimitsSerializer(serializers.Serializer):
    upload_bytes = serializers.IntegerField()
    text_length = serializers.IntegerField()


class ConsoleLineSerializer(LineReferenceSerializer):
    reply_goal_seconds = serializers.IntegerField(allow_null=True)
    channels = ChannelReferenceSerializer(many=True)
    topic_rule = serializers.ChoiceField(choices=Line.TopicRule.choices)
    is_rating_asked = serializers.BooleanField()
    rating_scale = serializers.ChoiceField(choices=Line.RatingScale.choices)
    form_url = serializers.CharField()


class ConsoleTopicSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    line_id = serializers.IntegerField(allow_null=True, help_text="Null: of every line")


class DraftSerializer(serializers.Serializer):
    dialog_id = serializers.IntegerField()
    text = serializers.CharField()
    visibility = serializers.ChoiceField(choices=Message.Visibility.choices)
    reply_to = QuoteSerializer(allow_null=True)
    updated_at = serializers.DateTimeField()


class ChannelTroubleSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[one for one in Channel.State.values if one != Channel.State.CONNECTED])


class DictionariesSerializer(serializers.Serializer):
    lines = ConsoleLineSerializer(many=True)
    tags = TagSerializer(many=True)
    topics = ConsoleTopicSerializer(many=True)
    troubles = ChannelTroubleSerializer(many=True, help_text="Channels that are not well")


class ConsoleSerializer(DictionariesSerializer):
    me = OperatorSerializer()
    settings = ConsoleSettingsSerializer(help_text="How the console behaves for the reader")
    operators = OperatorSerializer(many=True)
    drafts = DraftSerializer(many=True)
    dialogs = DialogSerializer(many=True)
    digest = DigestSerializer()
    server_time = serializers.DateTimeField()
    limits = LimitsSerializer()


class KnownSerializer(serializers.Serializer):
    known = serializers.DictField(child=serializers.IntegerField(), default=dict)

    def validate_known(self, known: dict[str, int]) -> dict[int, int]:
        if not all(key.isascii() and key.isdigit() and len(key) <= LONGEST_ID for key in known):
            raise serializers.ValidationError("Keys are dialog ids.")
        return {int(key): revision for key, revision in known.items()}


class SyncSerializer(serializers.Serializer):
    dialogs = DialogSerializer(many=True)
    gone = serializers.ListField(child=serializers.IntegerField())
    operators = OperatorSerializer(many=True)
    drafts = DraftSerializer(many=True)
    digest = DigestSerializer()
    server_time = serializers.DateTimeField()
