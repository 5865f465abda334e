"""How the console behaves for whoever asks."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.current import staff
from crm.preferences import SEND_KEYS, UNDO_SECONDS, change_settings, settings_of

CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
MOST_SHORTCUTS = 100


class SoundSerializer(drf.Serializer):
    offer = drf.BooleanField(required=False)
    message = drf.BooleanField(required=False)
    mention = drf.BooleanField(required=False)
    volume = drf.IntegerField(min_value=0, max_value=100, required=False)


class NotifyOfSerializer(drf.Serializer):
    offer = drf.BooleanField(required=False)
    message = drf.BooleanField(required=False)
    mention = drf.BooleanField(required=False)


class QuietHoursSerializer(drf.Serializer):
    until = drf.RegexField(CLOCK)
    time_zone = drf.CharField(max_length=64)

    def get_fields(self) -> dict[str, Any]:
        """``from`` is a word of Python, too."""
        return {"from": drf.RegexField(CLOCK), **super().get_fields()}


class ConsoleSettingsSerializer(drf.Serializer):
    send_key = drf.ChoiceField(choices=SEND_KEYS, required=False)
    undo_seconds = drf.ChoiceField(choices=UNDO_SECONDS, required=False)
    are_single_keys_on = drf.BooleanField(required=False)
    shortcuts = drf.DictField(
        child=drf.CharField(max_length=16, allow_blank=True),
        required=False,
        help_text="Physical keys by command, for those that differ from the usual ones; empty takes the key away",
    )
    sound = SoundSerializer(required=False)
    notifications = drf.BooleanField(required=False)
    notify_of = NotifyOfSerializer(required=False)
    quiet_hours = QuietHoursSerializer(required=False, allow_null=True)

    def validate_shortcuts(self, shortcuts: dict[str, str]) -> dict[str, str]:
        if len(shortcuts) > MOST_SHORTCUTS or any(len(command) > 64 for command in shortcuts):
            raise drf.ValidationError
        return shortcuts


class ConsoleSettingsView(APIView):
    @extend_schema(responses=ConsoleSettingsSerializer)
    def get(self, request: Request) -> Response:
        return Response(settings_of(staff(request)))

    @extend_schema(request=ConsoleSettingsSerializer, responses=ConsoleSettingsSerializer)
    def patch(self, request: Request) -> Response:
        changes = checked(ConsoleSettingsSerializer, request)
        return Response(change_settings(user=staff(request), changes=changes))
