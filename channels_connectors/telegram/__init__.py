"""Telegram bots."""

import os

# python-telegram-bot's documented opt-in to its coming default: durations are timedeltas. Without it reading one warns.
os.environ["PTB_TIMEDELTA"] = "true"
