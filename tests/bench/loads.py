"""Loads, each run in a process of its own: ``python -m tests.bench.loads NAME '{"port": 8000, …}'`` prints JSON."""

import asyncio
import json
import selectors
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from itertools import count, cycle
from typing import Any

import uvloop

from tests.bench.consoles import Consoles
from tests.bench.http_calls import AtRate, BackToBack, Outcome
from tests.bench.updates import FIRST_CLIENT, WORDS, request, some, webhook_calls
from tests.senders import ACCOUNTS
from tests.senders import request as kinds_request

Fields = dict[str, Any]
# As many as Telegram opens by default.
LINES = 40


def run(load: str, **wanted: Any) -> Fields:
    """Run a load in another process and wait for what it has to say."""
    with subprocess.Popen(command(load, wanted), stdout=subprocess.PIPE) as process:
        printed, _nothing = process.communicate()
    assert process.returncode == 0, f"the load {load} failed"
    outcome: Fields = json.loads(printed)
    return outcome


def command(load: str, wanted: Fields) -> list[str]:
    return [sys.executable, "-m", "tests.bench.loads", load, json.dumps(wanted)]


async def hooks(wanted: Fields) -> Fields:
    """Webhooks alone: as fast as they go, or at a rate."""
    return _told(await _call(wanted, _hook_calls(wanted)))


async def inbound(wanted: Fields) -> Fields:
    """Webhooks, and consoles that see the messages come."""
    async with Consoles(wanted["port"], wanted["scene"]["sessions"]) as consoles:
        began_at = time.monotonic()
        outcome = await _call(wanted, _hook_calls(wanted))
        await consoles.wait_for(len(outcome.latencies), seconds=wanted.get("patience", 10.0))
        seen = consoles.seen
        told = _told(outcome) | {"seen": len(seen.latencies), "doubles": seen.doubles, "resyncs": seen.resyncs}
        arrived = [float(stamp) + latency for stamp, latency in seen.latencies.items()]
        return told | {"arrivals": list(seen.latencies.values()), "all_seconds": max(arrived, default=0) - began_at}


async def inbox(wanted: Fields) -> Fields:
    """Webhooks of several kinds in turn."""
    return _told(await _call(wanted, _kinds_calls(wanted)))


def _kinds_calls(wanted: Fields) -> Iterator[bytes]:
    kinds, clients = list(wanted["hooks"].items()), wanted["clients"]
    for number in count(wanted["first"]):
        kind, hook = kinds[number % len(kinds)]
        client = FIRST_CLIENT + number // len(kinds) % clients
        yield kinds_request(ACCOUNTS[kind], hook, number=number, client=client, text=f"{number} {WORDS}")


async def pages(wanted: Fields) -> Fields:
    """One address again and again."""
    page = request("GET", wanted["path"], Authorization=f"Bearer {wanted['token']}")
    return _told(await _call(wanted, cycle([page])))


async def replies(wanted: Fields) -> Fields:
    """Operators write into their dialogs in turn; each text is the moment at which it was sent."""
    return _told(await _call(wanted, _reply_calls(wanted["scene"])))


def _reply_calls(scene: Fields) -> Iterator[bytes]:
    tokens, dialogs = scene["tokens"], scene["dialogs"]
    for number in count():
        place = number % len(dialogs)
        reply = {"command_id": str(uuid.uuid4()), "text": f"{time.time():.6f} {WORDS}"}
        yield request(
            "POST",
            f"/api/v1/dialogs/{dialogs[place]}/messages/",
            json.dumps(reply).encode(),
            Authorization=f"Bearer {tokens[place % len(tokens)]}",
        )


async def idle(wanted: Fields) -> Fields:
    """Sockets that only stay open, until our input ends."""
    sessions = wanted["scene"]["sessions"]
    async with Consoles(wanted["port"], [sessions[place % len(sessions)] for place in range(wanted["sockets"])]):
        sys.stdout.write("open\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)
    return {}


def _hook_calls(wanted: Fields) -> Iterator[bytes]:
    scene = wanted["scene"]
    return webhook_calls(
        scene["hook"], scene["secret"], clients=wanted["clients"], first=wanted["first"],
        newcomer_every=wanted.get("newcomer_every", 0),
    )  # fmt: skip


async def _call(wanted: Fields, calls: Iterator[bytes]) -> Outcome:
    calls = some(calls, wanted["count"]) if "count" in wanted else calls
    seconds, lines = wanted["seconds"], wanted.get("lines", LINES)
    if "per_second" in wanted:
        async with AtRate(calls, port=wanted["port"], lines=lines) as caller:
            return await caller.run(seconds=seconds, per_second=wanted["per_second"])
    async with BackToBack(calls, port=wanted["port"], lines=lines) as hurried:
        return await hurried.run(seconds=seconds)


def _told(outcome: Outcome) -> Fields:
    return {"latencies": outcome.latencies, "statuses": dict(outcome.statuses), "seconds": outcome.seconds}


LOADS: dict[str, Callable[[Fields], Coroutine[Any, Any, Fields]]] = {
    load.__name__: load for load in (hooks, inbound, inbox, pages, replies, idle)
}


def _loop_for(wanted: Fields) -> asyncio.AbstractEventLoop:
    """At a rate, moments matter: ``select`` waits exactly to microseconds, the others to milliseconds."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector()) if "per_second" in wanted else uvloop.new_event_loop()


def main(load: str, wanted: Fields) -> None:
    with asyncio.Runner(loop_factory=lambda: _loop_for(wanted)) as runner:
        json.dump(runner.run(LOADS[load](wanted)), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
