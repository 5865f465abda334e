"""A simulated Viber: one bot, its clients, and what Viber's documentation says of both."""

from tests.providers.viber.messages import SeenMessage
from tests.providers.viber.simulator import ANNA, BORIS, TOKEN, ViberSimulator

__all__ = ["ANNA", "BORIS", "TOKEN", "SeenMessage", "ViberSimulator"]
