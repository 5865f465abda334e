"""The API's shapes. What is read often is built by ``openlines.presenters``; these describe it and check input."""

from rest_framework import serializers

from crm.models import User
from openlines.models import Dialog, Line, Message


class LineReferenceSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class ChannelReferenceSerializer(LineReferenceSerializer):
    kind = serializers.CharField()


class DialogClientSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    photo_url = serializers.CharField(allow_null=True)
    color = serializers.IntegerField()
    is_reachable = serializers.BooleanField()
    is_vip = serializers.BooleanField()


class HandoverSerializer(serializers.Serializer):
    """Who handed the dialog over, and with which words, until somebody answers."""

    operator_id = serializers.IntegerField()
    note = serializers.CharField()
    group = serializers.CharField(allow_null=True)


class DialogOfferSerializer(serializers.Serializer):
    operator_ids = serializers.ListField(child=serializers.IntegerField())
    started_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)


class PreviewSerializer(serializers.Serializer):
    author = serializers.ChoiceField(choices=["CLIENT", "OPERATOR"])
    text = serializers.CharField()
    kind = serializers.CharField()


class TopicReferenceSerializer(LineReferenceSerializer):
    pass


class SnoozeSerializer(serializers.Serializer):
    until = serializers.DateTimeField(allow_null=True, help_text="Null: until the client writes")


class DialogRatingSerializer(serializers.Serializer):
    scale = serializers.ChoiceField(choices=Line.RatingScale.choices)
    score = serializers.IntegerField(allow_null=True, help_text="0 or 1 on the scale LIKE, 1 to 5 on FIVE")
    comment = serializers.CharField()
    supervisor_score = serializers.IntegerField(allow_null=True)
    supervisor_comment = serializers.CharField()


class SubjectSerializer(serializers.Serializer):
    """The post, video or offer that a dialog is about."""

    kind = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    price = serializers.CharField()


class DialogSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Dialog.State.choices)
    line = LineReferenceSerializer()
    channel = ChannelReferenceSerializer()
    client = DialogClientSerializer()
    owner_id = serializers.IntegerField(allow_null=True)
    offer = DialogOfferSerializer(allow_null=True)
    handed_over = HandoverSerializer(allow_null=True)
    is_pinned = serializers.BooleanField()
    participant_ids = serializers.ListField(child=serializers.IntegerField())
    tag_ids = serializers.ListField(child=serializers.IntegerField())
    topic = TopicReferenceSerializer(allow_null=True)
    snooze = SnoozeSerializer(allow_null=True)
    rating = DialogRatingSerializer(allow_null=True)
    opened_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    first_replied_at = serializers.DateTimeField(allow_null=True)
    waiting_since = serializers.DateTimeField(allow_null=True)
    last_message_at = serializers.DateTimeField()
    client_wrote_at = serializers.DateTimeField(allow_null=True)
    closing_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    close_reason = serializers.ChoiceField(choices=Dialog.CloseReason.choices, allow_null=True)
    last_seq = serializers.IntegerField()
    operator_read_seq = serializers.IntegerField()
    client_read_seq = serializers.IntegerField()
    unread = serializers.IntegerField()
    preview = PreviewSerializer(allow_null=True)
    lead_id = serializers.IntegerField(allow_null=True)
    subject = SubjectSerializer(allow_null=True)


class AttachmentSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=["IMAGE", "FILE", "AUDIO", "VIDEO", "VOICE", "STICKER"])
    state = serializers.ChoiceField(choices=["PENDING", "READY", "LOST"])
    url = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    mime = serializers.CharField()
    size = serializers.IntegerField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    duration = serializers.IntegerField(allow_null=True)


class AuthorSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=Message.Author.choices)
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField()
    native_name = serializers.CharField(
        allow_null=True, help_text="Written in the provider's own app, by whom if it tells"
    )


class QuoteSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    text = serializers.CharField()
    author_name = serializers.CharField()


class LocationSerializer(serializers.Serializer):
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    title = serializers.CharField(allow_null=True)


