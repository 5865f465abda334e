"""The queue of a line at this moment, for those who supervise it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crm.current import staff
from openlines.access import steered_line
from openlines.api.serializers import OperatorSerializer
from openlines.models import Channel
from openlines.presenters import iso, operator_json
from routing.api.decisions import DecisionSerializer
from routing.api.waiting import WaitSerializer, wait_json
from routing.queue_now import Member, QueueNow, Untaken, queue_now
from routing.queue_words import member_words, next_words, waits_for
from routing.reasons import decision_json


class ClientNowSerializer(drf.Serializer[object]):
    id = drf.IntegerField()
    name = drf.CharField()
    is_vip = drf.BooleanField()


class ChannelNowSerializer(drf.Serializer[Channel]):
    id = drf.IntegerField()
    kind = drf.CharField()
    name = drf.CharField()


class UntakenSerializer(drf.Serializer[object]):
    id = drf.IntegerField()
    place = drf.IntegerField()
    client = ClientNowSerializer()
    channel = ChannelNowSerializer()
    priority = drf.IntegerField()
    opened_at = drf.DateTimeField()
    wait = WaitSerializer(allow_null=True)


class WaitingNowSerializer(UntakenSerializer):
    waits_for = drf.CharField()


class OfferedNowSerializer(UntakenSerializer):
    operators = OperatorSerializer(many=True)
    started_at = drf.DateTimeField()
    expires_at = drf.DateTimeField(allow_null=True)


class MemberNowSerializer(drf.Serializer[object]):
    operator = OperatorSerializer()
    order = drf.IntegerField(allow_null=True, help_text="Among those who may be chosen, from 1 on")
    obstacle = drf.CharField(allow_null=True)
    why = drf.CharField()
    position = drf.IntegerField()
    open_dialogs = drf.IntegerField()
    taken = drf.IntegerField(help_text="Places filled; counted where somebody has a limit")
    limit = drf.IntegerField(allow_null=True)
    own_limit = drf.IntegerField(allow_null=True)
    share = drf.IntegerField()
    last_offered_at = drf.DateTimeField(allow_null=True)


class RecentDecisionSerializer(DecisionSerializer):
    dialog_id = drf.IntegerField()


class CountsSerializer(drf.Serializer[object]):
    waiting = drf.IntegerField()
    offered = drf.IntegerField()
    members = drf.IntegerField()
    available = drf.IntegerField()


class LineNowSerializer(drf.Serializer[object]):
    id = drf.IntegerField()
    name = drf.CharField()
    is_active = drf.BooleanField()
    is_open = drf.BooleanField()
    opens_at = drf.DateTimeField(allow_null=True)


class QueueNowSerializer(drf.Serializer[object]):
    line = LineNowSerializer()
    next = drf.CharField()
    counts = CountsSerializer()
    waiting = WaitingNowSerializer(many=True)
    offered = OfferedNowSerializer(many=True)
    members = MemberNowSerializer(many=True)
    decisions = RecentDecisionSerializer(many=True)
    server_time = drf.DateTimeField()


class QueueNowView(APIView):
    """Who waits, who is asked, who is next and why. Lists are cut at 100, 50 and 200; the counts are of all."""

    @extend_schema(responses=QueueNowSerializer)
    def get(self, request: Request, line_id: int) -> Response:
        line = steered_line(staff(request), line_id)
        return Response(queue_json(queue_now(line, now=timezone.now())))


def queue_json(queue: QueueNow) -> dict[str, Any]:
    return {
        "line": {
            "id": queue.line.pk,
            "name": queue.line.name,
            "is_active": queue.line.is_active,
            "is_open": queue.closed is None,
            "opens_at": iso(queue.closed.opening) if queue.closed else None,
        },
        "next": next_words(queue),
        "counts": {
            "waiting": queue.waiting_count,
            "offered": queue.offered_count,
            "members": queue.member_count,
            "available": queue.available_count,
        },
        "waiting": [_untaken(row) | {"waits_for": waits_for(row.dialog, queue)} for row in queue.waiting],
        "offered": [_offered(row) for row in queue.offered],
        "members": [_member(member, queue) for member in queue.members],
        "decisions": [decision_json(item) | {"dialog_id": item.dialog_id} for item in queue.decisions],
        "server_time": iso(queue.now),
    }


def _untaken(row: Untaken) -> dict[str, Any]:
    dialog = row.dialog
    return {
        "id": dialog.pk,
        "place": row.place,
        "client": {"id": dialog.client_id, "name": str(dialog.client), "is_vip": dialog.client.is_vip},
        "channel": {"id": dialog.channel_id, "kind": dialog.channel.kind, "name": dialog.channel.name},
        "priority": dialog.priority,
        "opened_at": iso(dialog.opened_at),
        "wait": wait_json(row.wait),
    }


def _offered(row: Untaken) -> dict[str, Any]:
    return _untaken(row) | {
        "operators": [operator_json(operator) for operator in row.operators],
        "started_at": iso(row.dialog.offer_started_at),
        "expires_at": iso(row.dialog.offer_expires_at),
    }


def _member(member: Member, queue: QueueNow) -> dict[str, Any]:
    person = member.person
    return {
        "operator": operator_json(member.operator),
        "order": member.order,
        "obstacle": member.obstacle,
        "why": member_words(member, queue.queue),
        "position": person.position,
        "open_dialogs": member.open_dialogs,
        "taken": person.taken,
        "limit": person.limit,
        "own_limit": person.own_limit,
        "share": person.share,
        "last_offered_at": iso(person.last_offered_at),
    }
