"""What visitors' browsers send. It comes from strangers."""

from typing import Any

import phonenumbers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers as drf

from channels_connectors.livechat.connector import LiveChat
from openlines.services.rating import LONGEST_COMMENT

MAX_FILES = 10
VISIT = {"url": 2000, "title": 300, "referrer": 2000, "language": 35, "time_zone": 64}
REGIONS = {"ru": "RU"}


class VisitField(drf.DictField):
    """Where the visitor is. Nobody mends it, so what is too long is cut and what is unknown is dropped."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if not isinstance(data, dict):
            return {}
        texts = {name: data[name] for name in VISIT if isinstance(data.get(name), str)}
        return {name: text.replace("\0", "")[: VISIT[name]] for name, text in texts.items() if text}


class PhoneField(drf.CharField):
    """A phone number as it is dialled from anywhere."""

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, REGIONS.get((get_language() or "")[:2]))
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise drf.ValidationError(_("Enter the number with the country code, for instance +7 916 123-45-67."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class NewMessageSerializer(drf.Serializer):
    client_message_id = drf.UUIDField()
    text = drf.CharField(allow_blank=True, default="", max_length=LiveChat.capabilities.text_length)
    attachments = drf.ListField(child=drf.UUIDField(), default=list, max_length=MAX_FILES)
    name = drf.CharField(allow_blank=True, default="", max_length=100)
    email = drf.EmailField(allow_blank=True, default="", max_length=254)
    phone = PhoneField(allow_blank=True, default="", max_length=40)
    visit = VisitField(default=dict, allow_null=True)

    def validate_email(self, value: str) -> str:
        return value.lower()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["text"] and not attrs["attachments"]:
            raise drf.ValidationError({"text": [_("Write something or attach a file.")]})
        return attrs


class RatingSerializer(drf.Serializer):
    dialog = drf.IntegerField(min_value=1, max_value=2**62)
    score = drf.IntegerField(min_value=0, max_value=5)
    comment = drf.CharField(allow_blank=True, allow_null=True, default=None, max_length=LONGEST_COMMENT)


class ReceiptsSerializer(drf.Serializer):
    delivered = drf.IntegerField(min_value=0, max_value=2**62, default=0)
    read = drf.IntegerField(min_value=0, max_value=2**62, default=0)
