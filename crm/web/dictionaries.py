"""Stages and sources of leads: the administrators' page."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError, InvalidInput
from common.forms import PageForm
from common.pages import is_partial, say, settled
from crm.current import staff
from crm.dictionaries import (
    add_source,
    add_stage,
    change_source,
    change_stage,
    order_stages,
    remove_source,
    remove_stage,
)
from crm.models import LeadSource, LeadStage
from crm.web.access import administrators_only


class SourceForm(PageForm):
    name = forms.CharField(label=gettext_lazy("Title"), max_length=100)


class StageForm(SourceForm):
    kind = forms.ChoiceField(label=gettext_lazy("Means"), choices=LeadStage.Kind.choices, initial=LeadStage.Kind.OPEN)


@require_safe
@administrators_only
def dictionaries(request: HttpRequest) -> HttpResponse:
    return render(request, "settings/crm/page.html", _stages() | _sources())


@require_POST
@administrators_only
def stages(request: HttpRequest) -> HttpResponse:
    form = StageForm(request.POST)
    if not form.is_valid():
        return _stages_shown(request, new=form)
    return _done(request, partial(add_stage, **form.cleaned_data), _stages_shown)


@require_POST
@administrators_only
def stage(request: HttpRequest, stage_id: int) -> HttpResponse:
    form = StageForm(request.POST)
    if not form.is_valid():
        return _stages_shown(request, refusal=_words(form))
    return _done(request, partial(change_stage, stage_id=stage_id, **form.cleaned_data), _stages_shown, is_shown=True)


@require_POST
@administrators_only
def stage_order(request: HttpRequest) -> HttpResponse:
    """All stages in their new order; or one and where it goes, ``move=up:3``."""
    try:
        order = _order(request)
    except InvalidInput as error:
        return _stages_shown(request, refusal=str(error))
    is_dragged = "move" not in request.POST
    return _done(request, partial(order_stages, stage_ids=order), _stages_shown, is_shown=is_dragged)


@require_POST
@administrators_only
def stage_removed(request: HttpRequest, stage_id: int) -> HttpResponse:
    return _done(request, partial(remove_stage, stage_id=stage_id), _stages_shown)


@require_POST
@administrators_only
def sources(request: HttpRequest) -> HttpResponse:
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _sources_shown(request, new_source=form)
    return _done(request, partial(add_source, **form.cleaned_data), _sources_shown)


@require_POST
@administrators_only
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    form = SourceForm(request.POST)
    if not form.is_valid():
        return _sources_shown(request, refusal=_words(form))
    change = partial(change_source, source_id=source_id, **form.cleaned_data)
    return _done(request, change, _sources_shown, is_shown=True)


@require_POST
@administrators_only
def source_removed(request: HttpRequest, source_id: int) -> HttpResponse:
    return _done(request, partial(remove_source, source_id=source_id), _sources_shown)


def _done(
    request: HttpRequest,
    command: Callable[..., object],
    shown: Callable[..., HttpResponse],
    *,
    is_shown: bool = False,
) -> HttpResponse:
    """What the page shows already is not drawn anew: somebody may be typing in the next row."""
    try:
        command(administrator=staff(request))
    except DomainError as error:
        return shown(request, refusal=str(error))
    if is_shown or not is_partial(request):
        return settled(request, _("Saved."), back=reverse("crm-settings"))
    say(request, _("Saved."))
    return shown(request)


def _stages_shown(request: HttpRequest, refusal: str = "", **more: Any) -> HttpResponse:
    return _shown(request, "settings/crm/_stages.html", _stages() | {"stages_refusal": refusal} | more)


def _sources_shown(request: HttpRequest, refusal: str = "", **more: Any) -> HttpResponse:
    return _shown(request, "settings/crm/_sources.html", _sources() | {"sources_refusal": refusal} | more)


def _shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The changed half, or after a whole-page visit that was refused, the page."""
    if is_partial(request):
        return render(request, template, context | {"is_partial": True}, status=422 if _is_refused(context) else 200)
    return render(request, "settings/crm/page.html", _stages() | _sources() | context, status=422)


def _is_refused(context: dict[str, Any]) -> bool:
    is_form_refused = any(isinstance(value, forms.Form) and value.errors for value in context.values())
    return is_form_refused or bool(context.get("stages_refusal") or context.get("sources_refusal"))


def _stages() -> dict[str, Any]:
    return {"stages": LeadStage.objects.all(), "kinds": LeadStage.Kind.choices, "new": StageForm()}


def _sources() -> dict[str, Any]:
    return {"sources": LeadSource.objects.all(), "new_source": SourceForm()}


def _words(form: forms.Form) -> str:
    return " ".join(str(words) for errors in form.errors.values() for words in errors)


def _order(request: HttpRequest) -> list[int]:
    texts = request.POST.getlist("order")
    if not all(text.isascii() and text.isdigit() and len(text) < 19 for text in texts):
        raise InvalidInput
    order = [int(text) for text in texts]
    way, _colon, stage_id = request.POST.get("move", "").partition(":")
    if stage_id not in texts or way not in {"up", "down"}:
        return order
    place = order.index(int(stage_id))
    neighbour = max(place - 1, 0) if way == "up" else min(place + 1, len(order) - 1)
    order[place], order[neighbour] = order[neighbour], order[place]
    return order
