"""One question, two answers: messages and clients."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import get_current_timezone, make_aware
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from common.api.requests import integer_or_none, text_or_empty
from common.errors import InvalidInput
from crm.current import staff
from openlines.api.serializers import AuthorSerializer, DialogSerializer
from openlines.client_search import found_clients
from openlines.models import Message
from openlines.search import NOTHING, Found, MessageFilter, found_messages

AUTHORS = (Message.Author.CLIENT, Message.Author.OPERATOR, Message.Author.BOT)
GROUPS = ("messages", "clients")
YES = ("1", "true")
LONGEST_DATE = 10


class PieceSerializer(drf.Serializer):
    text = drf.CharField()
    is_hit = drf.BooleanField()


class FoundMessageSerializer(drf.Serializer):
    dialog = DialogSerializer(help_text="Where the reader opens it: the message's own dialog, or one that shows it too")
    message_id = drf.IntegerField()
    at = drf.DateTimeField()
    author = AuthorSerializer()
    visibility = drf.ChoiceField(choices=Message.Visibility.choices)
    kind = drf.ChoiceField(choices=Message.Kind.choices)
    pieces = PieceSerializer(many=True)


class FoundAddressSerializer(drf.Serializer):
    kind = drf.CharField()
    pieces = PieceSerializer(many=True)


class FoundClientSerializer(drf.Serializer):
    id = drf.IntegerField()
    name = drf.CharField()
    photo_url = drf.CharField(allow_null=True)
    color = drf.IntegerField()
    is_vip = drf.BooleanField()
    pieces = PieceSerializer(many=True)
    address = FoundAddressSerializer(allow_null=True, help_text="By what they were found, if not by their name")
    dialog_id = drf.IntegerField(allow_null=True, help_text="Their newest dialog that the reader may see")


class FoundMessagesSerializer(drf.Serializer):
    results = FoundMessageSerializer(many=True)
    next = drf.URLField(allow_null=True, help_text="There may be more even if this page is short or empty")


class FoundClientsSerializer(drf.Serializer):
    results = FoundClientSerializer(many=True)
    next = drf.URLField(allow_null=True)


class FoundSerializer(drf.Serializer):
    messages = FoundMessagesSerializer()
    clients = FoundClientsSerializer()


class SearchView(APIView):
    @extend_schema(
        operation_id="search",
        parameters=[
            OpenApiParameter("q", str, description="Words, parts of words, names, phones; all of them have to match"),
            OpenApiParameter("in", str, enum=GROUPS, description="Only these; a cursor belongs to one of them"),
            OpenApiParameter("kind", str, description="Kind of channel, as telegram"),
            *(OpenApiParameter(name, int) for name in ("line", "channel")),
            OpenApiParameter("operator", int, description="Whose dialogs"),
            OpenApiParameter("mine", bool, description="One's own dialogs"),
            OpenApiParameter("from", str, description="A day or a moment, included"),
            OpenApiParameter("until", str, description="A day, included, or a moment, not included"),
            OpenApiParameter("author", str, enum=[str(author) for author in AUTHORS]),
            OpenApiParameter("has_files", bool),
            OpenApiParameter("cursor", int),
        ],
        responses=FoundSerializer,
    )
    def get(self, request: Request) -> Response:
        query, text = request.query_params, text_or_empty(request.query_params, "q")
        group, before = query.get("in", ""), integer_or_none(query, "cursor")
        messages = clients = NOTHING
        if group != "clients":
            messages = found_messages(staff(request), text, _filter(request), before=before)
        if group != "messages":
            clients = found_clients(staff(request), text, before=before)
        return Response(
            {"messages": _page(request, "messages", messages), "clients": _page(request, "clients", clients)}
        )


def _filter(request: Request) -> MessageFilter:
    query = request.query_params
    author = query.get("author", "").upper()
    if author and author not in AUTHORS:
        raise InvalidInput(fields={"author": [_("Nobody of this kind writes messages.")]})
    return MessageFilter(
        line_id=integer_or_none(query, "line"),
        channel_id=integer_or_none(query, "channel"),
        channel_kind=text_or_empty(query, "kind"),
        operator_id=staff(request).pk if query.get("mine") in YES else integer_or_none(query, "operator"),
        since=_moment(query, "from", is_end=False),
        until=_moment(query, "until", is_end=True),
        author=author,
        has_files=query.get("has_files") in YES,
    )


def _moment(query: Mapping[str, str], name: str, *, is_end: bool) -> datetime | None:
    """A day is meant whole."""
    if not query.get(name):
        return None
    try:
        day, moment = parse_date(query[name]), None if len(query[name]) <= LONGEST_DATE else parse_datetime(query[name])
        if moment is None and day is not None:
            moment = datetime.combine(day + timedelta(days=1) if is_end else day, time.min)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise InvalidInput(fields={name: [_("Enter a date, as 2026-11-26.")]})
    return make_aware(moment, get_current_timezone()) if moment.tzinfo is None else moment


def _page(request: Request, group: str, found: Found) -> dict[str, Any]:
    address = None
    if found.next_before is not None:
        address = replace_query_param(request.build_absolute_uri(), "in", group)
        address = replace_query_param(address, "cursor", found.next_before)
    return {"results": found.results, "next": address}
