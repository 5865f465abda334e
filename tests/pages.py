"""Pages as the cast opens them."""

from typing import Any

from django.test import Client

from crm.models import User

HTMX = {"HX-Request": "true"}


def browser(user: User | None = None) -> Client:
    """A browser in which the member of staff is signed in."""
    client = Client()
    if user is not None:
        user.language = "en"
        user.save(update_fields=["language"])
        client.force_login(user)
    return client


def get(user: User | None, address: str, /, *, piece: bool = False, **query: Any) -> Any:
    return browser(user).get(address, query, headers=HTMX if piece else None)


def post(user: User | None, address: str, /, *, piece: Any = False, **values: Any) -> Any:
    return browser(user).post(address, values, headers=HTMX if piece else None)


def text_of(response: Any) -> str:
    return str(response.content.decode())
