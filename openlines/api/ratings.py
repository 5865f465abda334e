"""What supervisors think of how a dialog was led."""

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
from openlines.services.rating import LONGEST_COMMENT, rate_as_supervisor


class SupervisorRatingSerializer(drf.Serializer[object]):
    score = drf.IntegerField(min_value=1, max_value=5)
    comment = drf.CharField(max_length=LONGEST_COMMENT, allow_blank=True, default="")


class SupervisorRatingView(APIView):
    """Given or changed, for an open dialog or a closed one, by those who steer its line."""

    @extend_schema(request=SupervisorRatingSerializer, responses=DialogSerializer)
    def put(self, request: Request, dialog_id: int) -> Response:
        wanted = checked(SupervisorRatingSerializer, request)
        rate_as_supervisor(dialog_id=dialog_id, supervisor=staff(request), now=timezone.now(), **wanted)
        return Response(dialog_json(dialog_id))
