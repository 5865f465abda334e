"""Whose a token is, what it may do, and the better token that it may be changed for."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.meta.graph import Graph, as_app, graph_of

Fields = Mapping[str, Any]

PAGE_FIELDS = "id,name,instagram_business_account{id,username,name}"


def page_behind(account: Account, *, provider: str, scopes: Collection[str]) -> tuple[Fields, str]:
    """The page that the token speaks for, and a token of its own, which does not end.

    A person's token does as well: it is changed for the page's. Raises ``ConnectorError`` in words that say what to do.
    """
    graph = graph_of(account, provider=provider)
    said = _inspected(account, graph, provider)
    missing = sorted(set(scopes) - set(said.get("scopes") or ()))
    if missing:
        words = _("The token lacks permissions: %(names)s. Make a new one with them.") % {"names": ", ".join(missing)}
        raise ConnectorError(words, kind="PERMANENT")
    if said.get("type") == "USER":
        graph = _as_page(account, graph, provider)
    return graph.get("me", fields=PAGE_FIELDS), graph.token


def _inspected(account: Account, graph: Graph, provider: str) -> Fields:
    said: Fields = as_app(account, provider=provider).get("debug_token", input_token=graph.token).get("data", {})
    if not said.get("is_valid"):
        raise ConnectorError(_("%(provider)s does not accept this token.") % {"provider": provider}, kind="TOKEN")
    if str(said.get("app_id", "")) != account.credentials.get("app_id"):
        raise ConnectorError(_("This token was made for another app than the one given here."), kind="PERMANENT")
    return said


def _as_page(account: Account, graph: Graph, provider: str) -> Graph:
    """A page's token made of a person's long-lived one holds for as long as the person manages the page."""
    lasting = as_app(account, provider=provider).form(
        "oauth/access_token",
        {
            "grant_type": "fb_exchange_token", "client_id": account.credentials["app_id"],
            "client_secret": account.credentials["app_secret"], "fb_exchange_token": graph.token,
        },
    )  # fmt: skip
    person = replace(graph, token=str(lasting["access_token"]))
    pages = list(person.all_of("me/accounts", fields="id,name,access_token"))
    wanted = str(account.settings.get("page_id") or (pages[0]["id"] if len(pages) == 1 else ""))
    for page in pages:
        if str(page["id"]) == wanted and page.get("access_token"):
            return replace(graph, token=str(page["access_token"]))
    if not pages:
        raise ConnectorError(_("This token gives access to no page."), kind="PERMANENT")
    names = ", ".join(f"{page.get('name', '')} ({page['id']})" for page in pages[:10])
    words = _("This token is a person's, who has several pages. Give the ID of one: %(names)s.") % {"names": names}
    raise ConnectorError(words, kind="PERMANENT")
