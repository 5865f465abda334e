"""Clients and leads, as far as the reader's dialogs allow, and who one is."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.pagination import NewestFirst
from common.api.requests import checked, integer_or_none, text_or_empty
from common.errors import NotFound
from crm.api.serializers import (
    ClientChangeSerializer,
    IdentitySerializer,
    LeadChangeSerializer,
    LeadSerializer,
    PreferencesSerializer,
)  # fmt: skip
from crm.current import staff
from crm.models import Client, Lead, LeadStage, User
from crm.presenters import lead_json, preferences_json
from crm.search import matching_clients
from openlines.access import visible_clients, visible_leads
from openlines.api.call_backs import CallBackSerializer
from openlines.api.history import DialogSpanSerializer
from openlines.api.serializers import OperatorSerializer
from openlines.cards import card_json, client_json
from openlines.presenters import operator_json
from openlines.services.clients import change_client
from openlines.services.leads import change_lead


class ClientSerializer(drf.Serializer):
    id = drf.IntegerField()
    name = drf.CharField()
    photo_url = drf.CharField(allow_null=True)
    color = drf.IntegerField()
    notes = drf.CharField()
    language = drf.CharField()
    created_at = drf.DateTimeField()
    is_reachable = drf.BooleanField()
    is_vip = drf.BooleanField(help_text="An important client: their dialogs wait with the highest priority")
    tag_ids = drf.ListField(child=drf.IntegerField())


class VisitSerializer(drf.Serializer):
    now = drf.DictField(child=drf.CharField(), help_text="The page written from last: url, title, referrer, language…")
    first = drf.DictField(child=drf.CharField(), help_text="The page they came by")


class StandingMergeSerializer(drf.Serializer):
    id = drf.IntegerField()
    name = drf.CharField(help_text="The client who turned out to be this one")
    merged_at = drf.DateTimeField()
    merged_by = drf.CharField(allow_null=True)


class ClientCardSerializer(ClientSerializer):
    identities = IdentitySerializer(many=True)
    leads = LeadSerializer(many=True)
    dialogs = DialogSpanSerializer(many=True)
    visit = VisitSerializer(allow_null=True)
    merges = StandingMergeSerializer(many=True)
    call_backs = CallBackSerializer(many=True, help_text="Those that are still to be made")


class ClientListView(APIView):
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="clients_list",
        parameters=[OpenApiParameter("search", str)],
        responses=ClientSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        clients = visible_clients(staff(request))
        if search := text_or_empty(request.query_params, "search"):
            clients = matching_clients(clients, search)
        pages = NewestFirst()
        rows = pages.paginate_queryset(clients, request, view=self) or []
        return pages.get_paginated_response([client_json(client) for client in rows])


class ClientView(APIView):
    @extend_schema(operation_id="clients_retrieve", responses=ClientCardSerializer)
    def get(self, request: Request, client_id: int) -> Response:
        return Response(card_json(visible_client(request, client_id), reader=staff(request)))

    @extend_schema(request=ClientChangeSerializer, responses=ClientCardSerializer)
    def patch(self, request: Request, client_id: int) -> Response:
        client = visible_client(request, client_id)
        changes = checked(ClientChangeSerializer, request)
        return Response(card_json(change_client(client=client, **changes), reader=staff(request)))


def visible_client(request: Request, client_id: int) -> Client:
    client = visible_clients(staff(request)).filter(pk=client_id).first()
    if client is None:
        raise NotFound
    return client


class LeadListView(APIView):
    pagination_class = NewestFirst

    @extend_schema(
        operation_id="leads_list",
        parameters=[OpenApiParameter("stage", int)],
        responses=LeadSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        leads = visible_leads(staff(request)).select_related("stage", "source", "responsible")
        if stage := integer_or_none(request.query_params, "stage"):
            leads = leads.filter(stage_id=stage)
        pages = NewestFirst()
        rows = pages.paginate_queryset(leads, request, view=self) or []
        stages = LeadStage.objects.count()
        return pages.get_paginated_response([lead_json(lead, stages=stages) for lead in rows])


class LeadView(APIView):
    @extend_schema(operation_id="leads_retrieve", responses=LeadSerializer)
    def get(self, request: Request, lead_id: int) -> Response:
        return Response(lead_json(_lead(request, lead_id)))

    @extend_schema(request=LeadChangeSerializer, responses=LeadSerializer)
    def patch(self, request: Request, lead_id: int) -> Response:
        changes = LeadChangeSerializer(_lead(request, lead_id), data=request.data, partial=True)
        changes.is_valid(raise_exception=True)
        return Response(lead_json(change_lead(lead_id=lead_id, actor=staff(request), **changes.validated_data)))


def _lead(request: Request, lead_id: int) -> Lead:
    lead = visible_leads(staff(request)).select_related("stage", "source", "responsible").filter(pk=lead_id).first()
    if lead is None:
        raise NotFound
    return lead


class MeSerializer(OperatorSerializer):
    theme = drf.ChoiceField(choices=User.Theme.choices)
    density = drf.ChoiceField(choices=User.Density.choices)
    language = drf.ChoiceField(choices=["ru", "en"])


class MeView(APIView):
    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(_me(staff(request)))

    @extend_schema(request=PreferencesSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        changes = PreferencesSerializer(staff(request), data=request.data, partial=True)
        changes.is_valid(raise_exception=True)
        return Response(_me(changes.save()))


def _me(user: User) -> dict[str, object]:
    return operator_json(user) | preferences_json(user)
