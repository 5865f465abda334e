"""What the events of comments leave out, asked for before they are read: the post above, and whom we answered."""

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from channels_connectors.errors import ConnectorError
from channels_connectors.meta.events import of_kind

Fields = Mapping[str, Any]

MOST_KEPT = 500


def completed(payload: Any, kind: str, complete: Callable[[Fields, str], Fields]) -> Any:
    """The same event with its change completed by ``complete``, which is given it and whose account it is of."""
    for element in of_kind(payload, kind):
        change = complete(element.change, element.account_id)
        return json.loads(element.body({**element.value, "value": change}))
    return payload


def asked(ask: Callable[[], Fields]) -> Fields:
    """What is gone or closed to us tells nothing; a provider that is ill is asked again."""
    try:
        return ask()
    except ConnectorError as error:
        if error.kind in ("RETRY", "LATER", "TOKEN"):
            raise
        return {}


class Posts:
    """Posts that were asked for a while ago: below each of them many write."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Fields] = OrderedDict()

    def get(self, post_id: str, ask: Callable[[], Fields]) -> Fields:
        """A comment comes through without its post, should the provider not tell."""
        found = self._kept.get(post_id)
        if found is None:
            try:
                found = ask()
            except ConnectorError as error:
                if error.kind != "PERMANENT":
                    return {}
                found = {}
            self._kept[post_id] = found
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return found
