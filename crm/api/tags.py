"""Tags: everyone reads them, supervisors add to them, administrators change them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked
from crm.current import staff
from crm.models import PALETTE_SIZE, Tag
from crm.tags import LONGEST_NAME, change_tag, create_tag, remove_tag


class TagSerializer(drf.Serializer[Any]):
    id = drf.IntegerField()
    name = drf.CharField()
    color = drf.IntegerField(help_text="An index into the palette of avatars, 0 to 11")


class NewTagSerializer(drf.Serializer[Any]):
    name = drf.CharField(max_length=LONGEST_NAME)
    color = drf.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        max_value=PALETTE_SIZE - 1,
        help_text="Else the next",
    )


class TagChangeSerializer(drf.Serializer[Any]):
    name = drf.CharField(max_length=LONGEST_NAME, required=False)
    color = drf.IntegerField(required=False, min_value=0, max_value=PALETTE_SIZE - 1)


class TagListView(APIView):
    @extend_schema(operation_id="tags_list", responses=TagSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response([_json(tag) for tag in Tag.objects.all()])

    @extend_schema(request=NewTagSerializer, responses={201: TagSerializer})
    def post(self, request: Request) -> Response:
        tag = create_tag(actor=staff(request), **checked(NewTagSerializer, request))
        return Response(_json(tag), status=status.HTTP_201_CREATED)


class TagView(APIView):
    @extend_schema(request=TagChangeSerializer, responses=TagSerializer)
    def patch(self, request: Request, tag_id: int) -> Response:
        changes = checked(TagChangeSerializer, request)
        return Response(_json(change_tag(administrator=staff(request), tag_id=tag_id, **changes)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, tag_id: int) -> Response:
        """It is taken off all clients and dialogs as well."""
        remove_tag(administrator=staff(request), tag_id=tag_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _json(tag: Tag) -> dict[str, Any]:
    return {"id": tag.pk, "name": tag.name, "color": tag.color}
