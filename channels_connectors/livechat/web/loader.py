"""The script that a site pastes: everything its button needs in one response, the conversation only on intent."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from channels_connectors.livechat.widgets import Widget, find_widget
from common.errors import NotFound

SOURCES = Path(settings.ROOT) / "static" / "embed"
CACHED_SECONDS = 300
CLOSED = "/* This chat is closed at the moment. */"


@require_safe
@gzip_page
def loader(request: HttpRequest, key: str) -> HttpResponseBase:
    try:
        widget = find_widget(key)
    except NotFound:
        raise Http404 from None
    script = loader_script(widget) if widget.is_open else CLOSED
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={CACHED_SECONDS}"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["ETag"] = quote_etag(hashlib.sha256(script.encode()).hexdigest()[:32])
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def loader_script(widget: Widget) -> str:
    code, look = _sources()
    config = {"key": widget.key, "look": look, "texts": _texts()}
    # "</" is escaped in case somebody pastes the script itself into a page.
    return f"{code.rstrip().removesuffix(';')}({json.dumps(config, ensure_ascii=False)});".replace("</", "<\\/")


@lru_cache(maxsize=1)
def _sources() -> tuple[str, str]:
    code = (SOURCES / "loader.js").read_text(encoding="utf-8")
    look = (SOURCES / "loader.css").read_text(encoding="utf-8")
    return code, " ".join(look.split())


def _texts() -> dict[str, dict[str, str]]:
    """In every language: the site's own decides, and one response serves all."""
    texts = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            texts[language] = {
                "open": _("Open the chat"),
                "close": _("Close the chat"),
                "title": _("Chat with us"),
                "unread": _("New messages"),
                "hide": _("Hide"),
            }
    return texts
