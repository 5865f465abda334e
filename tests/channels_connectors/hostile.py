"""Valid payloads, spoilt: what a connector may meet when a provider changes its mind, or somebody means harm."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

# All that reading a spoilt payload may end in.
REFUSALS = (ValueError, LookupError, TypeError, AttributeError)

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["", "\0", "\ud800", "9" * 400, "1e999", "x" * 5000, "-1", "NaN"]),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)
Place = tuple[Any, ...]


@st.composite
def mutated(draw: st.DrawFn, payloads: Sequence[Mapping[str, Any]]) -> Any:
    """One of the payloads with up to three of its values replaced, taken out or repeated."""
    payload: Any = copy.deepcopy(dict(draw(st.sampled_from(list(payloads)))))
    for _spoilt in range(draw(st.integers(1, 3))):
        places = list(_places(payload))
        if places:
            _spoil(draw, payload, draw(st.sampled_from(places)))
    return payload


def _places(value: Any, above: Place = ()) -> Iterator[Place]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in items:
        yield (*above, name)
        yield from _places(inner, (*above, name))


def _spoil(draw: st.DrawFn, payload: Any, place: Place) -> None:
    *above, last = place
    for name in above:
        payload = payload[name]
    how = draw(st.sampled_from(["replace", "remove", "wrap", "empty"]))
    if how == "remove":
        del payload[last]
    else:
        odd: dict[str, Any] = {"wrap": [payload[last]], "empty": type(payload[last])() if payload[last] else None}
        payload[last] = odd[how] if how in odd else draw(ODD)
