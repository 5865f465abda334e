"""``python -m tests.providers.telegram --port 8081``: a Telegram to develop against."""

import argparse
import asyncio
import signal
import sys

from tests.providers.telegram.model import Options
from tests.providers.telegram.server import TelegramServer


async def serve(server: TelegramServer) -> None:
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await server.start()
    sys.stdout.write(f"Telegram, simulated: {server.base_url} (control side: {server.base_url}/control/…)\n")
    sys.stdout.flush()
    await stopped.wait()
    await server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.providers.telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--retry-start", type=float, default=1.0, help="seconds before the second repetition")
    parser.add_argument("--retry-limit", type=float, default=90.0, help="longest pause between repetitions")
    parser.add_argument("--strict-urls", action="store_true", help="webhooks only by https on Telegram's four ports")
    given = parser.parse_args()
    options = Options(
        retry_start=given.retry_start, retry_limit=given.retry_limit, is_strict_about_urls=given.strict_urls
    )
    asyncio.run(serve(TelegramServer(options, given.port)))


if __name__ == "__main__":
    main()
