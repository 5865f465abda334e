"""Absences: one's own to read, those of one's operators to arrange."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked, integer_or_none
from common.errors import NotAllowed, NotFound
from crm.current import staff
from routing.attendance import absence_json, visible_absences
from routing.models import Absence
from routing.services.absences import add_absence, change_absence, remove_absence

LONGEST_LIST = 500


class AbsenceSerializer(drf.Serializer[Any]):
    id = drf.IntegerField(read_only=True)
    operator_id = drf.IntegerField()
    kind = drf.ChoiceField(choices=Absence.Kind.choices, default=Absence.Kind.VACATION)
    first_date = drf.DateField()
    last_date = drf.DateField()
    note = drf.CharField(max_length=255, required=False, allow_blank=True, default="")


class AbsenceChangeSerializer(drf.Serializer[Any]):
    kind = drf.ChoiceField(choices=Absence.Kind.choices, required=False)
    first_date = drf.DateField(required=False)
    last_date = drf.DateField(required=False)
    note = drf.CharField(max_length=255, required=False, allow_blank=True)


class AbsenceListView(APIView):
    @extend_schema(
        operation_id="absences_list",
        parameters=[OpenApiParameter("operator", int)],
        responses=AbsenceSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        absences = visible_absences(staff(request)).order_by("-first_date", "-pk")
        if operator_id := integer_or_none(request.query_params, "operator"):
            absences = absences.filter(operator_id=operator_id)
        return Response([absence_json(absence) for absence in absences[:LONGEST_LIST]])

    @extend_schema(request=AbsenceSerializer, responses={201: AbsenceSerializer})
    def post(self, request: Request) -> Response:
        _require_arranger(request)
        values = checked(AbsenceSerializer, request)
        absence = add_absence(actor=staff(request), now=timezone.now(), **values)
        return Response(absence_json(absence), status=status.HTTP_201_CREATED)


class AbsenceView(APIView):
    @extend_schema(operation_id="absences_retrieve", responses=AbsenceSerializer)
    def get(self, request: Request, absence_id: int) -> Response:
        absence = visible_absences(staff(request)).filter(pk=absence_id).first()
        if absence is None:
            raise NotFound
        return Response(absence_json(absence))

    @extend_schema(request=AbsenceChangeSerializer, responses=AbsenceSerializer)
    def patch(self, request: Request, absence_id: int) -> Response:
        _require_arranger(request)
        changes = checked(AbsenceChangeSerializer, request)
        absence = change_absence(actor=staff(request), absence_id=absence_id, now=timezone.now(), **changes)
        return Response(absence_json(absence))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, absence_id: int) -> Response:
        _require_arranger(request)
        remove_absence(actor=staff(request), absence_id=absence_id, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


def _require_arranger(request: Request) -> None:
    """Operators hear that it is not theirs to say, before anything else."""
    user = staff(request)
    if not (user.is_administrator or user.is_supervisor):
        raise NotAllowed
