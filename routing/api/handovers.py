"""Dialogs change hands: transfers, returns, take-overs, and to whom a dialog can go."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.current import staff
from crm.models import User
from openlines.access import visible_dialog
from openlines.api.serializers import DialogSerializer, OperatorSerializer
from openlines.presenters import dialog_json
from routing.services.reopening import reopen_dialog
from routing.services.transferring import LONGEST_NOTE, return_to_queue, take_over, transfer_dialog
from routing.transfer_targets import transfer_targets
from routing.types import Target, ToGroup, ToLine, ToOperator

TARGETS: dict[str, Callable[[int], Target]] = {"operator_id": ToOperator, "line_id": ToLine, "group_id": ToGroup}


class NoteSerializer(drf.Serializer[object]):
    note = drf.CharField(required=False, allow_blank=True, default="", max_length=LONGEST_NOTE)


class TransferSerializer(NoteSerializer):
    """Exactly one of the three says where it goes."""

    operator_id = drf.IntegerField(required=False, allow_null=True, default=None)
    line_id = drf.IntegerField(required=False, allow_null=True, default=None)
    group_id = drf.IntegerField(required=False, allow_null=True, default=None)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        given = [name for name in TARGETS if values[name] is not None]
        if not given:
            raise drf.ValidationError({name: _("Choose a colleague, a group or a line.") for name in TARGETS})
        if len(given) > 1:
            raise drf.ValidationError({name: _("A dialog goes to one place only.") for name in given})
        return values


class TransferView(APIView):
    @extend_schema(request=TransferSerializer, responses=DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        values = checked(TransferSerializer, request)
        transfer_dialog(
            dialog_id=dialog_id,
            actor=staff(request),
            target=_target(values),
            note=values["note"],
            now=timezone.now(),
        )
        return Response(dialog_json(dialog_id))


def _target(values: dict[str, Any]) -> Target:
    return next(kind(values[name]) for name, kind in TARGETS.items() if values[name] is not None)


class ReturnView(APIView):
    @extend_schema(request=NoteSerializer, responses=DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        note = checked(NoteSerializer, request)["note"]
        return_to_queue(dialog_id=dialog_id, actor=staff(request), note=note, now=timezone.now())
        return Response(dialog_json(dialog_id))


class TakeOverView(APIView):
    @extend_schema(request=None, responses=DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        take_over(dialog_id=dialog_id, actor=staff(request), now=timezone.now())
        return Response(dialog_json(dialog_id))


class ReopenView(APIView):
    @extend_schema(request=None, responses=DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        reopen_dialog(dialog_id=dialog_id, actor=staff(request), now=timezone.now())
        return Response(dialog_json(dialog_id))


class ColleagueSerializer(OperatorSerializer):
    working_day = drf.ChoiceField(choices=User.WorkingDay.choices)
    is_absent = drf.BooleanField()
    open_dialogs = drf.IntegerField()
    limit = drf.IntegerField(allow_null=True)
    is_available = drf.BooleanField()


class TargetGroupSerializer(drf.Serializer[object]):
    id = drf.IntegerField()
    name = drf.CharField()
    members = drf.IntegerField()
    available = drf.IntegerField()


class TargetLineSerializer(drf.Serializer[object]):
    id = drf.IntegerField()
    name = drf.CharField()
    state = drf.ChoiceField(choices=["OPEN", "OFF_HOURS", "NOBODY"])
    waiting = drf.IntegerField()
    available = drf.IntegerField()


class TransferTargetsSerializer(drf.Serializer[object]):
    operators = ColleagueSerializer(many=True)
    groups = TargetGroupSerializer(many=True)
    lines = TargetLineSerializer(many=True)


class TransferTargetsView(APIView):
    """To whom a dialog can be handed, as they stand now: whoever is there first."""

    @extend_schema(responses=TransferTargetsSerializer)
    def get(self, request: Request, dialog_id: int) -> Response:
        dialog = visible_dialog(staff(request), dialog_id)
        return Response(transfer_targets(dialog, now=timezone.now()))
