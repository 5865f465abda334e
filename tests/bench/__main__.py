"""``make bench``: measure the product against ceilings of the same run. ONLY=name, or the name, for one figure."""

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench import (
    assigning,
    delivering,
    history,
    hooks,
    inbound,
    inbox,
    pages,
    painting,
    replies,
    searching,
    sockets,
    starting,
    timing,
)
from tests.bench.figures import Figure, as_table, write

MEASURES: tuple[tuple[Callable[[], Iterable[Figure]], tuple[str, ...]], ...] = (
    (hooks.figures, ("webhook_stored_per_s", "webhook_p99_ms")),
    (inbound.throughput, ("inbound_messages_per_s", "inbound_cpu_ms_per_message")),
    (inbound.latency, ("message_to_frame_p50_ms", "message_to_frame_p99_ms")),
    (inbox.figures, inbox.NAMES),
    (replies.figures, ("reply_to_provider_p50_ms", "reply_to_provider_p99_ms")),
    (delivering.figures, delivering.NAMES),
    (assigning.figures, assigning.NAMES),
    (timing.lateness, ("timer_late_p99_ms",)),
    (timing.due_of_many, ("due_timers_10k_of_1m_s",)),
    (history.figures, ("decision_growth",)),
    (pages.figures, ("list_page_cpu_ms",)),
    (painting.figures, painting.NAMES),
    (sockets.figures, ("idle_operator_kb",)),
    (starting.figures, ("start_to_ready_s",)),
    (searching.figures, searching.NAMES),
    (hooks.growth, ("webhook_stored_growth", "webhook_p99_growth")),
)
NAMES = tuple(name for _measure, names in MEASURES for name in names)


def main(arguments: list[str]) -> int:
    only = arguments[0] if arguments else os.environ.get("ONLY", "")
    if only and only not in NAMES:
        print(f"bench: there is no figure {only}. There are: {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    path = Path(os.environ.get("VAR_DIR") or "var") / "bench.json"
    figures: list[Figure] = []
    for measure, names in MEASURES:
        if only in ("", *names):
            # What is measured so far is kept, whatever becomes of the rest.
            figures += _said(measure, names)
            write(path, figures)
    print(as_table(figures))
    print(f"\nWritten to {path}.")
    return 0


def _said(measure: Callable[[], Iterable[Figure]], names: Iterable[str]) -> list[Figure]:
    print(f"measuring {', '.join(names)} …", file=sys.stderr, flush=True)
    began_at = time.monotonic()
    figures = list(measure())
    print(f"  {time.monotonic() - began_at:.0f} s", file=sys.stderr, flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
