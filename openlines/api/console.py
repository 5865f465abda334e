"""The console's own calls, files, and who one is."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.current import staff
from openlines.api import console_serializers, serializers
from openlines.console import boot, catch_up, dictionaries, operators
from openlines.presenters import attachment_json
from openlines.services.attachments import store_upload


class ConsoleView(APIView):
    @extend_schema(responses=console_serializers.ConsoleSerializer)
    def get(self, request: Request) -> Response:
        return Response(boot(staff(request)))


class SyncView(APIView):
    @extend_schema(request=console_serializers.KnownSerializer, responses=console_serializers.SyncSerializer)
    def post(self, request: Request) -> Response:
        return Response(catch_up(staff(request), checked(console_serializers.KnownSerializer, request)["known"]))


class DictionariesView(APIView):
    @extend_schema(responses=console_serializers.DictionariesSerializer)
    def get(self, request: Request) -> Response:
        return Response(dictionaries(staff(request)))


class OperatorsView(APIView):
    @extend_schema(operation_id="operators_list", responses=serializers.OperatorSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(operators())


class AttachmentsView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        request={"multipart/form-data": serializers.UploadSerializer},
        responses={201: serializers.AttachmentSerializer},
    )
    def post(self, request: Request) -> Response:
        upload = checked(serializers.UploadSerializer, request)["file"]
        attachment = store_upload(upload=upload, operator=staff(request))
        return Response(attachment_json(attachment), status=status.HTTP_201_CREATED)
