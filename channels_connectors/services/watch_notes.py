"""What the watchdog remembers of an account from look to look: ``Account.settings["watch"]``."""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from channels_connectors.models import Account


@dataclass(slots=True)
class Notes:
    """``trouble`` names what made the channel degraded: ``webhook``, ``credentials``, ``check``, ``templates``.

    ``lifetime`` is how many seconds the credentials that end at ``expires`` had when they were first seen.
    """

    trouble: str = ""
    expires: str = ""
    lifetime: float = 0.0
    checked_at: str = ""
    synced_at: str = ""
    mended: list[str] = field(default_factory=list)
    step: str = ""

    def is_due(self, name: str, every: timedelta, now: datetime) -> bool:
        last = getattr(self, name)
        return not last or datetime.fromisoformat(last) <= now - every

    def forget_mendings_before(self, moment: datetime) -> None:
        self.mended = [at for at in self.mended if datetime.fromisoformat(at) > moment]


def read_notes(row: Account) -> Notes:
    kept: dict[str, Any] = row.settings.get("watch", {})
    return Notes(**{one.name: kept[one.name] for one in fields(Notes) if one.name in kept})


def write_notes(row: Account, notes: Notes) -> None:
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=row.pk)
        locked.settings = {**locked.settings, "watch": asdict(notes)}
        locked.save(update_fields=["settings"])
    row.settings = locked.settings
