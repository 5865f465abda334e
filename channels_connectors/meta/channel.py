"""What all channels on a Meta app do alike: webhooks, subscriptions, proofs."""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from channels_connectors.connector import (
    WEBHOOK,
    Account,
    Connector,
    Event,
    Subscription,
    WebhookAnswer,
    WebhookRequest,
)
from channels_connectors.meta.events import events_of, key_of
from channels_connectors.meta.graph import Graph, as_app, graph_of
from channels_connectors.meta.subscriptions import (
    app_subscription,
    host_of_app,
    page_subscription,
    subscribe_app,
    subscribe_page,
    unsubscribe_app,
    unsubscribe_page,
)
from channels_connectors.meta.webhooks import answer_challenge, verify_signature

SECRETS = ("app_secret", "instagram_app_secret")


class MetaChannel(Connector):
    """A page or an account of an app. The app has one webhook for all of them."""

    inbound = (WEBHOOK,)
    largest_body = 3 * 1024 * 1024
    provider: ClassVar[str] = "Facebook"
    about: ClassVar[str] = "page"
    # What the app watches, in Meta's words, and what it watches of each page.
    fields: ClassVar[tuple[str, ...]] = ()

    def graph(self, account: Account) -> Graph:
        return graph_of(account, provider=self.provider)

    def node(self, account: Account) -> str:
        """What the webhooks are subscribed for: the page, or the account itself."""
        return account.external_id or "me"

    def node_fields(self, account: Account) -> tuple[str, ...]:
        return self.fields

    def handshake(self, request: WebhookRequest, account: Account) -> WebhookAnswer | None:
        return answer_challenge(request, account)

    def verify(self, request: WebhookRequest, account: Account) -> None:
        verify_signature(request, [account.credentials.get(name, "") for name in SECRETS])

    def events(self, request: WebhookRequest, account: Account) -> list[Event]:
        return events_of(request)

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return key_of(payload)

    def delivering(self, account: Account) -> Mapping[str, Any]:
        """What a check tells of where the app's webhooks go by now."""
        app = as_app(account, provider=self.provider)
        return {"webhook_host": host_of_app(app, app_id=account.credentials.get("app_id", ""), about=self.about)}

    def set_webhook(self, *, url: str, account: Account) -> Mapping[str, Any]:
        """Both halves: what the app watches, and that it watches this page."""
        app_id = account.credentials.get("app_id", "")
        subscribe_app(
            as_app(account, provider=self.provider), app_id=app_id, about=self.about, url=url,
            verify_token=account.webhook_secret, fields=self.fields,
        )  # fmt: skip
        fields = self.node_fields(account)
        subscribe_page(self.graph(account), page_id=self.node(account), app_id=self._app_id(account), fields=fields)
        return {"webhook": fingerprint(url)}

    def remove_webhook(self, account: Account) -> None:
        app_id, fields = account.credentials.get("app_id", ""), self.node_fields(account)
        unsubscribe_page(self.graph(account), page_id=self.node(account), app_id=self._app_id(account), fields=fields)
        unsubscribe_app(
            as_app(account, provider=self.provider), app_id=app_id, about=self.about,
            is_this=lambda url: fingerprint(url) == account.settings.get("webhook"),
        )  # fmt: skip

    def subscription(self, *, url: str, account: Account) -> Subscription | None:
        app_id = account.credentials.get("app_id", "")
        of_app = app_subscription(
            as_app(account, provider=self.provider), app_id=app_id, about=self.about, url=url, fields=self.fields
        )
        if not of_app.is_ours:
            return of_app
        fields = self.node_fields(account)
        return page_subscription(
            self.graph(account), page_id=self.node(account), app_id=self._app_id(account), fields=fields
        )

    def _app_id(self, account: Account) -> str:
        """By which the app is found among those of a page; Instagram's log-in lists it without."""
        return account.credentials.get("app_id", "")


def fingerprint(url: str) -> str:
    """The address itself is a secret: settings are no place for it."""
    return hashlib.sha256(url.encode()).hexdigest()[:32]
