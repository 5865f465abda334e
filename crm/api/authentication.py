from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crm.models import User
from crm.services import user_for_token


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer ol_…`` with a token from ``bin/manage issue_token``."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        scheme, _space, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        user = user_for_token(token.decode("latin-1").strip(), now=timezone.now())
        if not isinstance(user, User):
            raise AuthenticationFailed(_("This access token is unknown or revoked."))
        translation.activate(user.language)
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ConsoleSessionAuthentication(SessionAuthentication):
    """The console's session cookie, with CSRF protection."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "crm.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "crm.api.authentication.ConsoleSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
