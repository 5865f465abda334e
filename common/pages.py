"""What server-drawn pages share: answers in part for htmx, refusals as pages in the product's look."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_htmx.http import reswap, trigger_client_event

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


class PrivatePages:
    """A page that was drawn for somebody is kept by no browser: whoever goes back in it after they signed out is asked
    to sign in. A page that says itself how long it may be kept is believed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and request.session.accessed and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-store"
        return response


def drawer(
    request: HttpRequest, template: str, context: dict[str, Any], *, back: str, status: int = 200
) -> HttpResponse:
    """What slides in over a page; a page of its own where it was asked for by its address."""
    layout = "settings/_drawer.html" if is_partial(request) else "settings/drawer_page.html"
    return render(request, template, {**context, "layout": layout, "back": back}, status=status)


def say(request: HttpRequest, words: str, *, is_bad: bool = False) -> None:
    """A word on what was done, shown on the page that comes next."""
    messages.add_message(request, messages.ERROR if is_bad else messages.SUCCESS, words)


def settled(request: HttpRequest, words: str, *, back: str, events: Sequence[str] = ()) -> HttpResponse:
    """It is done: say so, and go back (whole pages) or ring ``events`` on the page (htmx)."""
    say(request, words)
    if not is_partial(request):
        return redirect(back)
    response = render(request, "settings/_toasts.html", {"is_partial": True})
    return reswap(trigger_client_events(response, events), "none")


def trigger_client_events(response: HttpResponse, events: Sequence[str]) -> HttpResponse:
    for event in events:
        trigger_client_event(response, event)
    return response
