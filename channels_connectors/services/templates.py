"""The texts that providers approved, as they are there now."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from channels_connectors.connector import Template
from channels_connectors.models import MessageTemplate
from openlines.services.locking import hold_channel

FIELDS = ["category", "state", "body", "gaps", "synced_at"]


@transaction.atomic
def sync_templates(*, channel_id: int, templates: Sequence[Template], now: datetime) -> None:
    """Take over what the provider has; what it no longer has goes."""
    hold_channel(channel_id)
    rows = [MessageTemplate(channel_id=channel_id, synced_at=now, **asdict(template)) for template in templates]
    MessageTemplate.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["channel", "name", "language"], update_fields=FIELDS
    )
    MessageTemplate.objects.filter(channel_id=channel_id, synced_at__lt=now).delete()
