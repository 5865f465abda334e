"""What people do with offers."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.current import staff
from openlines.api.serializers import DialogSerializer
from openlines.presenters import dialog_json
from routing.services.answering import answer_dialog, skip_dialog


class AnswerView(APIView):
    @extend_schema(request=None, responses=DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        answer_dialog(dialog_id=dialog_id, operator=staff(request), now=timezone.now())
        return Response(dialog_json(dialog_id))


class SkipView(APIView):
    @extend_schema(request=None, responses=DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        skip_dialog(dialog_id=dialog_id, operator=staff(request), now=timezone.now())
        return Response(dialog_json(dialog_id))
