"""Bells that ring in a test are heard here instead of in Redis."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

import pytest

from common import doorbell


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame with its address."""

    to: frozenset[str]
    unless: frozenset[str]
    body: dict[str, Any]

    def reaches(self, streams: Iterable[str]) -> bool:
        heard = set(streams)
        return bool(self.to & heard) and not self.unless & heard


@dataclass(slots=True)
class Bells:
    rung: list[str] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)

    @classmethod
    def hung(cls, monkeypatch: pytest.MonkeyPatch) -> Self:
        bells = cls()
        monkeypatch.setattr(doorbell, "ring_many", bells.hear)
        return bells

    def hear(self, bell: str, messages: Iterable[str | bytes]) -> None:
        self.rung.append(bell)
        if bell == doorbell.FRAMES:
            self.frames += [self._opened(message) for message in messages]

    def taken(self) -> list[Frame]:
        """The frames since the last call."""
        frames, self.frames = self.frames, []
        return frames

    def bodies(self, kind: str) -> list[dict[str, Any]]:
        return [frame.body for frame in self.frames if frame.body["type"] == kind]

    @staticmethod
    def _opened(message: str | bytes) -> Frame:
        text = message.decode() if isinstance(message, bytes) else message
        head, _, body = text.partition("\n")
        address = json.loads(head)
        return Frame(frozenset(address["to"]), frozenset(address["unless"]), json.loads(body))
