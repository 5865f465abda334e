"""What happened to staff and clients. Past tense, ids only; see ``common.events`` for when handlers run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StaffChanged:
    """Someone joined, left, or has another role, name or password."""

    user_id: int
