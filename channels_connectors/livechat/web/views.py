"""What a visitor's browser loads: the panel in its frame, and the page of its own."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from channels_connectors.livechat.connector import LiveChat
from channels_connectors.livechat.languages import language_of
from channels_connectors.livechat.texts import script_catalogue
from channels_connectors.livechat.widgets import Widget, find_widget, normal_origin, widget_of_line
from common.errors import InvalidInput, NotFound

EVERYWHERE = ["*"]


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    """The chat on a page of ours, for companies without a site."""
    return _chat(request, _widget(key), parent_origin="")


@require_safe
def page_of_line(request: HttpRequest, line_key: str) -> HttpResponse:
    try:
        return _chat(request, widget_of_line(line_key), parent_origin="")
    except NotFound:
        raise Http404 from None


@require_safe
@xframe_options_exempt
def panel(request: HttpRequest, key: str) -> HttpResponse:
    """The chat in a frame of somebody's site. Only allowed sites may be around it, at any distance."""
    widget = _widget(key)
    origin = _origin(request.GET.get("origin", ""))
    if origin and not widget.may_be_shown_on(origin):
        return _refused(request)
    response = _chat(request, widget, parent_origin=origin)
    sites = ["'self'", *widget.allowed_origins] if widget.allowed_origins else EVERYWHERE
    response._csp_replace = {"frame-ancestors": sites}  # type: ignore[attr-defined]
    return response


def _widget(key: str) -> Widget:
    try:
        return find_widget(key)
    except NotFound:
        raise Http404 from None


def _origin(text: str) -> str:
    """The origin of the page around us; nothing for what is no web page, like a file."""
    try:
        return normal_origin(text) if "://" in text else ""
    except InvalidInput:
        return ""


def _refused(request: HttpRequest) -> HttpResponse:
    with translation.override(language_of(request)):
        return render(request, "livechat/refused.html", status=403)


def _chat(request: HttpRequest, widget: Widget, *, parent_origin: str) -> HttpResponse:
    language = language_of(request)
    config = {
        "key": widget.key,
        "parent_origin": parent_origin,
        "language": language,
        "upload_bytes": settings.UPLOAD_BYTES,
        "text_length": LiveChat.capabilities.text_length,
    }
    context = {
        "widget": widget,
        "config": config,
        "catalogue": script_catalogue(language),
        "in_frame": bool(parent_origin),
    }
    template = "livechat/chat.html" if widget.is_open else "livechat/closed.html"
    with translation.override(language):
        return render(request, template, context)
