from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header


def language_of(request: HttpRequest) -> str:
    """The visitor's language: what the page asks for (``?lang=``), else the browser's. Cookies of staff don't count."""
    wanted = [request.GET.get("lang", "")]
    wanted += [code for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    for code in wanted:
        try:
            return get_supported_language_variant(code[:35])
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
