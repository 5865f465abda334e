"""The queue and the languages of a page that is being edited: what buttons do where no script runs."""

from collections.abc import Sequence

from django.http import QueryDict


def rearranged(values: QueryDict, action: str) -> QueryDict:
    """``up:operator-7``, ``down:…``, ``remove:…``, ``add``, ``add-language``, ``remove-language:en``; anything else
    changes nothing."""
    changed = values.copy()
    verb, _colon, subject = action.partition(":")
    name = "languages" if verb.endswith("-language") else "entries"
    candidate = values.get("language" if name == "languages" else "candidate", "")
    order = _reordered(values.getlist(name), verb.removesuffix("-language"), subject, candidate)
    changed.setlist(name, order)
    return changed


def _reordered(listed: Sequence[str], verb: str, subject: str, candidate: str) -> list[str]:
    order = list(listed)
    if verb == "add" and candidate and candidate not in order:
        return [*order, candidate]
    if subject not in order:
        return order
    place = order.index(subject)
    order.pop(place)
    if verb == "remove":
        return order
    order.insert(max(0, place + (-1 if verb == "up" else 1)), subject)
    return order
