"""Whose pages are whose."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from common.errors import NotAllowed
from common.pages import is_partial
from crm.current import staff

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
Check = Callable[[HttpRequest], HttpResponse | None]


def _guarded(view: View[P], *checks: Check) -> View[P]:
    """The view, unless one of the checks answers in its place or raises."""

    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        for check in checks:
            answer = check(request)
            if answer is not None:
                return answer
        return view(request, *args, **kwargs)

    update_wrapper(guarded, view)
    return guarded


def signed_in(view: View[P]) -> View[P]:
    """Strangers sign in first; a piece of a page asks for the whole page to do so."""
    return _guarded(view, _is_signed_in)


def staff_only(view: View[P]) -> View[P]:
    """For everyone with a role; the others hear that they have none yet."""
    return _guarded(view, _is_signed_in, _has_role)


def supervisors_only(view: View[P]) -> View[P]:
    """For supervisors and administrators."""
    return _guarded(view, _is_signed_in, _has_role, _supervises)


def administrators_only(view: View[P]) -> View[P]:
    return _guarded(view, _is_signed_in, _administers)


def _is_signed_in(request: HttpRequest) -> HttpResponse | None:
    if request.user.is_authenticated:
        return None
    if is_partial(request):
        return HttpResponseClientRedirect(resolve_url(settings.LOGIN_URL))
    return redirect_to_login(request.get_full_path())


def _has_role(request: HttpRequest) -> HttpResponse | None:
    return None if staff(request).works_with_clients else render(request, "no_access.html", status=403)


def _supervises(request: HttpRequest) -> None:
    reader = staff(request)
    if not (reader.is_administrator or reader.is_supervisor):
        raise NotAllowed(_("Reports belong to supervisors and administrators."))


def _administers(request: HttpRequest) -> None:
    if not staff(request).is_administrator:
        raise PermissionDenied
