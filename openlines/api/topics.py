"""Topics of dialogs: everyone reads them, administrators arrange them."""

from typing import Any

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.requests import checked, integer_or_none
from crm.api.permissions import AdministratorsWrite
from crm.current import staff
from openlines.access import lines_of
from openlines.models import Topic
from openlines.services.topics import LONGEST_NAME, change_topic, create_topic, order_topics, remove_topic


class TopicSerializer(drf.ModelSerializer[Topic]):
    line_id = drf.IntegerField(allow_null=True, help_text="Null: of every line")

    class Meta:
        model = Topic
        fields = ("id", "line_id", "name", "position", "is_active")


class NewTopicSerializer(drf.Serializer[Any]):
    name = drf.CharField(max_length=LONGEST_NAME)
    line_id = drf.IntegerField(required=False, allow_null=True, default=None)


class TopicChangeSerializer(drf.Serializer[Any]):
    name = drf.CharField(max_length=LONGEST_NAME)


class TopicOrderSerializer(drf.Serializer[Any]):
    line_id = drf.IntegerField(required=False, allow_null=True, default=None)
    topic_ids = drf.ListField(child=drf.IntegerField())


class TopicListView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(
        operation_id="topics_list", parameters=[OpenApiParameter("line", int)], responses=TopicSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """The company's and those of the reader's lines; with a line, what can be chosen in it."""
        topics = Topic.objects.filter(Q(line=None) | Q(line__in=lines_of(staff(request))))
        line_id = integer_or_none(request.query_params, "line")
        if line_id is not None:
            topics = topics.filter(Q(line=None) | Q(line_id=line_id), is_active=True)
        return Response(TopicSerializer(topics.order_by("line_id", "position", "id"), many=True).data)

    @extend_schema(request=NewTopicSerializer, responses={201: TopicSerializer})
    def post(self, request: Request) -> Response:
        topic = create_topic(administrator=staff(request), **checked(NewTopicSerializer, request))
        return Response(TopicSerializer(topic).data, status=status.HTTP_201_CREATED)


class TopicOrderView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(request=TopicOrderSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        order_topics(administrator=staff(request), **checked(TopicOrderSerializer, request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class TopicView(APIView):
    permission_classes = (AdministratorsWrite,)

    @extend_schema(request=TopicChangeSerializer, responses=TopicSerializer)
    def patch(self, request: Request, topic_id: int) -> Response:
        changes = checked(TopicChangeSerializer, request)
        topic = change_topic(administrator=staff(request), topic_id=topic_id, **changes)
        return Response(TopicSerializer(topic).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, topic_id: int) -> Response:
        """Dialogs that have it keep it; nobody can choose it any more."""
        remove_topic(administrator=staff(request), topic_id=topic_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
