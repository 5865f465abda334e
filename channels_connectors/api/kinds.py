"""What each channel kind can do: consoles ask once and shape the place to write in by it."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from channels_connectors.registry import CONNECTORS

KEPT = (
    "text_length", "caption_length", "length_unit", "is_split", "attachments", "upload_bytes", "edit", "delete",
    "reply", "formatting", "reply_window_seconds", "typing_out", "receipts", "writes_first",
)  # fmt: skip


class ChannelKindSerializer(drf.Serializer[Any]):
    kind = drf.CharField()
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
    typing_out = drf.BooleanField()
    receipts = drf.ChoiceField(choices=["none", "delivered", "read"])
    writes_first = drf.BooleanField()


class ChannelKindsView(APIView):
    @extend_schema(operation_id="channel_kinds_list", responses=ChannelKindSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response([_kind(kind, asdict(connector.capabilities)) for kind, connector in CONNECTORS.items()])


def _kind(kind: str, can: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind} | {name: can[name] for name in KEPT}
