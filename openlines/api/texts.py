"""How automatic texts will look to clients."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.api.permissions import AdministratorsWrite
from crm.current import staff
from openlines.api.lines import line_for
from openlines.services.line_rules import variable_words
from openlines.texts import LONGEST, example


class TextSerializer(drf.Serializer[object]):
    text = drf.CharField(max_length=LONGEST, allow_blank=True, trim_whitespace=False)

    def validate_text(self, text: str) -> str:
        if words := variable_words(text):
            raise drf.ValidationError(words)
        return text


class ExampleSerializer(drf.Serializer[object]):
    text = drf.CharField()


class TextPreviewView(APIView):
    """A text with its variables filled in as for a client named Anna; unknown variables are refused by name."""

    permission_classes = (AdministratorsWrite,)

    @extend_schema(request=TextSerializer, responses=ExampleSerializer)
    def post(self, request: Request, line_id: int) -> Response:
        line = line_for(request, line_id)
        text = checked(TextSerializer, request)["text"]
        operator = staff(request).name or _("Olga")
        return Response({"text": example(text, line=line, operator=operator)})
