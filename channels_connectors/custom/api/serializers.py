"""What partners' events may hold, each by its type."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers as drf

from channels_connectors.custom.connector import MOST_EVENTS
from openlines.models import Attachment

LONGEST_ID, LONGEST_KEY, LONGEST_TEXT, LONGEST_LINK = 200, 120, 65_536, 512


def _id(**options: Any) -> drf.CharField:
    return drf.CharField(max_length=LONGEST_ID, **options)


def _optional(field: type[drf.Field] = drf.CharField, **options: Any) -> Any:
    if field is drf.CharField:
        options |= {"allow_blank": True}
    return field(required=False, allow_null=True, **options)


class PersonSerializer(drf.Serializer[Any]):
    id = _id()
    first_name = _optional(max_length=100)
    last_name = _optional(max_length=100)
    username = _optional(max_length=100)
    language = _optional(max_length=16)
    phone = _optional(max_length=32)
    email = _optional(drf.EmailField)
    photo_url = _optional(drf.URLField, max_length=LONGEST_LINK)


class FileSerializer(drf.Serializer[Any]):
    kind = drf.ChoiceField(choices=[kind.lower() for kind in Attachment.Kind.values])
    url = _optional(drf.URLField, max_length=LONGEST_LINK, help_text="Fetched at once; HTTPS at a public address")
    file_id = _optional(drf.UUIDField, help_text="Of a file that was uploaded before for the same chat")
    name = _optional(max_length=255)
    mime = _optional(max_length=127)
    size = _optional(drf.IntegerField, min_value=0)
    duration = _optional(drf.IntegerField, min_value=0)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("url")) == bool(attrs.get("file_id")):
            raise drf.ValidationError({"url": _("Name either a url or a file_id.")})
        return attrs


class PlaceSerializer(drf.Serializer[Any]):
    latitude = drf.FloatField(min_value=-90, max_value=90)
    longitude = drf.FloatField(min_value=-180, max_value=180)
    title = _optional(max_length=255)


class CardSerializer(drf.Serializer[Any]):
    name = _optional(max_length=255)
    phone = drf.CharField(max_length=32)


class SubjectSerializer(drf.Serializer[Any]):
    id = _id()
    kind = _optional(max_length=32)
    title = _optional(max_length=255)
    url = _optional(drf.URLField, max_length=2000)
    image = _optional(drf.URLField, max_length=LONGEST_LINK)
    price = _optional(max_length=64)


class EventSerializer(drf.Serializer[Any]):
    type = drf.CharField(max_length=32)
    event_id = _optional(max_length=LONGEST_KEY, help_text="Your own id: the same one is taken once")


class ChatEventSerializer(EventSerializer):
    chat_id = _id()


class MessageCreatedSerializer(ChatEventSerializer):
    message_id = _id()
    sender = PersonSerializer()
    text = _optional(max_length=LONGEST_TEXT)
    attachments = drf.ListField(child=FileSerializer(), required=False, max_length=10)
    location = PlaceSerializer(required=False, allow_null=True)
    contact = CardSerializer(required=False, allow_null=True)
    reply_to = _optional(max_length=LONGEST_ID)
    sent_at = _optional(drf.DateTimeField)
    subject = SubjectSerializer(required=False, allow_null=True)
    forwarded_from = _optional(max_length=255)
    quoted_text = _optional(max_length=LONGEST_TEXT)
    is_automatic = drf.BooleanField(required=False, default=False, help_text="Nothing answers it by itself")


class MessageEchoedSerializer(ChatEventSerializer):
    """What your own people wrote to the client."""

    message_id = _id()
    recipient = PersonSerializer()
    author_name = _optional(max_length=100)
    text = drf.CharField(max_length=LONGEST_TEXT)
    sent_at = _optional(drf.DateTimeField)


class MessageEditedSerializer(ChatEventSerializer):
    message_id = _id()
    text = drf.CharField(max_length=LONGEST_TEXT, allow_blank=True)


class MessageDeletedSerializer(ChatEventSerializer):
    message_id = _id()


class MessageStatusSerializer(EventSerializer):
    chat_id = _optional(max_length=LONGEST_ID)
    message_id = _optional(max_length=LONGEST_ID, help_text="The id that you gave the message")
    id = _optional(max_length=LONGEST_ID, help_text="The id that it came to you with")
    state = drf.ChoiceField(choices=["sent", "delivered", "read", "failed"])
    at = _optional(drf.DateTimeField)
    error = _optional(max_length=300)
    is_blocked = drf.BooleanField(required=False, default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("message_id") and not attrs.get("id"):
            raise drf.ValidationError({"message_id": _("Name the message: by message_id or by id.")})
        return attrs


class ChatReadSerializer(ChatEventSerializer):
    up_to = drf.DateTimeField()


class ClientReactedSerializer(ChatEventSerializer):
    message_id = _id()
    sender_id = _id()
    emoji = drf.CharField(max_length=32, allow_blank=True, help_text="Empty: taken back")


class ReachabilitySerializer(ChatEventSerializer):
    sender_id = _optional(max_length=LONGEST_ID)


class ButtonPressedSerializer(ChatEventSerializer):
    press_id = _id()
    sender = PersonSerializer()
    payload = drf.CharField(max_length=255)
    text = _optional(max_length=255)
    message_id = _optional(max_length=LONGEST_ID)


TYPES: dict[str, drf.Serializer[Any] | type[drf.Serializer[Any]]] = {
    "message.created": MessageCreatedSerializer,
    "message.echoed": MessageEchoedSerializer,
    "message.edited": MessageEditedSerializer,
    "message.deleted": MessageDeletedSerializer,
    "message.status": MessageStatusSerializer,
    "chat.read": ChatReadSerializer,
    "chat.closed": ChatEventSerializer,
    "client.typing": ChatEventSerializer,
    "client.reacted": ClientReactedSerializer,
    "client.blocked": ReachabilitySerializer,
    "client.unblocked": ReachabilitySerializer,
    "button.pressed": ButtonPressedSerializer,
}


@extend_schema_field(
    PolymorphicProxySerializer(component_name="PartnerEvent", serializers=TYPES, resource_type_field_name="type")
)
class EventField(drf.Field):
    """One event, by the serializer of its type; as it came, once it is found to be in order."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict):
            raise drf.ValidationError(_("An event is a JSON object."))
        serializer_class = TYPES.get(str(data.get("type")))
        if not isinstance(serializer_class, type):
            known = ", ".join(sorted(TYPES))
            raise drf.ValidationError({"type": _("Unknown type. There are: %(known)s.") % {"known": known}})
        serializer_class(data=data).is_valid(raise_exception=True)
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class EventsSerializer(drf.Serializer[Any]):
    events = drf.ListField(child=EventField(), allow_empty=False, max_length=MOST_EVENTS)


class TakenEventSerializer(drf.Serializer[Any]):
    id = drf.IntegerField()
    is_new = drf.BooleanField(help_text="Off where the same event was brought before")


class TakenEventsSerializer(drf.Serializer[Any]):
    events = TakenEventSerializer(many=True)


class TakenFileSerializer(drf.Serializer[Any]):
    file_id = drf.UUIDField()
    kind = drf.CharField()
    size = drf.IntegerField()


class SecretSerializer(drf.Serializer[Any]):
    secret = drf.CharField(help_text="Shown this once")
