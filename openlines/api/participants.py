"""Who is in a dialog beside its owner."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.current import staff
from openlines.api.serializers import DialogSerializer
from openlines.presenters import dialog_json
from openlines.services.participants import invite_operators, leave_dialog, remove_participant


class InvitationSerializer(drf.Serializer[object]):
    operator_ids = drf.ListField(child=drf.IntegerField(), allow_empty=False, max_length=20)


class InviteView(APIView):
    @extend_schema(request=InvitationSerializer, responses=DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        wanted = checked(InvitationSerializer, request)["operator_ids"]
        invite_operators(dialog_id=dialog_id, actor=staff(request), operator_ids=wanted, now=timezone.now())
        return Response(dialog_json(dialog_id))


class LeaveView(APIView):
    @extend_schema(request=None, responses=DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        leave_dialog(dialog_id=dialog_id, operator=staff(request), now=timezone.now())
        return Response(dialog_json(dialog_id))


class ParticipantView(APIView):
    @extend_schema(responses={200: DialogSerializer})
    def delete(self, request: Request, dialog_id: int, operator_id: int) -> Response:
        remove_participant(dialog_id=dialog_id, actor=staff(request), operator_id=operator_id, now=timezone.now())
        return Response(dialog_json(dialog_id))
