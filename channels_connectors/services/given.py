"""What an administrator filled in about an account, held to the kind's ``Setup`` and put where it is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from channels_connectors.registry import SETUPS
from channels_connectors.setup import BASE_URL, CREDENTIALS, Field
from common.errors import InvalidInput


@dataclass(slots=True)
class Given:
    credentials: dict[str, str] = field(default_factory=dict, repr=False)
    settings: dict[str, Any] = field(default_factory=dict)
    base_url: str = ""


def given_values(kind: str, values: Mapping[str, Any], *, known: Mapping[str, str] | None = None) -> Given:
    """Raises ``InvalidInput`` with what is wrong at each field.

    ``known`` are the credentials of a connected account: those that are not given anew stay.
    """
    setup = SETUPS.get(kind)
    if setup is None:
        raise InvalidInput(fields={"kind": [_("Unknown kind of channel.")]})
    given, wrong = Given(), {}
    for wanted in setup.fields:
        value = _value(wanted, values.get(wanted.name, wanted.initial))
        if wanted.kept_in == CREDENTIALS and not value:
            value = (known or {}).get(wanted.name, value)
        if problem := _problem(wanted, value):
            wrong[wanted.name] = [problem]
        elif wanted.kept_in == CREDENTIALS:
            given.credentials[wanted.name] = str(value)
        elif wanted.kept_in == BASE_URL:
            given.base_url = str(value)
        else:
            given.settings[wanted.name] = value
    if wrong:
        raise InvalidInput(fields=wrong)
    return given


def _value(wanted: Field, value: Any) -> Any:
    if wanted.widget == "switch":
        return value in (True, "true", "on", "1")
    words = str("" if value is None else value).strip()
    return words or (str(wanted.initial) if wanted.is_required else "")


def _problem(wanted: Field, value: Any) -> str:
    if wanted.widget == "switch":
        return ""
    if not value:
        return _("Fill this in.") if wanted.is_required else ""
    if len(value) > wanted.max_length:
        return _("At most %(limit)d characters.") % {"limit": wanted.max_length}
    if "\0" in value:
        return _("This does not look right. Copy it once more, whole.")
    if wanted.choices and value not in {key for key, _words in wanted.choices}:
        return _("Choose one of the list.")
    if wanted.pattern and not re.fullmatch(wanted.pattern, value):
        return str(wanted.refusal or _("This does not look right. Copy it once more, whole."))
    return _problem_of_form(wanted, value)


def _problem_of_form(wanted: Field, value: str) -> str:
    if wanted.widget == "number" and not value.isdecimal():
        return _("Enter a number.")
    try:
        if wanted.widget == "url":
            URLValidator(schemes=("http", "https"))(value)
        elif wanted.widget == "email":
            EmailValidator()(value)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
