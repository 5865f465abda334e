"""Presence, the working day and its breaks: everyone's own."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.current import staff
from crm.models import User
from openlines.api.serializers import OperatorSerializer
from openlines.presenters import operator_json
from routing.attendance import working_day_json
from routing.services.presence import set_paused
from routing.services.working_day import end_day, pause, resume, start_day


class PresenceSerializer(drf.Serializer[object]):
    state = drf.ChoiceField(choices=["ONLINE", "PAUSED"])


class PresenceView(APIView):
    @extend_schema(responses=OperatorSerializer)
    def get(self, request: Request) -> Response:
        return Response(operator_json(staff(request)))

    @extend_schema(request=PresenceSerializer, responses=OperatorSerializer)
    def put(self, request: Request) -> Response:
        is_paused = checked(PresenceSerializer, request)["state"] == "PAUSED"
        return Response(operator_json(set_paused(operator=staff(request), is_paused=is_paused, now=timezone.now())))


class WorkingDaySerializer(drf.Serializer[Any]):
    working_day = drf.ChoiceField(choices=User.WorkingDay.choices)
    started_at = drf.DateTimeField(allow_null=True)
    ended_at = drf.DateTimeField(allow_null=True)
    is_paused = drf.BooleanField()
    pause_reason = drf.CharField()
    paused_at = drf.DateTimeField(allow_null=True)
    is_absent = drf.BooleanField()
    absent_until = drf.DateField(allow_null=True)
    open_dialogs = drf.IntegerField()
    dialog_limit = drf.IntegerField(allow_null=True)


class PauseSerializer(drf.Serializer[Any]):
    reason = drf.CharField(required=False, allow_blank=True, default="", max_length=100)


class WorkingDayView(APIView):
    @extend_schema(responses=WorkingDaySerializer)
    def get(self, request: Request) -> Response:
        return Response(working_day_json(staff(request)))


class StartDayView(APIView):
    @extend_schema(request=None, responses=WorkingDaySerializer)
    def post(self, request: Request) -> Response:
        return Response(working_day_json(start_day(operator=staff(request), now=timezone.now())))


class PauseView(APIView):
    @extend_schema(request=PauseSerializer, responses=WorkingDaySerializer)
    def post(self, request: Request) -> Response:
        reason = checked(PauseSerializer, request)["reason"]
        return Response(working_day_json(pause(operator=staff(request), reason=reason, now=timezone.now())))


class ResumeView(APIView):
    @extend_schema(request=None, responses=WorkingDaySerializer)
    def post(self, request: Request) -> Response:
        return Response(working_day_json(resume(operator=staff(request), now=timezone.now())))


class EndDayView(APIView):
    @extend_schema(request=None, responses=WorkingDaySerializer)
    def post(self, request: Request) -> Response:
        return Response(working_day_json(end_day(operator=staff(request), now=timezone.now())))
