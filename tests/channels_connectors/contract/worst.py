"""Events made as large as a webhook takes them, so that reading them costs as much as it can."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

Grown = Callable[[int], bytes]


def grown(body: bytes) -> Iterator[tuple[str, Grown]]:
    """Each list of an event, repeated until the event is so many bytes long; a mail with as many quoted lines, or
    headers."""
    try:
        payload = json.loads(body)
    except ValueError:
        yield "lines", lambda size: body + b"> <a href='x'>https://example.org/ [b]\r\n" * (size // 40)
        yield "headers", lambda size: b"".join(b"X-%d: y\r\n" % n for n in range(size // 12)) + body
        return
    for place, value in _inside(payload):
        if isinstance(value, list) and value:
            yield str(place), _with(payload, place, value)


def _with(payload: Any, place: tuple[Any, ...], value: list[Any]) -> Grown:
    one = len(json.dumps(value))

    def at_size(size: int) -> bytes:
        changed = copy.deepcopy(payload)
        holder = changed
        for name in place[:-1]:
            holder = holder[name]
        holder[place[-1]] = value * (size // one + 1)
        return json.dumps(changed).encode()

    return at_size


def _inside(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*above, name), inner
        yield from _inside(inner, (*above, name))
