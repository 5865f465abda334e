"""What a channel can't show as it is, in the form that it can."""

from dataclasses import replace

from django.utils import translation
from django.utils.translation import gettext as _

from channels_connectors.connector import Capabilities
from openlines.types import Button, OutgoingMessage


def degraded(message: OutgoingMessage, *, capabilities: Capabilities, language: str) -> OutgoingMessage:
    """The message as the channel can show it: buttons that it has not become a list to answer with a number."""
    if not message.buttons or capabilities.buttons != "none":
        return message
    choices = [button for row in message.buttons for button in row]
    with translation.override(language):
        return replace(message, text=f"{message.text}\n\n{_as_text(choices)}".strip(), buttons=())


def _as_text(choices: list[Button]) -> str:
    """What is numbered already is not numbered once more."""
    numbers = [str(number) for number in range(1, len(choices) + 1)]
    if [choice.text for choice in choices] == numbers:
        return _("Reply with a digit from 1 to %(last)d.") % {"last": len(choices)}
    listed = [f"{number} — {choice.text}" for number, choice in zip(numbers, choices, strict=True)]
    return "\n".join([_("Reply with a digit:"), *listed])
