"""Processes that race each other: each with its own Django, its own threads and its own connections.

As a program it takes rounds from its input and says on its output how each act ended.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

PROCESSES, THREADS = 4, 4
# Time for everyone to look at the clock before the start.
HEAD_START = 0.004
Act = dict[str, Any]


class Racers:
    """The processes, seen from the test."""

    def __init__(self, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self._processes = processes

    def all_at_once(self, acts: Sequence[Act]) -> list[str]:
        """Do all of it as simultaneously as it gets; the refusals' codes, or ``done``, in the order of the acts."""
        shares = [list(acts[place :: len(self._processes)]) for place in range(len(self._processes))]
        for process, share in zip(self._processes, shares, strict=True):
            _tell(process, share)
        for process in self._processes:
            assert _hear(process) == "ready"
        start = time.monotonic() + HEAD_START
        for process in self._processes:
            _tell(process, start)
        told = [_hear(process) for process in self._processes]
        return [told[place % len(told)][place // len(told)] for place in range(len(acts))]


def _tell(process: "subprocess.Popen[str]", words: object) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(words) + "\n")
    process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


@contextmanager
def racers(database: str) -> Iterator[Racers]:
    server, _question, options = os.environ["DATABASE_URL"].partition("?")
    url = f"{server.rpartition('/')[0]}/{database}?{options}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.base"}
    command = [sys.executable, "-m", "tests.routing.racers"]
    with ExitStack() as running:
        yield Racers(
            [
                running.enter_context(
                    subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
                )
                for _ in range(PROCESSES)
            ]
        )


def main() -> None:
    import django

    django.setup()
    with ThreadPoolExecutor(THREADS) as pool:
        for line in sys.stdin:
            ready = [_prepared(act) for act in json.loads(line)]
            _say("ready")
            start = float(json.loads(sys.stdin.readline()))
            _say(list(pool.map(partial(_run_at, start), ready)))


def _say(words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _prepared(act: Act) -> Callable[[], object]:
    """Who acts is known beforehand, as it is to a request."""
    from crm.models import User

    name, values = act["act"], {name: value for name, value in act.items() if name != "act"}
    values["now"] = datetime.fromisoformat(values["now"])
    if "who" in values:
        values["who"] = User.objects.get(pk=values["who"])
    return lambda: ACTS[name](**values)


def _run_at(start: float, act: Callable[[], object]) -> str:
    from common.errors import DomainError

    while time.monotonic() < start:
        pass
    try:
        act()
    except DomainError as refusal:
        return refusal.code
    except Exception as error:  # noqa: BLE001 - the test says what it is
        return f"failed: {error!r}"
    return "done"


def _answer(*, dialog: int, who: Any, now: datetime) -> None:
    from routing.services.answering import answer_dialog

    answer_dialog(dialog_id=dialog, operator=who, now=now)


def _skip(*, dialog: int, who: Any, now: datetime) -> None:
    from routing.services.answering import skip_dialog

    skip_dialog(dialog_id=dialog, operator=who, now=now)


def _time_out(*, now: datetime) -> None:
    from openlines.services.timers import fire_due_timers

    fire_due_timers(now=now)


def _transfer(*, dialog: int, who: Any, now: datetime, operator: int | None = None, line: int | None = None) -> None:
    from routing.services.transferring import transfer_dialog
    from routing.types import ToLine, ToOperator

    target = ToLine(line) if line is not None else ToOperator(operator or 0)
    transfer_dialog(dialog_id=dialog, actor=who, target=target, now=now)


def _give_back(*, dialog: int, who: Any, now: datetime) -> None:
    from routing.services.transferring import return_to_queue

    return_to_queue(dialog_id=dialog, actor=who, now=now)


def _take_over(*, dialog: int, who: Any, now: datetime) -> None:
    from routing.services.transferring import take_over

    take_over(dialog_id=dialog, actor=who, now=now)


def _finish(*, dialog: int, who: Any, now: datetime) -> None:
    from openlines.services.closing import finish_dialog

    finish_dialog(dialog_id=dialog, operator=who, now=now)


def _reply(*, dialog: int, who: Any, now: datetime) -> None:
    from openlines.services.replies import send_reply

    send_reply(dialog_id=dialog, operator=who, text="Good morning", now=now, command_id=uuid4())


def _go_away(*, who: Any, now: datetime) -> None:
    from routing.services.working_day import pause

    pause(operator=who, now=now)


def _come_back(*, who: Any, now: datetime) -> None:
    from routing.services.working_day import resume

    resume(operator=who, now=now)


def _write(*, channel: int, sender: str, now: datetime) -> None:
    """As it comes in: one processor per channel, whoever they are."""
    from channels_connectors.inbox import keep_event, process_channel

    event = {"chat": sender, "id": uuid4().hex, "sender": {"name": sender}, "text": "Hello"}
    keep_event(channel_id=channel, key=uuid4().hex, body=json.dumps(event).encode())
    process_channel(channel_id=channel, now=now)


ACTS: dict[str, Callable[..., None]] = {
    act.__name__.lstrip("_"): act
    for act in (
        _answer, _skip, _time_out, _transfer, _give_back, _take_over, _finish, _reply, _go_away, _come_back, _write,
    )
}  # fmt: skip


if __name__ == "__main__":
    main()
