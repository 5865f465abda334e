"""One shape for every refusal of the API: ``{"code", "message", "fields"}``."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from common.errors import DomainError


def answer_with_error(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, DomainError):
        return Response(
            {"code": error.code, "message": str(error.message), "fields": texts_of(error.fields)}, status=error.status
        )
    response = exception_handler(error, context)
    if response is None:
        return None
    response.data = _body(error, response.data)
    return response


def _body(error: Exception, details: Any) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        fields = details if isinstance(details, dict) else {"non_field_errors": details}
        return {"code": "invalid", "message": _("Please check what you entered."), "fields": texts_of(fields)}
    code = error.get_codes() if isinstance(error, exceptions.APIException) else "not_found"
    message = details.get("detail", "") if isinstance(details, dict) else details
    return {"code": code if isinstance(code, str) else "refused", "message": str(message), "fields": {}}


def texts_of(fields: Any) -> Any:
    if isinstance(fields, dict):
        return {name: texts_of(value) for name, value in fields.items()}
    if isinstance(fields, list | tuple):
        return [texts_of(value) for value in fields]
    return str(fields)
