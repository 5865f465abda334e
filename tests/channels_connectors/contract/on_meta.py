"""What the drivers of Meta's channels have in common."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, ClassVar, Self

from channels_connectors.connector import Account, WebhookRequest
from openlines.types import OutgoingAttachment
from tests.channels_connectors.contract.driver import Driver, Payload, own_host_allowed
from tests.providers.meta import MetaSimulator, simulated_meta
from tests.providers.meta.model import APP_ID, APP_SECRET, PAGE_ID, PAGE_TOKEN
from tests.providers.meta.server import PHOTO
from tests.providers.meta.webhooks import packed, signed

FAULTS = {"flood": "429", "outage": "500", "timeout_before": "hang_before", "timeout_after": "hang_after"}
LIKE = {"changes": [{"field": "feed", "value": {"item": "reaction", "verb": "add", "post_id": "1_2"}}]}


class MetaDriver(Driver):
    about: ClassVar[str] = "page"
    own_id: ClassVar[str] = PAGE_ID
    own_settings: ClassVar[Mapping[str, Any]] = {"page_id": PAGE_ID}

    def __init__(self, simulator: MetaSimulator) -> None:
        self.simulator = simulator
        self.world = simulator.world

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator[Self]:
        with simulated_meta() as simulator, own_host_allowed(simulator.base_url):
            yield cls(simulator)

    @property
    def account(self) -> Account:
        return Account(
            channel_id=1,
            credentials={"app_id": APP_ID, "app_secret": APP_SECRET, "access_token": PAGE_TOKEN},
            base_url=self.simulator.base_url,
            webhook_secret="a-word-for-the-challenge",
            settings={"read_seconds": 0.5, **self.own_settings},
            scope=f"{self.kind}:{self.own_id}",
        )

    def request(self, *events: Payload) -> WebhookRequest:
        return signed(packed(*events, about=self.about, account=self.own_id))  # type: ignore[arg-type]

    def forged(self, *events: Payload) -> list[WebhookRequest]:
        genuine = self.request(*events)
        old_only = {"x-hub-signature": genuine.headers["x-hub-signature"]}
        return [
            WebhookRequest(body=genuine.body),
            replace(genuine, body=genuine.body + b" "),
            replace(genuine, headers=old_only),
            signed(genuine.body, "another-secret"),
            signed(genuine.body, ""),
        ]

    def malformed(self) -> list[bytes]:
        return [
            b'{"object":"page","entry":[{}]}',
            b'{"object":"page","entry":[{"id":"1","messaging":[{"sender":{"id":"2"},"message":{"mid":1,"attachments":5}}]}]}',
            b'{"object":"page","entry":[{"id":"1","changes":[{"field":"feed","value":{"item":"comment"}}]}]}',
            b'{"object":"instagram","entry":[{"id":"1","changes":[{"field":"comments","value":{"id":"5"}}]}]}',
            b'{"object":"instagram","entry":[{"id":"1","changes":[{"field":"comments","value":null}]}]}',
        ]

    def of_no_interest(self) -> list[Payload]:
        return [LIKE]

    def fail(self, how: str) -> None:
        self.simulator.fault(FAULTS.get(how, how))

    def file(self, name: str, content: bytes) -> str:
        self.simulator.files[name] = content
        return self.simulator.link(name)

    def publish(self, attachment: OutgoingAttachment) -> str:
        return self.simulator.link(attachment.name)

    def is_photo(self, content: bytes) -> bool:
        return content == PHOTO

    def content_of(self, kind: str) -> bytes:
        return PHOTO if kind in ("IMAGE", "STICKER") else f"content of a {kind}".encode()

    def webhook(self) -> str:
        there = self.world.app_subscriptions.get(self.about)
        is_joined = bool(self.world.page_subscriptions)
        return str(there["callback_url"]) if there and is_joined else ""

    def lose_webhook(self) -> None:
        self.world.app_subscriptions.clear()

    def wrong_token(self) -> Account:
        return replace(self.account, credentials={**self.account.credentials, "access_token": "EAAWrong"})
