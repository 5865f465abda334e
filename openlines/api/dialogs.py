"""Dialogs and their messages."""

from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.pagination import NewestFirst
from common.api.requests import checked, integer_or_none, text_or_empty
from crm.api.serializers import LeadSerializer
from crm.current import staff
from crm.presenters import lead_json
from openlines.access import visible_dialog
from openlines.api import serializers
from openlines.api.history import MessagePageSerializer
from openlines.console import RATED, TABS, listed_dialogs, tagged
from openlines.history import message_page, messages_changed_after
from openlines.models import Dialog
from openlines.presenters import dialog_json, dialogs_by_id, message_json
from openlines.services.closing import finish_dialog
from openlines.services.leads import create_lead_by_hand
from openlines.services.lifecycle import mark_read, pin_dialog
from openlines.services.moderating import moderate_comment
from openlines.services.replies import delete_reply, edit_reply, mark_as_sent, retry_delivery, send_reply

PAGE = 50
EDGES = ("before", "after", "around")
FILTERS = {
    "line": "line_id", "channel": "channel_id", "owner": "owner_id", "client": "client_id", "lead": "lead_id",
    "topic": "topic_id",
}  # fmt: skip


class DialogPages(NewestFirst):
    """Pages over dialogs; the page's rows are read as the one JSON shape in one query."""

    def page_of(self, request: Request, view: APIView, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(listed_dialogs(staff(request), *args, **kwargs).values("id"), request, view=view)
        ids = [row["id"] for row in rows or ()]
        by_id = {dialog["id"]: dialog for dialog in dialogs_by_id(ids)}
        return self.get_paginated_response([by_id[pk] for pk in ids])


class DialogListView(APIView):
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="dialogs_list",
        parameters=[
            OpenApiParameter("tab", str, enum=list(TABS)),
            OpenApiParameter("search", str),
            *(OpenApiParameter(name, int) for name in (*FILTERS, "tag")),
            OpenApiParameter("rating", str, enum=list(RATED), description="good: a like, or four stars and more"),
            OpenApiParameter("state", str, enum=Dialog.State.values),
        ],
        responses=serializers.DialogSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        query = request.query_params
        filters: dict[str, Any] = {
            column: integer_or_none(query, name) for name, column in FILTERS.items() if query.get(name)
        }
        if query.get("state") in Dialog.State.values:
            filters["state"] = query["state"]
        return DialogPages().page_of(
            request, self, tab=query.get("tab", ""), search=text_or_empty(query, "search"), filters=filters,
            wanted=_wanted(query),
        )  # fmt: skip


def _wanted(query: QueryDict) -> Q:
    wanted = RATED.get(query.get("rating", ""), Q())
    tag = integer_or_none(query, "tag")
    return wanted if tag is None else wanted & tagged(tag)


class DialogView(APIView):
    @extend_schema(operation_id="dialogs_retrieve", responses=serializers.DialogSerializer)
    def get(self, request: Request, dialog_id: int) -> Response:
        visible_dialog(staff(request), dialog_id)
        return Response(dialog_json(dialog_id))


class DialogMessagesView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter(name, int) for name in (*EDGES, "limit", "changed_after")],
        responses=MessagePageSerializer,
    )
    def get(self, request: Request, dialog_id: int) -> Response:
        dialog = visible_dialog(staff(request), dialog_id)
        query = request.query_params
        revision = integer_or_none(query, "changed_after")
        if revision is not None:
            messages = messages_changed_after(dialog, revision)
            return Response({"messages": messages, "has_earlier": True, "has_later": False, "dialogs": []})
        limit = min(max(integer_or_none(query, "limit") or PAGE, 1), 200)
        edges = {name: integer_or_none(query, name) for name in EDGES}
        return Response(message_page(dialog, reader=staff(request), limit=limit, **edges))

    @extend_schema(
        request=serializers.NewMessageSerializer,
        responses={201: serializers.MessageSerializer, 200: serializers.MessageSerializer},
    )
    def post(self, request: Request, dialog_id: int) -> Response:
        wanted = checked(serializers.NewMessageSerializer, request)
        message, is_new = send_reply(
            dialog_id=dialog_id,
            operator=staff(request),
            text=wanted["text"],
            visibility=wanted["visibility"],
            command_id=wanted["command_id"],
            reply_to_id=wanted["reply_to"],
            attachment_ids=wanted["attachments"],
            is_formatted=wanted["is_formatted"],
            mentions=wanted["mentions"],
            is_private_reply=wanted["is_private_reply"],
            now=timezone.now(),
        )
        return Response(
            message_json(message.pk), status=status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        )  # fmt: skip


