"""A channel kind that exists in tests alone: what it asks for has every widget, and its provider does as it is told."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from channels_connectors.connector import (
    WEBHOOK,
    Account,
    Capabilities,
    CheckedAccount,
    Connector,
    Refreshed,
    Subscription,
    Template,
    WebhookRequest,
)
from channels_connectors.errors import ConnectorError
from channels_connectors.registry import CONNECTORS, SETUPS
from channels_connectors.setup import SETTINGS, Field, Setup, Step

SECRET, LOFT = "feather-and-corn-5521", "loft-7"
VALUES = {"secret": SECRET, "loft": LOFT}

SETUP = Setup(
    kind="pigeon",
    title="Pigeon post",
    hint="Letters that fly",
    fields=(
        Field(name="secret", label="Secret of the loft", widget="password"),
        Field(name="loft", label="Loft", hint="Where the pigeons live", kept_in=SETTINGS),
        Field(name="speed", label="Speed", widget="choice", choices=(("SLOW", "Slow"), ("QUICK", "Quick")),
              initial="SLOW", kept_in=SETTINGS),
        Field(name="owner", label="Owner", widget="email", is_required=False, is_advanced=True, kept_in=SETTINGS),
        Field(name="most", label="Most letters", widget="number", is_required=False, is_advanced=True,
              kept_in=SETTINGS),
        Field(name="night", label="Fly by night", widget="switch", is_advanced=True, kept_in=SETTINGS),
    ),
    guide=(Step(title="Ask the keeper", text="Say `coo` and wait.", link="https://pigeon.example/help/"),),
    token_advice="Ask the keeper for another secret.",
    needs_public_url=True,
    shown_after=("webhook_url", "verify_token", "ring"),
    extra={"labels": {"ring": "Number of the ring"}},
)  # fmt: skip


class Pigeon(Connector):
    """``trouble`` is what every call meets."""

    kind = "pigeon"
    capabilities = Capabilities(text_length=100, templates=True)
    inbound = (WEBHOOK,)

    def __init__(self) -> None:
        self.trouble: ConnectorError | None = None
        self.delivers_to = ""
        self.expires_in: float | None = None
        self.refreshed: Refreshed | None = None
        self.asked: list[str] = []
        self.approved: list[Template] = []

    def capabilities_of(self, settings: Mapping[str, Any]) -> Capabilities:
        return replace(self.capabilities, text_length=50) if settings.get("speed") == "QUICK" else self.capabilities

    def verify(self, request: WebhookRequest, account: Account) -> None:
        return

    def event_key(self, payload: Mapping[str, Any]) -> str:
        return str(payload["id"])

    def parse(self, payload: Any, *, account: Account) -> list[Any]:
        return []

    def check(self, account: Account) -> CheckedAccount:
        self._ask("check")
        return CheckedAccount(
            external_id=str(account.settings["loft"]), title="Loft No. 7", expires_in=self.expires_in,
            settings={"ring": "R-1"},
        )  # fmt: skip

    def set_webhook(self, *, url: str, account: Account) -> Mapping[str, Any]:
        self._ask("set_webhook")
        self.delivers_to = url
        return {}

    def remove_webhook(self, account: Account) -> None:
        self._ask("remove_webhook")
        self.delivers_to = ""

    def subscription(self, *, url: str, account: Account) -> Subscription | None:
        self._ask("subscription")
        return Subscription(is_ours=self.delivers_to == url)

    def refresh(self, account: Account) -> Refreshed | None:
        self._ask("refresh")
        return self.refreshed

    def templates(self, account: Account) -> list[Template]:
        self._ask("templates")
        return self.approved

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.trouble:
            raise self.trouble


def register(monkeypatch: pytest.MonkeyPatch) -> Pigeon:
    pigeon = Pigeon()
    monkeypatch.setitem(CONNECTORS, "pigeon", pigeon)
    monkeypatch.setitem(SETUPS, "pigeon", SETUP)
    return pigeon
