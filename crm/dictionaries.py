"""Stages and sources of leads: dictionaries that administrators keep. What is in use can't be removed."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import F, ForeignObjectRel, Max, Model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.errors import DomainError, InvalidInput, NotAllowed, NotFound
from crm.audit import Action, record_change, record_creation, record_removal, recorded
from crm.models import Lead, LeadSource, LeadStage, User

# Positions are unique at every moment, so a new order is written beside the old one first.
ASIDE = 10_000
MOST_STAGES = 30
Row = TypeVar("Row", LeadStage, LeadSource)


class InUse(DomainError):
    code = "in_use"


class LastOpenStage(DomainError):
    code = "last_open_stage"


def _require_administrator(user: User) -> None:
    if not user.is_administrator:
        raise NotAllowed(_("Only administrators arrange stages and sources."))


@transaction.atomic
def add_stage(*, administrator: User, name: str, kind: str) -> LeadStage:
    """A new last stage of its kind: open ones stay before won and lost ones."""
    _require_administrator(administrator)
    stages = _locked_stages()
    if len(stages) >= MOST_STAGES:
        raise InvalidInput(_("There can be at most %(limit)d stages.") % {"limit": MOST_STAGES})
    last = LeadStage.objects.aggregate(last=Max("position"))["last"] or 0
    stage = LeadStage.objects.create(name=_checked(name), kind=kind, position=last + 1)
    place = sum(other.kind == LeadStage.Kind.OPEN for other in stages) if kind == LeadStage.Kind.OPEN else len(stages)
    _arrange([*stages[:place], stage, *stages[place:]])
    record_creation(actor=administrator, subject=stage)
    return stage


@transaction.atomic
def change_stage(*, administrator: User, stage_id: int, name: str, kind: str) -> LeadStage:
    """Raises ``NotFound``, ``InvalidInput``, ``LastOpenStage``."""
    _require_administrator(administrator)
    stage = _found(_locked_stages(), stage_id)
    if kind != LeadStage.Kind.OPEN:
        _require_another_open_stage(stage)
    with recorded(stage, actor=administrator):
        stage.name, stage.kind = _checked(name), kind
        stage.save(update_fields=["name", "kind"])
    return stage


@transaction.atomic
def order_stages(*, administrator: User, stage_ids: Sequence[int]) -> None:
    """The columns of the board from now on, left to right. Raises ``InvalidInput`` unless all are named once."""
    _require_administrator(administrator)
    stages = {stage.pk: stage for stage in _locked_stages()}
    if sorted(stage_ids) != sorted(stages):
        raise InvalidInput(_("The stages have changed meanwhile. Look at them once more."))
    _arrange([stages[pk] for pk in stage_ids])
    _record_order(administrator, list(stages.values()), [stages[pk] for pk in stage_ids])


@transaction.atomic
def remove_stage(*, administrator: User, stage_id: int) -> None:
    """Raises ``NotFound``, ``InUse``, ``LastOpenStage``."""
    _require_administrator(administrator)
    stage = _found(_locked_stages(), stage_id)
    _require_another_open_stage(stage)
    if number := Lead.objects.filter(stage=stage).count():
        words = ngettext(
            "%(number)d lead is at this stage: move it first.",
            "%(number)d leads are at this stage: move them first.",
            number,
        )
        raise InUse(words % {"number": number})
    record_removal(actor=administrator, subject=stage)
    stage.delete()


@transaction.atomic
def add_source(*, administrator: User, name: str) -> LeadSource:
    """Raises ``NotAllowed``, ``InvalidInput`` (empty or taken name)."""
    _require_administrator(administrator)
    source = _saved(LeadSource(name=_checked(name)))
    record_creation(actor=administrator, subject=source)
    return source


@transaction.atomic
def change_source(*, administrator: User, source_id: int, name: str) -> LeadSource:
    """Raises ``NotAllowed``, ``NotFound``, ``InvalidInput``."""
    _require_administrator(administrator)
    source = _found(LeadSource.objects.filter(pk=source_id), source_id)
    with recorded(source, actor=administrator):
        source.name = _checked(name)
        _saved(source)
    return source


@transaction.atomic
def remove_source(*, administrator: User, source_id: int) -> None:
    """Raises ``NotAllowed``, ``NotFound``, ``InUse``."""
    _require_administrator(administrator)
    source = _found(LeadSource.objects.select_for_update().filter(pk=source_id), source_id)
    if is_in_use(source):
        raise InUse(_("Leads or lines have this source. Rename it, or give them another first."))
    record_removal(actor=administrator, subject=source)
    source.delete()


def is_in_use(row: Model) -> bool:
    """Whether any row of any app refers to this one; the apps above are not known here by name."""
    relations = [field for field in row._meta.get_fields(include_hidden=True) if isinstance(field, ForeignObjectRel)]
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: row}).exists() for relation in relations
    )


def _locked_stages() -> list[LeadStage]:
    return list(LeadStage.objects.select_for_update().order_by("position"))


def _found(rows: Iterable[Row], pk: int) -> Row:
    for row in rows:
        if row.pk == pk:
            return row
    raise NotFound


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(_("Give it a name."), fields={"name": [_("Give it a name.")]})
    return name[:100]


def _saved(source: LeadSource) -> LeadSource:
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as error:
        taken = _("There is a source with this name already.")
        raise InvalidInput(taken, fields={"name": [taken]}) from error
    return source


def _require_another_open_stage(stage: LeadStage) -> None:
    if not LeadStage.objects.filter(kind=LeadStage.Kind.OPEN).exclude(pk=stage.pk).exists():
        raise LastOpenStage(_("One stage at least must be for leads in work: new leads begin there."))


def _arrange(stages: Sequence[LeadStage]) -> None:
    LeadStage.objects.update(position=F("position") + ASIDE)
    for position, stage in enumerate(stages, start=1):
        LeadStage.objects.filter(pk=stage.pk).update(position=position)


def _record_order(administrator: User, before: Sequence[LeadStage], after: Sequence[LeadStage]) -> None:
    """The order belongs to no stage in particular: the entry is that of the first."""
    if not after:
        return
    orders = [[stage.name for stage in stages] for stages in (before, after)]
    record_change(
        actor=administrator, action=Action.CHANGED, subject=after[0], before={"order": orders[0]},
        after={"order": orders[1]},
    )  # fmt: skip
