"""The state a channel is in. Every change of it goes through here, so that consoles say what waits and why."""

from collections.abc import Collection
from typing import Any

from common.events import publish
from openlines.events import ChannelStateChanged
from openlines.models import Channel


def move_state(channel_id: int, *, to: str, among: Collection[str] | None = None, **noted: Any) -> None:
    """``among``: the states that it leaves or stays in, all where it is None. ``noted`` is written beside."""
    rows = Channel.objects.filter(pk=channel_id)
    if among is not None:
        rows = rows.filter(state__in=among)
    if rows.exclude(state=to).update(state=to, **noted):
        publish(ChannelStateChanged(channel_id))
    elif noted:
        rows.update(**noted)