class ContactSerializer(serializers.Serializer):
    name = serializers.CharField()
    phone = serializers.CharField()


class ServiceSerializer(serializers.Serializer):
    code = serializers.CharField()
    params = serializers.DictField()


class DeliveryErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    message = serializers.CharField()


class DeliverySerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=["QUEUED", "SENT", "DELIVERED", "READ", "FAILED", "UNKNOWN"])
    error = DeliveryErrorSerializer(allow_null=True)


class ButtonSerializer(serializers.Serializer):
    text = serializers.CharField()
    is_chosen = serializers.BooleanField(help_text="The client has pressed it last")


class ReactionSerializer(serializers.Serializer):
    emoji = serializers.CharField()
    number = serializers.IntegerField()


class MessageSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    dialog_id = serializers.IntegerField()
    seq = serializers.IntegerField()
    revision = serializers.IntegerField()
    author = AuthorSerializer()
    visibility = serializers.ChoiceField(choices=Message.Visibility.choices)
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    text = serializers.CharField()
    command_id = serializers.UUIDField(allow_null=True)
    reply_to = QuoteSerializer(allow_null=True)
    attachments = AttachmentSerializer(many=True)
    location = LocationSerializer(allow_null=True)
    contact = ContactSerializer(allow_null=True)
    service = ServiceSerializer(allow_null=True)
    buttons = serializers.ListField(
        child=ButtonSerializer(many=True), allow_null=True, help_text="Rows of what the client may press"
    )
    mentions = serializers.ListField(child=serializers.IntegerField(), help_text="Colleagues who are called")
    is_formatted = serializers.BooleanField(help_text="The text has marks: **bold**, _italic_, ~~struck~~, `code`")
    details = serializers.DictField(allow_null=True, help_text="What the channel tells beside the text")
    reactions = ReactionSerializer(many=True)
    delivery = DeliverySerializer(allow_null=True)
    created_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)
    hidden_at = serializers.DateTimeField(allow_null=True, help_text="A public comment that others don't see")
    is_private_reply = serializers.BooleanField(help_text="It answered a public comment in private")


class NewMessageSerializer(serializers.Serializer):
    command_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    text = serializers.CharField(required=False, allow_blank=True, default="", trim_whitespace=False)
    visibility = serializers.ChoiceField(choices=Message.Visibility.choices, default=Message.Visibility.PUBLIC)
    reply_to = serializers.IntegerField(required=False, allow_null=True, default=None)
    attachments = serializers.ListField(child=serializers.UUIDField(), default=list)
    is_formatted = serializers.BooleanField(default=False, help_text="The text has marks: see docs/realtime.md")
    mentions = serializers.ListField(
        child=serializers.IntegerField(), default=list, help_text="Colleagues whom a whisper calls"
    )
    is_private_reply = serializers.BooleanField(
        default=False, help_text="Answers the public comment of reply_to in private, once"
    )


class ModerationSerializer(serializers.Serializer):
    action = serializers.ChoiceField(choices=["HIDE", "UNHIDE", "DELETE"])


class EditedMessageSerializer(serializers.Serializer):
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)
    is_formatted = serializers.BooleanField(required=False, help_text="Left out: as it was")


class FinishSerializer(serializers.Serializer):
    as_spam = serializers.BooleanField(default=False)
    topic_id = serializers.IntegerField(required=False, allow_null=True, default=None)


class PinSerializer(serializers.Serializer):
    is_pinned = serializers.BooleanField()


class ReadSerializer(serializers.Serializer):
    seq = serializers.IntegerField(min_value=0)


class UploadSerializer(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True)


class OperatorSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=["OPERATOR", "SUPERVISOR", "ADMINISTRATOR"])
    color = serializers.IntegerField()
    photo_url = serializers.CharField(allow_null=True)
    presence = serializers.ChoiceField(choices=["ONLINE", "PAUSED", "OFFLINE"])
    working_day = serializers.ChoiceField(choices=User.WorkingDay.choices)
    pause_reason = serializers.CharField()
    is_absent = serializers.BooleanField()
