"""A simulated WhatsApp Cloud API: one business account with one number, and its clients."""

from tests.providers.whatsapp.people import ANNA, BORIS, Somebody
from tests.providers.whatsapp.server import APP_ID, APP_SECRET, NUMBER_ID, TOKEN, WABA_ID, WhatsAppSimulator

__all__ = ["ANNA", "APP_ID", "APP_SECRET", "BORIS", "NUMBER_ID", "TOKEN", "WABA_ID", "Somebody", "WhatsAppSimulator"]
