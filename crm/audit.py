"""Who changed which setting, when, from what to what. An entry is written in the transaction of its change.

Most services need one line around what they do:

    with recorded(queue, actor=administrator, now=now):
        queue.offer_seconds = 30
        queue.save(update_fields=["offer_seconds"])
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import AuditEntry, User

Settings = dict[str, Any]
MISSING = object()
EMPTY: tuple[Any, ...] = (None, "", [], {})
SECRET_NAME = re.compile(r"password|secret|token|credential|digest", re.IGNORECASE)
USER_OF_ADDRESS = re.compile(r"//[^/@\s]+@")
# What is kept of a secret: that there is another one.
SECRET = {"is_secret": True}


class Action(models.TextChoices):
    CREATED = "CREATED", _("Created")
    CHANGED = "CHANGED", _("Changed")
    REMOVED = "REMOVED", _("Removed")
    COPIED = "COPIED", _("Copied")
    ARCHIVED = "ARCHIVED", _("Archived")
    RESTORED = "RESTORED", _("Restored")
    CONNECTED = "CONNECTED", _("Connected")
    DISCONNECTED = "DISCONNECTED", _("Disconnected")
    PAUSED = "PAUSED", _("Paused")
    RESUMED = "RESUMED", _("Resumed")
    MOVED = "MOVED", _("Moved")
    TOKEN_GIVEN = "TOKEN_GIVEN", _("Gave a token")
    TOKEN_REVOKED = "TOKEN_REVOKED", _("Revoked a token")


@contextmanager
def recorded(
    subject: Model, *, actor: User | None, action: str = Action.CHANGED, now: datetime | None = None
) -> Iterator[None]:
    """Record what differs in the subject's fields and its many-to-many relations when the block is done."""
    before = settings_of(subject)
    yield
    record_change(actor=actor, action=action, subject=subject, before=before, after=settings_of(subject), now=now)


def record_creation(
    *, actor: User | None, subject: Model, action: str = Action.CREATED, now: datetime | None = None
) -> None:
    """What somebody gave to a new row: neither what is made for every row, nor the defaults."""
    fields = [field for field in subject._meta.concrete_fields if field.editable and not field.is_relation]
    defaults = {field.name: _plain(field.get_default()) for field in fields}
    made = {field.name for field in subject._meta.concrete_fields if not field.editable}
    after = {
        name: value
        for name, value in settings_of(subject).items()
        if name not in made and value not in (*EMPTY, defaults.get(name, MISSING))
    }
    record_change(actor=actor, action=action, subject=subject, before={}, after=after, now=now)


def record_removal(*, actor: User | None, subject: Model, now: datetime | None = None) -> None:
    """Before the row goes: what it said."""
    before = {name: value for name, value in settings_of(subject).items() if value not in EMPTY}
    record_change(actor=actor, action=Action.REMOVED, subject=subject, before=before, after={}, now=now)


def record_change(
    *,
    actor: User | None,
    action: str,
    subject: Model,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    now: datetime | None = None,
) -> None:
    """One entry with the values that differ; none when nothing differs. Secrets are never kept.

    ``now`` is the caller's moment where it has one.
    """
    names = [name for name in {**before, **after} if _differ(before.get(name), after.get(name))]
    if not names:
        return
    AuditEntry.objects.create(
        actor=actor,
        actor_name=actor.name[:255] if actor else "",
        action=action,
        subject_kind=str(subject._meta.model_name),
        subject_id=subject.pk,
        subject_name=str(subject)[:255],
        before={name: _kept(name, before[name]) for name in names if name in before and not is_secret(name)},
        after={name: _kept(name, after[name]) for name in names if name in after},
        happened_at=now or timezone.now(),
    )


def _differ(before: Any, after: Any) -> bool:
    """Nothing by another name is nothing still."""
    return bool(before != after and (before not in EMPTY or after not in EMPTY))


def settings_of(row: Model) -> Settings:
    """The fields of a row as they are now, rows that they point at with their names."""
    values = {field.name: _plain(_value_of(row, field)) for field in row._meta.concrete_fields if not field.primary_key}
    if row.pk:
        values |= {field.name: _plain(_related(row, field)) for field in row._meta.many_to_many}
    return values


def is_secret(name: str) -> bool:
    return SECRET_NAME.search(name) is not None


def _value_of(row: Model, field: "models.Field[Any, Any]") -> Any:
    return getattr(row, field.name) if field.is_relation else field.value_from_object(row)


def _related(row: Model, field: "models.ManyToManyField[Any, Any]") -> list[Model]:
    return list(
        field.related_model._default_manager.filter(pk__in=getattr(row, field.name).values("pk")).order_by("pk")
    )


def _plain(value: Any) -> Any:
    """What JSON can hold. The value's meaning stays: choices as they are stored, moments in ISO."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Model):
        return {"id": value.pk, "name": value.name if isinstance(value, User) else str(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    try:
        return DjangoJSONEncoder().default(value)
    except TypeError:
        return str(value)


def _kept(name: str, value: Any) -> Any:
    """The value without what must not be read by anyone."""
    if is_secret(name):
        return SECRET
    value = _plain(value)
    if isinstance(value, dict):
        return {part: _kept(part, inner) for part, inner in value.items()}
    if isinstance(value, list):
        return [_kept(name, part) for part in value]
    return USER_OF_ADDRESS.sub("//…@", value) if isinstance(value, str) else value
