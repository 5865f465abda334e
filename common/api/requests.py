"""Reading what a caller sent."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer

from common.errors import InvalidInput

LONGEST_SEARCH = 200


def checked(serializer_class: type[BaseSerializer[Any]], request: Request) -> dict[str, Any]:
    """The request's body by the serializer; raises ``ValidationError``."""
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values


def integer_or_none(query: Mapping[str, str], name: str) -> int | None:
    """Raises ``InvalidInput`` for anything that is no number a row could have."""
    value = query.get(name)
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise InvalidInput(fields={name: [_("Enter a whole number.")]})
    return int(value)


def text_or_empty(query: Mapping[str, str], name: str) -> str:
    """Words to look for, as far as the database can hold them."""
    return query.get(name, "").replace("\0", "").strip()[:LONGEST_SEARCH]
