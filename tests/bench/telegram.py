"""The provider's side: the simulated Telegram of the tests, in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.bench.ports import HOST, free_port, wait_for_port
from tests.bench.scene import BOT_TOKEN
from tests.providers.telegram.client import TelegramSimulator


@contextmanager
def telegram(*, clients: Sequence[int] = ()) -> Iterator[TelegramSimulator]:
    """Knows the bot of the scene, and these clients, who have written to it."""
    port = free_port()
    command = [sys.executable, "-m", "tests.providers.telegram", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for_port(port)
            with TelegramSimulator(f"http://{HOST}:{port}") as simulator:
                bot = simulator.add_bot(token=BOT_TOKEN)
                for client in clients:
                    bot.customer(f"Client {client}", id=client).writes("/start")
                yield simulator
        finally:
            process.terminate()
