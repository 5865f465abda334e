"""An event loop in a thread of its own, for servers that stand beside a test."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any


class Loop:
    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)

    def call(self, act: Any) -> None:
        async def do() -> None:
            act()

        self.run(do())


@contextmanager
def loop_in_thread(name: str) -> Iterator[Loop]:
    mine = Loop()
    thread = threading.Thread(target=mine.loop.run_forever, name=name, daemon=True)
    thread.start()
    try:
        yield mine
    finally:
        mine.run(_end_tasks())
        mine.loop.call_soon_threadsafe(mine.loop.stop)
        thread.join(5)
        mine.loop.close()


async def _end_tasks() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    # Transports close in the next round.
    await asyncio.sleep(0)
