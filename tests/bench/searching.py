"""Finding something among five million messages: every role, every kind of what people look for."""

import os
import sys
from collections.abc import Iterator

from tests.bench import archive, finding
from tests.bench.databases import execute
from tests.bench.figures import Figure, figure, percentile
from tests.bench.processes import wait_for_calm
from tests.bench.product import make_scene

MESSAGES = int(os.environ.get("SEARCH_MESSAGES", "5000000"))
ROUNDS = 12
SUPERVISE = """
    INSERT INTO openlines_line_supervisors (line_id, user_id)
    SELECT line.id, sergey.id FROM (SELECT id FROM openlines_line ORDER BY id DESC LIMIT {lines}) AS line,
    (SELECT id FROM crm_user WHERE username = 'sergey') AS sergey
"""
NAMES = ("search_5m_p95_ms", "search_5m_p50_ms", "search_index_per_s")


def figures() -> Iterator[Figure]:
    make_scene("searching", operators=archive.OPERATORS + 1, dialogs=1)
    archive.fill("searching", MESSAGES)
    seconds = finding.in_process("index_all", "searching")
    execute("searching", SUPERVISE.format(lines=archive.SUPERVISED), "VACUUM ANALYZE", "CHECKPOINT")
    wait_for_calm()
    times = finding.in_process("searches", "searching", rounds=ROUNDS)
    slowest = {name: percentile(runs, 0.95) for name, runs in times.items()}
    for name, p95 in sorted(slowest.items(), key=lambda item: item[1]):
        print(f"  {name}: p50 {percentile(times[name], 0.5):.0f} ms, p95 {p95:.0f} ms", file=sys.stderr)
    yield figure("search_5m_p95_ms", "ms", [max(slowest.values())], at_most=300)
    yield figure("search_5m_p50_ms", "ms", [percentile([p for runs in times.values() for p in runs], 0.5)])
    yield figure("search_index_per_s", "1/s", [MESSAGES / seconds])
