"""Who is asking."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from crm.models import User
from crm.services import user_for_token

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff(request: Request | HttpRequest) -> User:
    """The signed-in member of staff; raises ``NotAuthenticated`` where a view forgot to ask for one."""
    user = request.user
    if not isinstance(user, User):
        raise NotAuthenticated
    return user


def accepts_token(view: View[P]) -> View[P]:
    """Files are asked for by pages with a session and by programs with the API's bearer token."""

    @wraps(view)
    def known(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            user = user_for_token(token.strip(), now=timezone.now())
            if isinstance(user, User):
                request.user = user
        return view(request, *args, **kwargs)

    return known
