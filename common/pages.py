"""What server-drawn pages share: answers in part for htmx, refusals as pages in the product's look."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.errors import DomainError

PAGES = {403: "403.html", 404: "404.html"}


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of a page rather than the whole of it."""
    return bool(getattr(request, "htmx", False))


class RefusalPages:
    """A refusal that a page let through is shown as what it is, not as a failure of the server."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if is_partial(request):
            return HttpResponse(str(exception), content_type="text/plain; charset=utf-8", status=exception.status)
        page = PAGES.get(exception.status, "refused.html")
        return render(request, page, {"refusal": str(exception)}, status=exception.status)
