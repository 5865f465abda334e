"""What happened in distribution."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OperatorCameOnline:
    operator_id: int


@dataclass(frozen=True, slots=True)
class OperatorWentAway:
    """Offline or on a break; ``reason`` says which."""

    operator_id: int
    reason: str
