"""To whom a dialog can be handed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ToOperator:
    operator_id: int


@dataclass(frozen=True, slots=True)
class ToLine:
    line_id: int


@dataclass(frozen=True, slots=True)
class ToGroup:
    group_id: int


Target = ToOperator | ToLine | ToGroup
