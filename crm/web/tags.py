"""Tags: the administrators' page."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError
from common.forms import PageForm
from common.pages import is_partial, say, settled
from crm.current import staff
from crm.models import PALETTE_SIZE, Tag
from crm.tags import LONGEST_NAME, change_tag, create_tag, remove_tag
from crm.web.access import administrators_only

COLORS = [(number, str(number)) for number in range(PALETTE_SIZE)]


class NewTagForm(PageForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)


class TagForm(NewTagForm):
    color = forms.TypedChoiceField(label=gettext_lazy("Colour"), choices=COLORS, coerce=int)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def tags(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "settings/tags/page.html", _context())
    form = NewTagForm(request.POST)
    if not form.is_valid():
        return _shown(request, form=form)
    return _done(request, partial(create_tag, actor=staff(request), **form.cleaned_data))


@require_POST
@administrators_only
def tag(request: HttpRequest, tag_id: int) -> HttpResponse:
    form = TagForm(request.POST)
    if not form.is_valid():
        return _shown(request, refusal=" ".join(str(words) for errors in form.errors.values() for words in errors))
    change = partial(change_tag, administrator=staff(request), tag_id=tag_id, **form.cleaned_data)
    return _done(request, change, is_shown=True)


@require_POST
@administrators_only
def tag_removed(request: HttpRequest, tag_id: int) -> HttpResponse:
    return _done(request, partial(remove_tag, administrator=staff(request), tag_id=tag_id))


def _done(request: HttpRequest, command: Callable[[], object], *, is_shown: bool = False) -> HttpResponse:
    """What the page shows already is not drawn anew: somebody may be typing in the next row."""
    try:
        command()
    except DomainError as error:
        return _shown(request, refusal=" ".join(error.words) or str(error))
    if is_shown or not is_partial(request):
        return settled(request, _("Saved."), back=reverse("tags"))
    say(request, _("Saved."))
    return _shown(request)


def _shown(request: HttpRequest, *, form: NewTagForm | None = None, refusal: str = "") -> HttpResponse:
    """The list, or after a whole-page visit that was refused, the page."""
    is_refused = bool(refusal or (form and form.errors))
    context = _context() | {"refusal": refusal} | ({"new": form} if form else {})
    if is_partial(request):
        is_part = {"is_partial": True}
        return render(request, "settings/tags/_tags.html", context | is_part, status=422 if is_refused else 200)
    return render(request, "settings/tags/page.html", context, status=422)


def _context() -> dict[str, Any]:
    return {"tags": Tag.objects.all(), "colors": range(PALETTE_SIZE), "new": NewTagForm()}
