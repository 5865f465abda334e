"""Where WhatsApp delivers: the app watches, and the business account names our address over the app's own."""

from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account, Subscription
from channels_connectors.meta.channel import fingerprint
from channels_connectors.meta.graph import Graph, as_app
from channels_connectors.meta.subscriptions import app_subscription, is_below, subscribe_app, unsubscribe_app
from channels_connectors.meta.webhooks import listed, mapping
from channels_connectors.whatsapp.errors import PROVIDER
from channels_connectors.whatsapp.events import FIELDS

ABOUT = "whatsapp_business_account"


def subscribe(graph: Graph, account: Account, *, url: str) -> None:
    """Meta asks at the address at once, see ``answer_challenge``."""
    subscribe_app(
        as_app(account, provider=PROVIDER), app_id=app_id_of(account), about=ABOUT, url=url,
        verify_token=account.webhook_secret, fields=FIELDS,
    )  # fmt: skip
    body = {"override_callback_uri": url, "verify_token": account.webhook_secret}
    graph.post(f"{waba_id_of(account)}/subscribed_apps", body)


def unsubscribe(graph: Graph, account: Account) -> None:
    """Unless another number of the same business account has taken the webhook over."""

    def is_ours(url: str) -> bool:
        return fingerprint(url) == account.settings.get("webhook")

    if is_ours(_override(graph, account) or ""):
        graph.delete(f"{waba_id_of(account)}/subscribed_apps")
    app = as_app(account, provider=PROVIDER)
    unsubscribe_app(app, app_id=app_id_of(account), about=ABOUT, is_this=is_ours)


def subscription(graph: Graph, account: Account, *, url: str) -> Subscription:
    override = _override(graph, account)
    if override is None:
        return Subscription(is_ours=False, problem=_("The business account is no longer joined to the app."))
    if override and not is_below(url, {"callback_url": override}):
        return Subscription(is_ours=False, problem=_("The business account's webhook goes to another server."))
    found = app_subscription(
        as_app(account, provider=PROVIDER), app_id=app_id_of(account), about=ABOUT, url=url, fields=FIELDS
    )
    # With an address of the account's own, that of the app may be any.
    return Subscription(is_ours=True) if override else found


def _override(graph: Graph, account: Account) -> str | None:
    """The address that the account has of its own; ``None`` where it is not joined to the app at all."""
    for said in listed(graph.get(f"{waba_id_of(account)}/subscribed_apps").get("data") or []):
        app: Any = mapping(mapping(said).get("whatsapp_business_api_data") or {})
        if str(app.get("id", "")) == app_id_of(account):
            return str(said.get("override_callback_uri") or "")
    return None


def app_id_of(account: Account) -> str:
    return account.credentials.get("app_id", "").strip()


def waba_id_of(account: Account) -> str:
    return str(account.settings.get("waba_id", "")).strip()
