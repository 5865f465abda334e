"""What happened to staff and clients. Past tense, ids only; see ``common.events`` for when handlers run."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StaffChanged:
    """Someone joined, left, or has another role, name or password."""

    user_id: int


@dataclass(frozen=True, slots=True)
class StaffGroupChanged:
    """Another name, or other members."""

    group_id: int


@dataclass(frozen=True, slots=True)
class StaffGroupRemoved:
    """Published while the group is still there: a subscriber that needs it raises, and it stays."""

    group_id: int


@dataclass(frozen=True, slots=True)
class ConsoleSettingsChanged:
    """A member of staff wants their console to behave in another way."""

    user_id: int


@dataclass(frozen=True, slots=True)
class TagsChanged:
    """The list of tags is another."""
