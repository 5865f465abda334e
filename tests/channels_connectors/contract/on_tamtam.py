"""What the drivers of MAX and Odnoklassniki have in common: their Bot APIs are children of one, TamTam's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import ClassVar, Generic, Self, TypeVar

from channels_connectors.connector import Account
from tests.channels_connectors.contract.driver import Driver, Payload, own_host_allowed
from tests.providers.conftest import a_picture
from tests.providers.max import MaxSimulator
from tests.providers.ok import OkSimulator
from tests.providers.simulator import running

FAULTS = {"flood": "429", "outage": "503", "timeout_before": "hang_before", "timeout_after": "hang_after"}

S = TypeVar("S", bound=MaxSimulator | OkSimulator)


class TamTamDriver(Driver, Generic[S]):
    simulator_class: ClassVar[type[MaxSimulator | OkSimulator]]

    def __init__(self, simulator: S) -> None:
        self.simulator = simulator
        self._token = simulator.token
        self._written: dict[int, Payload] = {}

    @classmethod
    @contextmanager
    def begin(cls) -> Iterator[Self]:
        with running(cls.simulator_class()) as simulator, own_host_allowed(simulator.base_url):
            yield cls(simulator)  # type: ignore[arg-type]

    def content_of(self, kind: str) -> bytes:
        return a_picture() if kind == "IMAGE" else f"content of a {kind}".encode()

    def fail(self, how: str) -> None:
        if how == "blocked":
            self.simulator.is_blocked = True
        elif how == "token":
            self.simulator.token = "another"
        else:
            self.simulator.fault(FAULTS.get(how, how), seconds=3, path="/messages")

    def typing_seen(self) -> bool:
        return self.simulator.actions == ["typing_on"]

    def read_seen(self) -> str:
        return self._mid_of(self._written[1]) if self.simulator.actions == ["mark_seen"] else ""

    def _mid_of(self, payload: Payload) -> str:
        raise NotImplementedError

    def lose_webhook(self) -> None:
        self.simulator.subscriptions.clear()

    def wrong_token(self) -> Account:
        return replace(self.account, credentials={"token": "not-the-token-of-anybody"})
