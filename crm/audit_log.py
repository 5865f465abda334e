"""Reading the audit log: looking for entries, and saying them in words."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet, Value
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from crm.audit import SECRET, Action
from crm.models import AuditEntry

# Names of values that are no fields of their row.
WORDS = {
    "order": gettext_lazy("order"),
    "credentials": gettext_lazy("token"),
    "title": gettext_lazy("title"),
    "allowed_origins": gettext_lazy("sites that may show the chat"),
    "base_url": gettext_lazy("address of the provider"),
    "special_days": gettext_lazy("special days"),
}
NOTHING = "–"


class HasValue(Func):
    """Whether a JSON column has what a path of PostgreSQL's looks for."""

    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s::jsonpath)"
    output_field = BooleanField()


@dataclass(frozen=True, slots=True)
class Difference:
    """A setting by its name for people, and what it was and is."""

    name: str
    before: str
    after: str
    is_secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    search: str = ""
    actor_id: int | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None

    @property
    def is_active(self) -> bool:
        return bool(self.search or self.actor_id or self.kind or self.since or self.until)


def audit_entries(wanted: AuditFilter) -> QuerySet[AuditEntry]:
    """Newest first, before an id where one is given: pages that don't shift while the log grows."""
    conditions = Q()
    if wanted.search:
        conditions &= _says(wanted.search)
    if wanted.actor_id is not None:
        conditions &= Q(actor_id=wanted.actor_id)
    if wanted.kind:
        conditions &= Q(subject_kind=wanted.kind)
    if wanted.since is not None:
        conditions &= Q(happened_at__gte=wanted.since)
    if wanted.until is not None:
        conditions &= Q(happened_at__lt=wanted.until)
    if wanted.before is not None:
        conditions &= Q(pk__lt=wanted.before)
    return AuditEntry.objects.filter(conditions).select_related("actor").order_by("-pk")


def _says(search: str) -> Q:
    """Who, what, and the values themselves; not the names of settings, which are in every entry."""
    path = f'$.** ? (@.type() == "string" && @ like_regex {json.dumps(search, ensure_ascii=False)} flag "iq")'
    numbers = f"$.** ? (@ == {int(search)})" if search.isascii() and search.isdigit() else path
    found = Q(actor_name__icontains=search) | Q(subject_name__icontains=search)
    for column in ("before", "after"):
        for wanted in dict.fromkeys((path, numbers)):
            found |= Q(HasValue(F(column), Value(wanted)))
    return found


def kinds() -> list[tuple[str, str]]:
    """What entries can be of, by its name for people; only what there is in the log."""
    found = AuditEntry.objects.order_by().values_list("subject_kind", flat=True).distinct()
    return sorted(((kind, kind_words(kind)) for kind in found), key=lambda pair: pair[1])


def kind_words(kind: str) -> str:
    model = _models().get(kind)
    return str(model._meta.verbose_name) if model else kind


def action_words(action: str) -> str:
    return str(Action(action).label) if action in Action.values else action


@cache
def _models() -> dict[str, type[Model]]:
    """Entries name rows of every app, and this one knows none of those above it."""
    return {str(model._meta.model_name): model for model in apps.get_models()}


def differences(entry: AuditEntry) -> list[Difference]:
    """In the order in which the settings stand in their row."""
    model = _models().get(entry.subject_kind)
    return [_difference(model, name, entry) for name in {**entry.before, **entry.after}]


def _difference(model: type[Model] | None, name: str, entry: AuditEntry) -> Difference:
    field = _field(model, name)
    before, after = entry.before.get(name), entry.after.get(name)
    words = _name_of(field, name)
    if after == SECRET:
        return Difference(words, "", _("changed"), is_secret=True)
    return Difference(words, _value_words(field, before), _value_words(field, after))


def _field(model: type[Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _name_of(field: Any, name: str) -> str:
    if field is not None:
        related = field.related_model._meta.verbose_name_plural if field.auto_created and field.is_relation else None
        return str(related or field.verbose_name)
    return str(WORDS.get(name, name.replace("_", " ")))


def _value_words(field: Any, value: Any) -> str:
    choices = dict(getattr(field, "flatchoices", None) or ())
    if isinstance(value, str) and value in choices:
        return str(choices[value])
    return words_of(value)


def words_of(value: Any) -> str:
    """A value as people read it."""
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return pgettext("setting", "yes") if value else pgettext("setting", "no")
    if isinstance(value, int | float):
        return number_format(value)
    if isinstance(value, list):
        return ", ".join(words_of(part) for part in value)
    if isinstance(value, dict):
        return _row_words(value)
    return _moment_words(str(value))


def _row_words(value: dict[str, Any]) -> str:
    """A row that was pointed at is its name, with a limit where it has one; other mappings are told part by part."""
    if value.get("name"):
        limit = value.get("limit")
        return f"{value['name']} ({limit})" if limit else str(value["name"])
    return "; ".join(f"{name}: {words_of(part)}" for name, part in value.items())


def _moment_words(text: str) -> str:
    moment = parse_moment(text)
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else text


def parse_moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text) if len(text) > 10 else None
    except ValueError:
        moment = None
    return moment if moment and is_aware(moment) else None


def entries_in_words(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    return [
        {
            "entry": entry,
            "action": action_words(entry.action),
            "kind": kind_words(entry.subject_kind),
            "differences": differences(entry),
        }
        for entry in entries
    ]
