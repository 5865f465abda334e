"""Why a dialog went where it went."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.current import staff
from openlines.access import visible_dialog
from routing.models import Decision
from routing.reasons import decision_json

NEWEST = 100


class ConsideredSerializer(drf.Serializer[object]):
    operator = drf.CharField()
    verdict = drf.CharField()
    why = drf.CharField()
    share = drf.IntegerField(allow_null=True, help_text="What they were given in the line that day")
    taken = drf.IntegerField(allow_null=True, help_text="Places filled, where they have a limit")
    limit = drf.IntegerField(allow_null=True)


class DecisionSerializer(drf.Serializer[object]):
    id = drf.IntegerField()
    decided_at = drf.DateTimeField()
    outcome = drf.ChoiceField(choices=Decision.Outcome.choices)
    reason = drf.CharField()
    considered = ConsideredSerializer(many=True)


class DecisionsView(APIView):
    @extend_schema(responses=DecisionSerializer(many=True))
    def get(self, request: Request, dialog_id: int) -> Response:
        visible_dialog(staff(request), dialog_id)
        decisions = Decision.objects.filter(dialog_id=dialog_id).order_by("-pk")[:NEWEST]
        return Response([decision_json(decision) for decision in decisions])
