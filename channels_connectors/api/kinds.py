"""What each channel kind can do, and what connecting it asks for. Consoles ask once and shape the place to write in."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_connectors.connector import Capabilities
from channels_connectors.means import channels_that_differ
from channels_connectors.registry import CONNECTORS, SETUPS
from channels_connectors.setup import CREDENTIALS, Field
from crm.current import staff
from openlines.access import lines_of

KEPT = (
    "text_length", "caption_length", "length_unit", "is_split", "attachments", "upload_bytes", "edit", "delete",
    "reply", "formatting", "reply_window_seconds", "operator_window_seconds", "templates", "typing_out", "receipts",
    "writes_first", "media", "album_max", "most_hashtags", "most_links", "capitals_refused", "hide", "delete_theirs",
    "private_reply",
)  # fmt: skip


class SetupFieldSerializer(drf.Serializer[Any]):
    name = drf.CharField()
    label = drf.CharField()  # type: ignore[assignment]
    hint = drf.CharField()
    widget = drf.ChoiceField(choices=["text", "password", "url", "email", "number", "choice", "switch", "area"])
    is_required = drf.BooleanField()
    is_secret = drf.BooleanField(help_text="Kept encrypted, never given back")
    is_advanced = drf.BooleanField()
    choices = drf.ListField(child=drf.DictField(child=drf.CharField()), help_text="`value` and `label` of each")


class MediaLimitSerializer(drf.Serializer[Any]):
    kind = drf.CharField()
    most_bytes = drf.IntegerField()
    mimes = drf.ListField(child=drf.CharField())


class MeansSerializer(drf.Serializer[Any]):
    text_length = drf.IntegerField()
    caption_length = drf.IntegerField()
    length_unit = drf.ChoiceField(choices=["characters", "utf16", "bytes"])
    is_split = drf.BooleanField(help_text="A longer text goes out in several messages; elsewhere it is refused")
    attachments = drf.BooleanField()
    upload_bytes = drf.IntegerField()
    edit = drf.BooleanField()
    delete = drf.BooleanField()
    reply = drf.BooleanField()
    formatting = drf.ListField(child=drf.ChoiceField(choices=["BOLD", "ITALIC", "STRUCK", "CODE"]))
    reply_window_seconds = drf.IntegerField(help_text="How long after a client's last message they may be written to")
    operator_window_seconds = drf.IntegerField(help_text="The same for words that a person writes, where it is longer")
    templates = drf.BooleanField(help_text="Approved texts go through when nothing else does")
    typing_out = drf.BooleanField()
    receipts = drf.ChoiceField(choices=["none", "delivered", "read"])
    writes_first = drf.BooleanField()
    media = MediaLimitSerializer(many=True)
    album_max = drf.IntegerField()
    most_hashtags = drf.IntegerField(allow_null=True)
    most_links = drf.IntegerField(allow_null=True)
    capitals_refused = drf.BooleanField()
    hide = drf.BooleanField(help_text="Public comments of clients can be hidden")
    delete_theirs = drf.BooleanField(help_text="Public comments of clients can be removed")
    private_reply = drf.BooleanField(help_text="A public comment can be answered in private")


class ChannelMeansSerializer(MeansSerializer):
    channel = drf.IntegerField()


class ChannelKindSerializer(MeansSerializer):
    kind = drf.CharField()
    title = drf.CharField()
    hint = drf.CharField()
    needs_public_url = drf.BooleanField(help_text="The provider must reach this server")
    shown_after = drf.ListField(
        child=drf.CharField(), help_text="What is entered at the provider by hand: channels/{id}/provider-entries/"
    )
    setup_fields = SetupFieldSerializer(many=True, help_text="The `values` that connecting asks for")
    channels = ChannelMeansSerializer(many=True, help_text="Channels of the reader's lines that can do other things")


class ChannelKindsView(APIView):
    @extend_schema(operation_id="channel_kinds_list", responses=ChannelKindSerializer(many=True))
    def get(self, request: Request) -> Response:
        different = channels_that_differ(lines_of(staff(request)))
        return Response([_kind(kind, different.get(kind, ())) for kind in CONNECTORS])


def _kind(kind: str, different: Any) -> dict[str, Any]:
    setup = SETUPS[kind]
    return _means(CONNECTORS[kind].capabilities) | {
        "kind": kind,
        "title": str(setup.title),
        "hint": str(setup.hint),
        "needs_public_url": setup.needs_public_url,
        "shown_after": list(setup.shown_after),
        "setup_fields": [_field(wanted) for wanted in setup.fields],
        "channels": [{"channel": channel_id} | _means(capabilities) for channel_id, capabilities in different],
    }


def _means(capabilities: Capabilities) -> dict[str, Any]:
    can = asdict(capabilities)
    return {name: can[name] for name in KEPT}


def _field(wanted: Field) -> dict[str, Any]:
    return {
        "name": wanted.name,
        "label": str(wanted.label),
        "hint": str(wanted.hint),
        "widget": wanted.widget,
        "is_required": wanted.is_required,
        "is_secret": wanted.kept_in == CREDENTIALS,
        "is_advanced": wanted.is_advanced,
        "choices": [{"value": key, "label": str(words)} for key, words in wanted.choices],
    }
