"""The page where staff play customers. For administrators, and for supervisors of the channel's line."""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from rest_framework import serializers as drf

from channels_connectors.sandbox.connector import Sandbox
from channels_connectors.sandbox.customers import (
    PlayedMessage,
    conversations,
    customers_of,
    version_of,
    write_messages,
)
from common.errors import DomainError, InvalidInput
from crm.current import staff
from crm.web.access import signed_in
from openlines.access import lines_of, steers
from openlines.models import Channel
from openlines.presenters import attachment_json
from openlines.services.attachments import store_upload

MOST_AT_ONCE = 12
CHAT = re.compile(r"^[\w.-]{1,64}$", re.ASCII)
MOST_MESSAGES = 20
Inner = Callable[[HttpRequest, Channel], HttpResponse]
Outer = Callable[..., HttpResponse]


class MessageSerializer(drf.Serializer[Any]):
    chat = drf.RegexField(CHAT)
    id = drf.UUIDField()
    name = drf.CharField(max_length=100)
    phone = drf.CharField(max_length=32, required=False, allow_blank=True, default="")
    email = drf.EmailField(required=False, allow_blank=True, default="")
    text = drf.CharField(required=False, allow_blank=True, default="")
    press = drf.CharField(required=False, allow_blank=True, default="", max_length=64)
    attachments = drf.ListField(child=drf.UUIDField(), required=False, default=list, max_length=10)


class MessagesSerializer(drf.Serializer[Any]):
    messages = drf.ListField(child=MessageSerializer(), allow_empty=False, max_length=MOST_MESSAGES)


def players_only(view: Inner) -> Outer:
    """Gives the view its channel; scripts read refusals as JSON."""

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, channel_id: int) -> HttpResponse:
        channel = get_object_or_404(_sandboxes(), pk=channel_id)
        if not steers(staff(request), channel.line_id):
            raise PermissionDenied
        try:
            return view(request, channel)
        except DomainError as error:
            return _refusal(error)

    return guarded


def _sandboxes() -> Any:
    return Channel.objects.select_related("line", "account").filter(kind=Sandbox.kind)


def _refusal(error: DomainError) -> HttpResponse:
    return JsonResponse({"code": error.code, "message": " ".join([str(error), *error.words])}, status=error.status)


@require_safe
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """To the newest sandbox that one may play in."""
    user = staff(request)
    if not (user.is_administrator or user.is_supervisor):
        raise PermissionDenied
    channel = _sandboxes().exclude(state=Channel.State.DISCONNECTED).filter(line__in=lines_of(user)).last()
    return redirect("sandbox", channel.pk) if channel else render(request, "sandbox/none.html")


@require_safe
@players_only
def page(request: HttpRequest, channel: Channel) -> HttpResponse:
    others = _sandboxes().exclude(state=Channel.State.DISCONNECTED).exclude(pk=channel.pk)
    others = others.filter(line__in=lines_of(staff(request))).order_by("pk")
    return render(request, "sandbox/page.html", {"channel": channel, "others": others})


@require_safe
@players_only
def state(request: HttpRequest, channel: Channel) -> HttpResponse:
    """What the customers on the page see; nothing when nothing has changed."""
    chats = [chat for chat in request.GET.get("chats", "").split(",") if chat][:MOST_AT_ONCE]
    version = version_of(channel, chats)
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    return JsonResponse(
        {"version": version, "customers": customers_of(channel), "conversations": conversations(channel, chats)}
    )


@require_POST
@players_only
def write(request: HttpRequest, channel: Channel) -> HttpResponse:
    wanted = MessagesSerializer(data=_json(request))
    if not wanted.is_valid():
        raise InvalidInput(_("This message can't be sent. Check the customer's name, phone and e-mail."))
    played = [PlayedMessage(**values) for values in wanted.validated_data["messages"]]
    write_messages(channel=channel, played=played, now=timezone.now())
    return JsonResponse({}, status=202)


def _json(request: HttpRequest) -> Any:
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise InvalidInput from error


@require_POST
@players_only
def upload(request: HttpRequest, channel: Channel) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise InvalidInput(_("Choose a file."))
    chat = request.POST.get("chat", "")
    if not CHAT.fullmatch(chat):
        raise InvalidInput
    attachment = store_upload(upload=file, channel=channel, uploader_key=chat)
    return JsonResponse(attachment_json(attachment), status=201)
