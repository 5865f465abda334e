"""The list of the emoji picker: asked for once, kept by browsers for as long as it stays the same."""

import gzip

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from openlines.emoji_list import VERSION, packed_list

YEAR = 365 * 24 * 60 * 60


@require_safe
def emoji(request: HttpRequest) -> HttpResponse:
    packed = packed_list()
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(packed if takes_gzip else gzip.decompress(packed), content_type="application/json")
    if takes_gzip:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    is_exact = request.GET.get("v") == VERSION
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if is_exact else "no-cache"
    return response
