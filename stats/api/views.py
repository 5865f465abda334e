"""Figures over the API: so far, one's own day."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.current import staff
from stats.my_day import MyDay, my_day
from stats.queries import start_of_today


class LineLoadSerializer(drf.Serializer):
    id = drf.IntegerField()
    name = drf.CharField()
    open = drf.IntegerField(help_text="One's own dialogs of this line")
    limit = drf.IntegerField(allow_null=True)


class MyDaySerializer(drf.Serializer):
    taken = drf.IntegerField()
    answered = drf.IntegerField()
    finished = drf.IntegerField()
    first_reply_seconds = drf.IntegerField(allow_null=True, help_text="On average, from the client's first words")
    ratings = drf.IntegerField()
    rating = drf.FloatField(allow_null=True, help_text="On average, of five")
    open = drf.IntegerField()
    limit = drf.IntegerField(allow_null=True, help_text="Dialogs at once, over all lines")
    lines = LineLoadSerializer(many=True)


class MyDayView(APIView):
    @extend_schema(operation_id="me_today_retrieve", responses=MyDaySerializer)
    def get(self, request: Request) -> Response:
        user = staff(request)
        return Response(_json(my_day(user, since=start_of_today(timezone.now())), limit=user.dialog_limit))


def _json(day: MyDay, *, limit: int | None) -> dict[str, object]:
    return {
        "taken": day.taken,
        "answered": day.answered,
        "finished": day.finished,
        "first_reply_seconds": None if day.first_reply is None else round(day.first_reply.total_seconds()),
        "ratings": day.ratings,
        "rating": None if day.rating is None else round(day.rating, 2),
        "open": day.open,
        "limit": limit,
        "lines": [{"id": line.id, "name": line.name, "open": line.open, "limit": line.limit} for line in day.lines],
    }
