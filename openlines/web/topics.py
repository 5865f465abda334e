"""Topics of dialogs, of the company and of a line: the administrators' pages."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError, InvalidInput
from common.forms import PageForm
from common.pages import is_partial, say, settled
from crm.current import staff
from crm.web.access import administrators_only
from openlines.models import Line, Topic
from openlines.services.topics import LONGEST_NAME, change_topic, create_topic, order_topics, remove_topic


class TopicForm(PageForm):
    name = forms.CharField(label=gettext_lazy("Topic"), max_length=LONGEST_NAME)


def topics_block(line: Line | None) -> dict[str, Any]:
    """What ``settings/topics/_topics.html`` shows, on the page of a line or on that of the company."""
    line_id = line.pk if line is not None else None
    topics = list(Topic.objects.filter(Q(line=line) | Q(line=None), is_active=True).order_by("position", "id"))
    own = [topic for topic in topics if topic.line_id == line_id]
    shared = [topic for topic in topics if topic.line_id is None] if line is not None else []
    return {"line": line, "topics": own, "shared_topics": shared, "new_topic": TopicForm()}


@require_safe
@administrators_only
def topics(request: HttpRequest) -> HttpResponse:
    lines = Line.objects.filter(archived_at=None).prefetch_related("topics").order_by("pk")
    own = [(line, [topic for topic in line.topics.all() if topic.is_active]) for line in lines]
    return render(request, "settings/topics/page.html", topics_block(None) | {"own": own})


@require_POST
@administrators_only
def new_topic(request: HttpRequest) -> HttpResponse:
    line = _line(request)
    form = TopicForm(request.POST)
    if not form.is_valid():
        return _shown(request, line, form=form)
    line_id = line.pk if line else None
    return _done(request, line, partial(create_topic, name=form.cleaned_data["name"], line_id=line_id))


@require_POST
@administrators_only
def topic(request: HttpRequest, topic_id: int) -> HttpResponse:
    found = _topic(topic_id)
    form = TopicForm(request.POST)
    if not form.is_valid():
        return _shown(request, found.line, refusal=_("Give it a name."))
    change = partial(change_topic, topic_id=topic_id, name=form.cleaned_data["name"])
    return _done(request, found.line, change, is_shown=True)


@require_POST
@administrators_only
def topic_order(request: HttpRequest) -> HttpResponse:
    """All topics of a line or of the company as they stand, and one and where it goes: ``move=up:3``."""
    line = _line(request)
    try:
        order = _order(request)
    except InvalidInput as error:
        return _shown(request, line, refusal=str(error))
    return _done(request, line, partial(order_topics, line_id=line.pk if line else None, topic_ids=order))


@require_POST
@administrators_only
def topic_removed(request: HttpRequest, topic_id: int) -> HttpResponse:
    return _done(request, _topic(topic_id).line, partial(remove_topic, topic_id=topic_id))


def _topic(topic_id: int) -> Topic:
    return get_object_or_404(Topic.objects.select_related("line"), pk=topic_id)


def _line(request: HttpRequest) -> Line | None:
    number = request.POST.get("line", "")
    return get_object_or_404(Line, pk=_number(number)) if number else None


def _order(request: HttpRequest) -> list[int]:
    order = [_number(text) for text in request.POST.getlist("order")]
    way, _colon, text = request.POST.get("move", "").partition(":")
    if way not in {"up", "down"} or (moved := _number(text)) not in order:
        raise InvalidInput
    place = order.index(moved)
    neighbour = max(place - 1, 0) if way == "up" else min(place + 1, len(order) - 1)
    order[place], order[neighbour] = order[neighbour], order[place]
    return order


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidInput
    return int(text)


def _done(
    request: HttpRequest, line: Line | None, command: Callable[..., object], *, is_shown: bool = False
) -> HttpResponse:
    """What the page shows already is not drawn anew: somebody may be typing in the next row."""
    try:
        command(administrator=staff(request))
    except DomainError as error:
        return _shown(request, line, refusal=" ".join(error.words) or str(error))
    if is_shown or not is_partial(request):
        return settled(request, _("Saved."), back=_page(line))
    say(request, _("Saved."))
    return _shown(request, line)


def _shown(
    request: HttpRequest, line: Line | None, *, form: TopicForm | None = None, refusal: str = ""
) -> HttpResponse:
    if not is_partial(request):
        say(request, refusal or _("Give it a name."), is_bad=True)
        return redirect(_page(line))
    is_refused = bool(refusal or (form and form.errors))
    context = topics_block(line) | {"topics_refusal": refusal, "is_partial": True}
    if form is not None:
        context["new_topic"] = form
    return render(request, "settings/topics/_topics.html", context, status=422 if is_refused else 200)


def _page(line: Line | None) -> str:
    return reverse("line", args=[line.pk]) if line else reverse("topics")