class MessageView(APIView):
    @extend_schema(request=serializers.EditedMessageSerializer, responses=serializers.MessageSerializer)
    def patch(self, request: Request, message_id: int) -> Response:
        wanted = checked(serializers.EditedMessageSerializer, request)
        edit_reply(
            message_id=message_id, operator=staff(request), text=wanted["text"],
            is_formatted=wanted.get("is_formatted"), now=timezone.now(),
        )  # fmt: skip
        return Response(message_json(message_id))

    @extend_schema(responses={200: serializers.MessageSerializer})
    def delete(self, request: Request, message_id: int) -> Response:
        delete_reply(message_id=message_id, operator=staff(request), now=timezone.now())
        return Response(message_json(message_id))


class ModerationView(APIView):
    @extend_schema(
        operation_id="message_moderate",
        request=serializers.ModerationSerializer,
        responses=serializers.MessageSerializer,
    )
    def post(self, request: Request, message_id: int) -> Response:
        """Have a client's public comment hidden, shown again or removed; it takes effect when the provider says so."""
        wanted = checked(serializers.ModerationSerializer, request)
        moderate_comment(message_id=message_id, operator=staff(request), action=wanted["action"], now=timezone.now())
        return Response(message_json(message_id))


class RetryView(APIView):
    @extend_schema(request=None, responses=serializers.MessageSerializer)
    def post(self, request: Request, message_id: int) -> Response:
        retry_delivery(message_id=message_id, operator=staff(request))
        return Response(message_json(message_id))


class ArrivedView(APIView):
    @extend_schema(operation_id="message_mark_as_sent", request=None, responses=serializers.MessageSerializer)
    def post(self, request: Request, message_id: int) -> Response:
        """A message whose fate is not known has arrived: a person has looked in the messenger itself."""
        mark_as_sent(message_id=message_id, operator=staff(request), now=timezone.now())
        return Response(message_json(message_id))


class FinishView(APIView):
    @extend_schema(request=serializers.FinishSerializer, responses=serializers.DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        wanted = checked(serializers.FinishSerializer, request)
        finish_dialog(dialog_id=dialog_id, operator=staff(request), now=timezone.now(), **wanted)
        return Response(dialog_json(dialog_id))


class PinView(APIView):
    @extend_schema(request=serializers.PinSerializer, responses=serializers.DialogSerializer)
    def post(self, request: Request, dialog_id: int) -> Response:
        wanted = checked(serializers.PinSerializer, request)
        pin_dialog(dialog_id=dialog_id, operator=staff(request), is_pinned=wanted["is_pinned"], now=timezone.now())
        return Response(dialog_json(dialog_id))


class ReadView(APIView):
    @extend_schema(request=serializers.ReadSerializer, responses={204: None})
    def post(self, request: Request, dialog_id: int) -> Response:
        wanted = checked(serializers.ReadSerializer, request)
        mark_read(dialog_id=dialog_id, operator=staff(request), seq=wanted["seq"])
        return Response(status=status.HTTP_204_NO_CONTENT)


class DialogLeadView(APIView):
    @extend_schema(request=None, responses={201: LeadSerializer})
    def post(self, request: Request, dialog_id: int) -> Response:
        lead = create_lead_by_hand(dialog_id=dialog_id, operator=staff(request), now=timezone.now())
        return Response(lead_json(lead), status=status.HTTP_201_CREATED)
