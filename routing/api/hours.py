"""The hours of a line."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.api.permissions import AdministratorsWrite
from crm.current import staff
from openlines.api.lines import line_for
from routing.hours import country_names
from routing.models import Schedule
from routing.schedules import hours_of
from routing.services.hours import NewHours, SpecialHours, change_hours

MOST_INTERVALS = 12


def intervals_field(**kwargs: Any) -> drf.ListField:
    """``[["09:00", "13:00"], ["14:00", "18:00"]]``; one that ends at or before its start runs overnight."""
    clocks = drf.ListField(child=drf.CharField(max_length=5), min_length=2, max_length=2)
    return drf.ListField(child=clocks, max_length=MOST_INTERVALS, **kwargs)


class SpecialDaySerializer(drf.Serializer[object]):
    date = drf.DateField()
    is_yearly = drf.BooleanField(default=False)
    name = drf.CharField(max_length=100, allow_blank=True, default="")
    intervals = intervals_field(default=list)


class HoursSerializer(drf.Serializer[object]):
    is_enabled = drf.BooleanField()
    time_zone = drf.CharField(max_length=64)
    weekly = drf.ListField(child=intervals_field(), min_length=7, max_length=7, help_text="Monday first")
    country = drf.CharField(max_length=8, allow_blank=True, default="")
    special_days = SpecialDaySerializer(many=True, default=list)
    is_open = drf.BooleanField(read_only=True)
    next_opening = drf.DateTimeField(read_only=True, allow_null=True)


class HoursView(APIView):
    """When the line is open. An exact date beats a yearly one, that a public holiday, and that the week."""

    permission_classes = (AdministratorsWrite,)

    @extend_schema(responses=HoursSerializer)
    def get(self, request: Request, line_id: int) -> Response:
        return Response(_hours_json(line_for(request, line_id).schedule, timezone.now()))

    @extend_schema(request=HoursSerializer, responses=HoursSerializer)
    def put(self, request: Request, line_id: int) -> Response:
        line, now = line_for(request, line_id), timezone.now()
        values = checked(HoursSerializer, request)
        special_days = [SpecialHours(**day) for day in values.pop("special_days")]
        hours = NewHours(**values, special_days=special_days)
        return Response(_hours_json(change_hours(administrator=staff(request), line=line, hours=hours, now=now), now))


def _hours_json(schedule: Schedule, now: datetime) -> dict[str, object]:
    """With what the hours mean now, by the clock of the line."""
    hours = hours_of(schedule)
    is_open = not schedule.is_enabled or hours.is_open(now)
    opening = None if is_open else hours.next_opening(now)
    return {
        "is_enabled": schedule.is_enabled,
        "time_zone": schedule.time_zone,
        "weekly": [*schedule.weekly, *[[]] * (7 - len(schedule.weekly))],
        "country": schedule.country,
        "special_days": [
            {"date": day.date.isoformat(), "is_yearly": day.is_yearly, "name": day.name, "intervals": day.intervals}
            for day in schedule.special_days.order_by("date")
        ],
        "is_open": is_open,
        "next_opening": opening.astimezone(hours.zone).isoformat() if opening else None,
    }


class CountrySerializer(drf.Serializer[object]):
    code = drf.CharField()
    name = drf.CharField()


class HolidayCountriesView(APIView):
    """Countries whose public holidays are known."""

    @extend_schema(responses=CountrySerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response([{"code": code, "name": name} for code, name in country_names().items()])
