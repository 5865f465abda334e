"""Callers of the API by tokens of their own. Every answer is held against the OpenAPI document."""

import json
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from openapi_core import OpenAPI
from openapi_core.contrib.django import DjangoOpenAPIRequest, DjangoOpenAPIResponse
from rest_framework.test import APIClient

from crm.models import AccessToken, User
from crm.services import issue_token

API = "/api/v1"


@cache
def document() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return schema


@cache
def openapi() -> OpenAPI:
    return OpenAPI.from_dict(document())


class Asked(DjangoOpenAPIRequest):
    """What was asked; uploads have been read by then, and are not looked at again."""

    body = b""


class Caller:
    """Calls by bearer token (none for nobody) and checks every JSON answer against the document."""

    def __init__(self, token: str = "") -> None:
        self.http = APIClient()
        if token:
            self.http.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")

    @classmethod
    def by(cls, user: User) -> "Caller":
        return cls(issue_token(user=user, name="test"))

    @classmethod
    def with_revoked_token(cls, user: User) -> "Caller":
        caller = cls.by(user)
        AccessToken.objects.filter(user=user).update(revoked_at=user.date_joined)
        return caller

    def call(self, method: str, path: str, body: Any = None, **how: Any) -> Any:
        if method != "GET" and not how:
            body, how = json.dumps(body), {"content_type": "application/json"}
        response = getattr(self.http, method.lower())(f"{API}{path}", body, **how)
        if response.get("Content-Type", "").startswith("application/json"):
            openapi().validate_response(Asked(response.wsgi_request), DjangoOpenAPIResponse(response))
        return response

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, query or None)

    def post(self, path: str, body: Any = None, **how: Any) -> Any:
        return self.call("POST", path, {} if body is None else body, **how)

    def put(self, path: str, body: Any) -> Any:
        return self.call("PUT", path, body)

    def patch(self, path: str, body: Any) -> Any:
        return self.call("PATCH", path, body)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)
