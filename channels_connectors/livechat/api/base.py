"""What the visitors' calls have in common: JSON in and out, whose call it is, refusals in the visitor's language."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from rest_framework import serializers as drf

from channels_connectors.livechat.languages import language_of
from channels_connectors.livechat.origins import require_known_origin
from channels_connectors.livechat.throttles import CALLS_OF_ADDRESS, Rate, TooFast, take_turn
from channels_connectors.livechat.tokens import visitor_of
from channels_connectors.livechat.widgets import Widget, open_widget
from common.api.errors import texts_of
from common.errors import DomainError, InvalidInput

MAX_BODY = 256 * 1024


@method_decorator(csrf_exempt, name="dispatch")
class VisitorCall(View):
    """A call of a visitor's browser. No cookie counts here, so nobody can be made to call: the token is a header."""

    widget: Widget
    visitor: str
    now: datetime
    needs_visitor = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.now = timezone.now()
        with translation.override(language_of(request)):
            try:
                self._admit(request, kwargs.pop("key"))
                response = super().dispatch(request, *args, **kwargs)
            except DomainError as error:
                response = refusal(error)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _admit(self, request: HttpRequest, key: str) -> None:
        self.take_turns((CALLS_OF_ADDRESS, address_of(request)))
        self.widget = open_widget(key)
        require_known_origin(self.widget, request.headers.get("Origin", ""), request.get_host())
        if self.needs_visitor:
            self.visitor = visitor_of(token_of(request), channel_id=self.widget.channel.pk)

    def take_turns(self, *turns: tuple[Rate, str]) -> None:
        for rate, who in turns:
            take_turn(rate, who, now=self.now)

    def checked(self, serializer_class: type[drf.Serializer]) -> dict[str, Any]:
        """The body by the serializer. Raises ``InvalidInput``."""
        serializer = serializer_class(data=read_json(self.request))
        if not serializer.is_valid():
            fields = texts_of(serializer.errors)
            first = next(iter(fields.values()))
            raise InvalidInput(first[0] if isinstance(first, list) and first else None, fields=fields)
        values: dict[str, Any] = serializer.validated_data
        return values


def token_of(request: HttpRequest) -> str:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token if scheme == "Visitor" else ""


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def read_json(request: HttpRequest) -> dict[str, Any]:
    """Raises ``InvalidInput``."""
    try:
        if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
            raise InvalidInput(_("That is too long."))
        content = json.loads(request.body)
        # Half a surrogate pair is valid JSON, but no text that could be stored.
        json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise InvalidInput(_("This is not valid JSON.")) from None
    if not isinstance(content, dict):
        raise InvalidInput(_("This is not valid JSON."))
    return content


def refusal(error: DomainError) -> HttpResponse:
    body = {"code": error.code, "message": str(error.message), "fields": texts_of(error.fields)}
    response = JsonResponse(body, status=error.status)
    if isinstance(error, TooFast):
        response["Retry-After"] = str(error.retry_after)
    return response
