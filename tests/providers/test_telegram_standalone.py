import re
import signal
import subprocess
import sys

import httpx
import pytest

from tests.providers.telegram import TelegramSimulator


@pytest.mark.slow
def test_the_simulated_telegram_runs_alone_and_stops_when_told():
    command = [sys.executable, "-m", "tests.providers.telegram", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base_url = re.findall(r"http://\S+", process.stdout.readline())[0]
        with TelegramSimulator(base_url) as simulator:
            bot = simulator.add_bot(username="loft_bot")
            bot.customer("Anna").writes("Hello")
            answer = httpx.get(f"{base_url}/bot{bot.token}/getUpdates", trust_env=False).json()
        process.send_signal(signal.SIGTERM)

    assert answer["result"][0]["message"]["text"] == "Hello"
    assert process.returncode == 0
