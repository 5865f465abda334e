"""How conversations hear of things; nothing below publishes for them yet except timers, which register here."""

from openlines.services import lifecycle  # noqa: F401 - registers the silence timer
