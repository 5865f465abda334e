"""What happened in distribution."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OperatorCameOnline:
    """A fact about the operator turned for the better: a console opened, the day began, a break or an absence ended."""

    operator_id: int


@dataclass(frozen=True, slots=True)
class PlacesFreed:
    """These operators have fewer dialogs or offers than they had."""

    operator_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PlaceInQueueAwaited:
    """A new dialog stands behind others of its line although somebody could take one."""

    line_id: int


@dataclass(frozen=True, slots=True)
class OperatorWentAway:
    """One turned for the worse: ``reason`` is OFFLINE, PAUSED, DAY_ENDED or ABSENT. Lines say which of them count."""

    operator_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class LineOpened:
    """The hours of a line have begun, or new ones say that it is open."""

    line_id: int
