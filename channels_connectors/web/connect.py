"""Connecting a channel, step by step; each way ends with a live check and a first message."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from channels_connectors.connector import WEBHOOK
from channels_connectors.livechat.widgets import change_widget
from channels_connectors.models import Account
from channels_connectors.provider_entries import provider_entries
from channels_connectors.queries import latest_client_message
from channels_connectors.registry import CONNECTORS, SETUPS
from channels_connectors.services.channels import connect_channel, connect_own, ends_at
from channels_connectors.services.checking import DeliversElsewhere, check_account, foreign_host
from channels_connectors.services.given import given_values
from channels_connectors.setup import Setup
from channels_connectors.web.channel_forms import LiveChatForm
from channels_connectors.web.health import health_of
from channels_connectors.web.kinds import setup_of
from channels_connectors.web.pieces import widget_pieces
from channels_connectors.web.setup_form import SetupForm
from common.errors import DomainError
from common.pages import drawer, is_partial, say, trigger_client_events
from crm.current import staff
from crm.web.access import administrators_only
from openlines.models import Channel, Line

CHANGED = ("channels-changed",)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def connect(request: HttpRequest, line_id: int, kind: str) -> HttpResponse:
    line = get_object_or_404(Line, pk=line_id)
    if kind not in SETUPS:
        raise Http404
    return WAYS.get(kind, _by_setup)(request, line, kind)


def _by_setup(request: HttpRequest, line: Line, kind: str) -> HttpResponse:
    """First what to prepare at the provider, then what to fill in."""
    setup = SETUPS[kind]
    form = SetupForm(setup, request.POST or None)
    context: dict[str, Any] = {"form": form, "lacks_address": lacks_address(setup), "is_called": is_called(kind)}
    if request.method == "POST" and form.is_valid():
        try:
            channel = connect_channel(
                administrator=staff(request), line=line, kind=kind, values=form.cleaned_data, now=timezone.now(),
                take_over="take_over" in request.POST,
            )  # fmt: skip
        except DeliversElsewhere as error:
            context["elsewhere"] = str(error)
        except DomainError as error:
            form.refuse(error)
        else:
            return _connected(request, channel, _("%(name)s is connected.") % {"name": channel.name})
    form.keep_what_was_pasted()
    is_asked = request.method == "POST" or request.GET.get("step") == "fields" or not setup.guide
    return _step(request, line, kind, context | {"step": "fields" if is_asked else "guide"})


def is_called(kind: str) -> bool:
    return bool(settings.PUBLIC_URL) and WEBHOOK in CONNECTORS[kind].inbound


def lacks_address(setup: Setup) -> bool:
    """The provider must reach this server, and it has no public address."""
    connector = CONNECTORS[setup.kind]
    only_called = connector.inbound == (WEBHOOK,) and connector.needs_public_url
    return not settings.PUBLIC_URL and (setup.needs_public_url or only_called)


def _livechat(request: HttpRequest, line: Line, kind: str) -> HttpResponse:
    form = LiveChatForm(request.POST or None, initial={"name": _("Website chat")})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with transaction.atomic():
            channel = connect_own(administrator=staff(request), line=line, kind="livechat", name=values.pop("name"))
            change_widget(administrator=staff(request), channel=channel, **values)
        return _connected(request, channel, _("The chat is ready. Put it on your site."))
    return _step(request, line, "livechat", {"form": form})


def _sandbox(request: HttpRequest, line: Line, kind: str) -> HttpResponse:
    if request.method == "POST":
        channel = connect_own(administrator=staff(request), line=line, kind="sandbox")
        return _connected(request, channel, _("The sandbox is ready."))
    return _step(request, line, "sandbox", {})


# Our own channels have no provider to be connected to.
WAYS: dict[str, Callable[[HttpRequest, Line, str], HttpResponse]] = {"livechat": _livechat, "sandbox": _sandbox}


def _step(request: HttpRequest, line: Line, kind: str, context: dict[str, Any]) -> HttpResponse:
    form = context.get("form")
    status = 422 if (form is not None and form.errors) or "elsewhere" in context else 200
    context |= {"line": line, "kind": setup_of(kind), "public_url": settings.PUBLIC_URL}
    template = f"connect_{kind}" if kind in WAYS else "connect"
    return drawer(request, f"settings/channels/{template}.html", context, back=_line_page(line), status=status)


def _connected(request: HttpRequest, channel: Channel, words: str) -> HttpResponse:
    say(request, words)
    if not is_partial(request):
        return redirect("channel-test", channel_id=channel.pk)
    return trigger_client_events(_test(request, channel), CHANGED)


@require_POST
@administrators_only
def check_values(request: HttpRequest, kind: str) -> HttpResponse:
    """The live check while the wizard is open: who are we at the provider with what was filled in?"""
    if kind not in SETUPS or kind in WAYS:
        raise Http404
    form = SetupForm(SETUPS[kind], request.POST)
    context: dict[str, Any] = {"form": form, "public_url": settings.PUBLIC_URL, "kind": setup_of(kind)}
    if form.is_valid():
        given = given_values(kind, form.cleaned_data)
        try:
            found = check_account(
                kind=kind, credentials=given.credentials, base_url=given.base_url, own_settings=given.settings
            )
        except DomainError as error:
            context["refusal"] = str(error)
        else:
            ends = ends_at(found.expires_in, timezone.now())
            context |= {"found": found, "foreign_host": foreign_host(found), "ends_at": ends}
    return render(request, "settings/channels/_checked.html", context)


@require_safe
@administrators_only
def channel_test(request: HttpRequest, channel_id: int) -> HttpResponse:
    """The last step: how the channel does, and a message that is to arrive."""
    return _test(request, get_object_or_404(Channel.objects.select_related("account", "line"), pk=channel_id))


def _test(request: HttpRequest, channel: Channel) -> HttpResponse:
    context = {
        "channel": channel,
        "kind": setup_of(channel.kind),
        "health": health_of(channel),
        "is_polled": channel.account.inbound == Account.Inbound.POLL,
        "entries": provider_entries(channel.account),
        "since": timezone.now(),
        **widget_pieces(channel, request),
    }
    return drawer(request, "settings/channels/test.html", context, back=_line_page(channel.line))


@require_safe
@administrators_only
def channel_arrived(request: HttpRequest, channel_id: int) -> HttpResponse:
    """What has come since the test began; asked again and again by the page."""
    channel = get_object_or_404(Channel.objects.select_related("account"), pk=channel_id)
    since = _moment(request.GET.get("since", ""))
    context = {
        "channel": channel,
        "kind": setup_of(channel.kind),
        "since": since,
        "message": latest_client_message(channel, since=since),
        "has_event": channel.last_event_at is not None and channel.last_event_at > since,
        "health": health_of(channel),
    }
    return render(request, "settings/channels/_arrived.html", context)


def _moment(text: str) -> datetime:
    """Raises ``Http404`` for anything that is no moment."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise Http404
    return moment


def _line_page(line: Line) -> str:
    return reverse("line", args=[line.pk])
