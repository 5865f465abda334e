"""Telegram, played by an HTTP server that keeps to the documentation of the Bot API.

Bots speak to it as to ``https://api.telegram.org``. A test speaks to its other side, ``/control/…`` (``control.py``),
and is the customers there, and the bad weather. ``python -m tests.providers.telegram --port 8081`` runs it alone.
"""

from tests.providers.telegram.client import BotHandle, CustomerHandle, TelegramSimulator
from tests.providers.telegram.server import simulated_telegram

__all__ = ["BotHandle", "CustomerHandle", "TelegramSimulator", "simulated_telegram"]
