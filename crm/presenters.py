"""Clients and leads as JSON."""

from typing import Any

from crm.models import Lead, LeadStage, User

Json = dict[str, Any]


def lead_json(lead: Lead, *, stages: int | None = None) -> Json:
    return {
        "id": lead.pk,
        "title": lead.title,
        "client_id": lead.client_id,
        "stage": {
            "id": lead.stage_id,
            "name": lead.stage.name,
            "kind": lead.stage.kind,
            "position": lead.stage.position,
            "of": stages if stages is not None else LeadStage.objects.count(),
        },
        "source": {"id": lead.source.pk, "name": lead.source.name} if lead.source else None,
        "responsible": {"id": lead.responsible.pk, "name": lead.responsible.name} if lead.responsible else None,
        "amount": str(lead.amount) if lead.amount is not None else None,
        "currency": lead.currency,
        "created_at": lead.created_at.isoformat().replace("+00:00", "Z"),
        "url": f"/crm/leads/{lead.pk}/",
    }


def preferences_json(user: User) -> Json:
    return {"theme": user.theme, "language": user.language, "density": user.density}
