"""The channel kinds as administrators see them."""

from dataclasses import dataclass

from django.utils.functional import Promise

from channels_connectors.registry import SETUPS


@dataclass(frozen=True, slots=True)
class Kind:
    key: str
    title: str | Promise
    hint: str | Promise


KINDS = {kind: Kind(kind, setup.title, setup.hint) for kind, setup in SETUPS.items()}


def kind_of(key: str) -> Kind:
    return KINDS.get(key) or Kind(key, key, "")
