"""The rows of a queue as a form has them: operators and groups of staff in order, each with a limit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models import StaffGroup, User
from openlines.models import Line, QueueEntry
from openlines.services.lines import Place

if TYPE_CHECKING:
    Typed = tuple[str, str]

HIGHEST_LIMIT = 1000


def eligible_staff() -> list[User]:
    """Who may stand in a queue or watch a line, by name."""
    staff = User.objects.filter(~Q(role=User.Role.NONE), is_active=True)
    return list(staff.order_by("first_name", "last_name", "pk"))


def eligible_groups() -> list[StaffGroup]:
    working = User.objects.filter(~Q(role=User.Role.NONE), is_active=True).order_by("first_name", "last_name", "pk")
    return list(StaffGroup.objects.prefetch_related(Prefetch("members", working, to_attr="working_members")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One of a queue, or one that could be: an operator, or a group with those of it who work with clients."""

    key: str
    name: str
    operator: User | None = None
    group: StaffGroup | None = None
    people: Sequence[User] = ()
    limit: str = ""

    @property
    def online(self) -> int:
        return sum(person.presence == User.Presence.ONLINE for person in self.people)

    @property
    def is_limit_wrong(self) -> bool:
        return not _is_limit(self.limit)

    def limited(self, limit: str) -> "Row":
        return Row(
            key=self.key, name=self.name, operator=self.operator, group=self.group, people=self.people, limit=limit
        )

    def place(self) -> Place:
        return Place(
            operator_id=self.operator.pk if self.operator else None,
            group_id=self.group.pk if self.group else None,
            dialog_limit=int(self.limit) if self.limit else None,
        )


@dataclass(frozen=True, slots=True)
class Possible:
    """Everyone who can be put into a queue, by key."""

    operators: Sequence[Row] = field(default_factory=list)
    groups: Sequence[Row] = field(default_factory=list)

    def rows(self, typed: Sequence["Typed"]) -> list[Row]:
        known = {row.key: row for row in (*self.operators, *self.groups)}
        return [known[key].limited(limit) for key, limit in typed if key in known]

    def row(self, key: str) -> Row | None:
        return next(iter(self.rows([(key, "")])), None)


def possible_rows(staff: Sequence[User]) -> Possible:
    operators = [Row(key=f"operator-{one.pk}", name=one.name, operator=one, people=[one]) for one in staff]
    groups = [
        Row(key=f"group-{one.pk}", name=one.name, group=one, people=getattr(one, "working_members", ()))
        for one in eligible_groups()
    ]
    return Possible(operators, groups)


def stored_rows(line: Line) -> list["Typed"]:
    entries = QueueEntry.objects.filter(line=line).order_by("position")
    return [(_key(entry), str(entry.dialog_limit or "")) for entry in entries]


def _key(entry: QueueEntry) -> str:
    return f"operator-{entry.operator_id}" if entry.operator_id else f"group-{entry.group_id}"


class EntriesWidget(forms.Widget):
    """Drawn by the template; a row posts its key, and its limit under the name of the key."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list["Typed"]:
        keys = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return [(key, str(data.get(f"limit-{key}", "")).strip()) for key in keys]


class EntriesField(forms.Field):
    widget = EntriesWidget
    default_error_messages = {
        "required": gettext_lazy("Add at least one operator: otherwise nobody is offered a dialog."),
        "unknown": gettext_lazy("Somebody in the queue is no longer there. Look at it and save again."),
    }
    possible: Possible = Possible()

    def clean(self, value: Any) -> list[Place]:
        typed: list[Typed] = value or []
        if not typed:
            raise ValidationError(self.error_messages["required"], code="required")
        rows = self.possible.rows(typed)
        if len(rows) != len(typed):
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        if wrong := [row.name for row in rows if row.is_limit_wrong]:
            words = _("%(name)s: a limit is a whole number from 1 to %(most)d, or nothing.")
            raise ValidationError([words % {"name": name, "most": HIGHEST_LIMIT} for name in wrong])
        return [row.place() for row in rows]


def _is_limit(typed: str) -> bool:
    return not typed or (typed.isascii() and typed.isdigit() and 1 <= int(typed) <= HIGHEST_LIMIT)
