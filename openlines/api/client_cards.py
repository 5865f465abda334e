"""What a client's card has beside the client: files, addresses, and those who may be the same person."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked, integer_or_none
from crm.api.serializers import IdentitySerializer
from crm.current import staff
from openlines.api.people import ClientCardSerializer, ClientSerializer, visible_client
from openlines.api.serializers import AttachmentSerializer
from openlines.cards import card_json, identity_json
from openlines.client_files import KINDS, PAGE, files_page
from openlines.likenesses import similar_clients
from openlines.presenters import attachment_json
from openlines.services.attachments import fetch_again
from openlines.services.clients import add_address, remove_address
from openlines.services.merging import merge_clients, undo_merge

MOST_FILES = 100


class ClientFileSerializer(drf.Serializer):
    attachment = AttachmentSerializer()
    message_id = drf.IntegerField()
    dialog_id = drf.IntegerField()
    is_ours = drf.BooleanField(help_text="We sent it")
    created_at = drf.DateTimeField()


class ClientFilesSerializer(drf.Serializer):
    results = ClientFileSerializer(many=True)
    next_cursor = drf.CharField(allow_null=True)


class ClientFilesView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, enum=list(KINDS)),
            OpenApiParameter("cursor", str),
            OpenApiParameter("limit", int),
        ],
        responses=ClientFilesSerializer,
    )
    def get(self, request: Request, client_id: int) -> Response:
        query = request.query_params
        limit = min(max(integer_or_none(query, "limit") or PAGE, 1), MOST_FILES)
        kind, cursor = query.get("kind", ""), query.get("cursor", "").replace("\0", "")
        client = visible_client(request, client_id)
        return Response(files_page(client, reader=staff(request), kind=kind, cursor=cursor, limit=limit))


class FetchAgainView(APIView):
    @extend_schema(request=None, responses=AttachmentSerializer)
    def post(self, request: Request, attachment_id: UUID) -> Response:
        attachment = fetch_again(attachment_id=attachment_id, operator=staff(request), now=timezone.now())
        return Response(attachment_json(attachment))


class NewAddressSerializer(drf.Serializer):
    kind = drf.CharField(help_text="phone or email")
    value = drf.CharField(max_length=255)


class AddressesView(APIView):
    @extend_schema(request=NewAddressSerializer, responses={201: IdentitySerializer})
    def post(self, request: Request, client_id: int) -> Response:
        client = visible_client(request, client_id)
        wanted = checked(NewAddressSerializer, request)
        identity = add_address(client=client, kind=wanted["kind"], text=wanted["value"])
        return Response(identity_json(identity), status=status.HTTP_201_CREATED)


class AddressView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, client_id: int, identity_id: int) -> Response:
        remove_address(client=visible_client(request, client_id), identity_id=identity_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReasonSerializer(drf.Serializer):
    code = drf.CharField(help_text="SAME_PHONE, SAME_EMAIL, SAME_ACCOUNT, SAME_USERNAME or SAME_NAME")
    value = drf.CharField(help_text="What both have")


class SimilarClientSerializer(ClientSerializer):
    reasons = ReasonSerializer(many=True)
    dialogs = drf.IntegerField()


class SimilarClientsView(APIView):
    @extend_schema(responses=SimilarClientSerializer(many=True))
    def get(self, request: Request, client_id: int) -> Response:
        return Response(similar_clients(visible_client(request, client_id), reader=staff(request)))


class AbsorbedSerializer(drf.Serializer):
    absorbed_id = drf.IntegerField(help_text="The client whose everything goes to the one in the address")


class MergedSerializer(drf.Serializer):
    merge_id = drf.IntegerField()
    client = ClientCardSerializer()


class MergeView(APIView):
    @extend_schema(request=AbsorbedSerializer, responses=MergedSerializer)
    def post(self, request: Request, client_id: int) -> Response:
        wanted = checked(AbsorbedSerializer, request)
        actor = staff(request)
        merge = merge_clients(
            kept_id=client_id, absorbed_id=wanted["absorbed_id"], actor=actor, now=timezone.now()
        )  # fmt: skip
        return Response({"merge_id": merge.pk, "client": card_json(merge.kept, reader=actor)})


class UndoMergeView(APIView):
    @extend_schema(request=None, responses=ClientCardSerializer)
    def post(self, request: Request, merge_id: int) -> Response:
        actor = staff(request)
        merge = undo_merge(merge_id=merge_id, actor=actor, now=timezone.now())
        return Response(card_json(merge.kept, reader=actor))
