"""Call-backs as JSON: reads for lists, cards and frames."""

from django.db.models import QuerySet

from crm.models import PALETTE_SIZE
from openlines.models import CallBack
from openlines.presenters import Json, iso, photo_url


def call_backs_json(call_backs: QuerySet[CallBack]) -> list[Json]:
    return [call_back_json(call_back) for call_back in call_backs.select_related("client", "operator", "created_by")]


def call_back_json(call_back: CallBack) -> Json:
    client, maker = call_back.client, call_back.created_by
    return {
        "id": call_back.pk,
        "client": {
            "id": client.pk,
            "name": str(client),
            "photo_url": photo_url(client.pk, client.photo.name or ""),
            "color": client.pk % PALETTE_SIZE,
        },
        "dialog_id": call_back.dialog_id,
        "operator": {"id": call_back.operator_id, "name": call_back.operator.name},
        "created_by": {"id": maker.pk, "name": maker.name} if maker else None,
        "phone": call_back.phone,
        "comment": call_back.comment,
        "due_at": iso(call_back.due_at),
        "reminded_at": iso(call_back.reminded_at),
        "done_at": iso(call_back.done_at),
    }
