"""Automatic texts: their variables, and the words for each client's language.

Apps above know some of the values (a place in the queue, waiting times, hours): they register how to find them.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from crm.models import Client, User
from openlines.models import Dialog, Line

Finder = Callable[[Dialog, datetime], str]

VARIABLES = frozenset({"client", "operator", "line", "number", "form", "position", "wait", "opening"})
TRANSLATED = frozenset(
    {
        "welcome_text", "closing_text", "silence_text", "client_closing_text", "no_answer_text", "off_hours_text",
        "rating_text", "rating_thanks_text",
    }
)  # fmt: skip
FORM = "{form}"
LONGEST = 2000
ANY_VARIABLE = re.compile(r"\{\s*(\w+)\s*\}")
VARIABLE = re.compile(r"(, |,| )?\{(" + "|".join(sorted(VARIABLES)) + r")\}")
_finders: dict[str, Finder] = {}


def text_variable(name: str) -> Callable[[Finder], Finder]:
    """Register where the value of a variable comes from. It is asked for only where a text has the variable, in the
    client's language; no words mean no value."""

    def register(finder: Finder) -> Finder:
        _finders[name] = finder
        return finder

    return register


def words_for(
    dialog: Dialog, field: str, *, action: str = Line.Action.TEXT, own: str | None = None, now: datetime
) -> str:
    """What the client is sent: the text of this field in their language, its variables filled in.

    ``own`` is the text where it is not a field of the line itself. With the form goes its link, on a line of its own
    where the text does not place it. No words: nothing is sent.
    """
    if action == Line.Action.NONE:
        return ""
    text = in_language_of(dialog.client, dialog.line, field, own=own)
    if action == Line.Action.FORM and dialog.line.form_url and FORM not in text:
        text = f"{text}\n{FORM}"
    return fill_in(text, dialog, now=now)


def in_language_of(client: Client, line: Line, field: str, *, own: str | None = None) -> str:
    """The line's own words, unless it has others for the client's language."""
    translated = line.translations.get(primary(client.language), {}).get(field, "")
    return translated or (getattr(line, field) if own is None else own)


def primary(language: str) -> str:
    """``en`` of ``en-GB``."""
    return re.split("[-_]", language, maxsplit=1)[0].lower()


def fill_in(text: str, dialog: Dialog, *, operator: User | None = None, now: datetime) -> str:
    """``operator`` is who writes, the dialog's own where nobody is named. A variable without a value goes together with
    the comma or space before it: "Hello, {client}!" → "Hello!"."""
    names = {match[2] for match in VARIABLE.finditer(text)}
    if not names:
        return text.strip()
    writer = operator or dialog.owner
    values = {
        "client": dialog.client.name,
        "operator": writer.name if writer else "",
        "line": dialog.line.name,
        "number": str(dialog.pk),
        "form": dialog.line.form_url,
    }
    if found := names & _finders.keys():
        with translation.override(spoken_with(dialog.client)):
            values |= {name: _finders[name](dialog, now) for name in found}
    return put_in(text, values)


def spoken_with(client: Client) -> str:
    """The language of the product in which the client is told what is no text of the line's."""
    language = primary(client.language)
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def put_in(text: str, values: Mapping[str, str]) -> str:
    """Unknown variables stay as written."""

    def replace(match: re.Match[str]) -> str:
        value = values.get(match[2], "")
        return f"{match[1] or ''}{value}" if value else ""

    return VARIABLE.sub(replace, text).strip()


def unknown_variables(text: str) -> list[str]:
    return [name for name in ANY_VARIABLE.findall(text) if name not in VARIABLES]


def example(text: str, *, line: Line, operator: str) -> str:
    """How the text may look to a client, for whoever writes it."""
    values = {
        "client": _("Anna"),
        "operator": operator,
        "line": line.name,
        "number": "1024",
        "form": line.form_url,
        "position": "3",
        "wait": _("5–10 minutes"),
        "opening": _("tomorrow at 09:00"),
    }
    return put_in(text, values)
