"""Who is asking."""

from django.http import HttpRequest
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from crm.models import User


def staff(request: Request | HttpRequest) -> User:
    """The signed-in member of staff; raises ``NotAuthenticated`` where a view forgot to ask for one."""
    user = request.user
    if not isinstance(user, User):
        raise NotAuthenticated
    return user
