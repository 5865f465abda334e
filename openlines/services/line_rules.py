"""What the settings of a line must be, whoever changes them: a page or a program."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from openlines.models import Line
from openlines.texts import LONGEST, TRANSLATED, unknown_variables

DAY = 24 * 3600
LONGEST_SILENCE = 31 * DAY
LONGEST_GRACE = DAY
LONGEST_GOAL = 7 * DAY
LONGEST_CONTINUATION = 30 * DAY
WEB = URLValidator(schemes=["http", "https"])
LANGUAGE = re.compile(r"[a-z]{2,3}")
TEXTS = (
    "welcome_text", "closing_text", "silence_text", "client_closing_text", "rating_text", "rating_thanks_text",
)  # fmt: skip
SWITCHES = {"is_welcome_sent": "welcome_text", "is_rating_asked": "rating_text"}
ACTIONS = {
    "closing_action": "closing_text",
    "client_closing_action": "client_closing_text",
    "silence_action": "silence_text",
}
LENGTHS = (
    ("silence_seconds", 1, LONGEST_SILENCE),
    ("grace_seconds", 0, LONGEST_GRACE),
    ("continue_seconds", 0, LONGEST_CONTINUATION),
)
Fields = dict[str, list[str]]


def check_line(line: Line, *, changed: Iterable[str]) -> None:
    """Judge what changes, and nothing else: a line that came to be otherwise can still be mended piece by piece.

    Raises ``InvalidInput`` with its words at the fields.
    """
    names = frozenset(changed)
    wrong: Fields = {}
    for rule in (_check_words, _check_actions, _check_link, _check_seconds, _check_translations):
        for name, words in rule(line, names).items():
            wrong.setdefault(name, []).extend(words)
    if wrong:
        raise InvalidInput(fields=wrong)


def _check_words(line: Line, changed: frozenset[str]) -> Fields:
    wrong = {name: words for name in TEXTS if name in changed and (words := variable_words(getattr(line, name)))}
    for switch, text in SWITCHES.items():
        if changed & {switch, text} and getattr(line, switch) and not getattr(line, text).strip():
            wrong.setdefault(text, []).append(_("Write a text, or switch it off."))
    return wrong


def variable_words(text: str) -> list[str]:
    return [
        _("Clients would read {%(name)s} as it is: there is no such variable.") % {"name": name}
        for name in unknown_variables(text)
    ]


def _check_actions(line: Line, changed: frozenset[str]) -> Fields:
    """Silence may be said nothing to: its text may be empty."""
    wrong: Fields = {}
    for field, text in ACTIONS.items():
        action = getattr(line, field)
        if changed & {field, text}:
            is_empty = not getattr(line, text).strip()
            if action == Line.Action.TEXT and is_empty and field != "silence_action":
                wrong[text] = [_("Write a text, or choose to send nothing.")]
        if changed & {field, "form_url"} and action == Line.Action.FORM and not line.form_url:
            wrong.setdefault("form_url", []).append(_("Give the link to the form, or choose another action."))
    return {name: list(dict.fromkeys(words)) for name, words in wrong.items()}


def _check_link(line: Line, changed: frozenset[str]) -> Fields:
    """Clients follow it, so it leads to the web and nowhere else."""
    if "form_url" in changed and line.form_url:
        try:
            WEB(line.form_url)
        except ValidationError:
            return {"form_url": [_("Enter the whole address, beginning with https://.")]}
    return {}


def _check_seconds(line: Line, changed: frozenset[str]) -> Fields:
    wrong: Fields = {}
    for name, least, most in LENGTHS:
        if name in changed and (words := seconds_words(getattr(line, name), least, most)):
            wrong[name] = words
    goal = line.reply_goal_seconds
    if "reply_goal_seconds" in changed and goal is not None and (words := seconds_words(goal, 1, LONGEST_GOAL)):
        wrong["reply_goal_seconds"] = words
    return wrong


def seconds_words(seconds: int, least: int, most: int) -> list[str]:
    if least <= seconds <= most:
        return []
    return [_("Enter from %(least)d to %(most)d seconds.") % {"least": least, "most": most}]


def _check_translations(line: Line, changed: frozenset[str]) -> Fields:
    if "translations" not in changed:
        return {}
    words = list(_wrong_translations(line.translations))
    return {"translations": words} if words else {}


def _wrong_translations(translations: dict[str, dict[str, str]]) -> Iterable[str]:
    for language, texts in translations.items():
        if not LANGUAGE.fullmatch(language):
            yield _("“%(language)s” is no language: write it as en or ru.") % {"language": language[:20]}
        for name, text in texts.items():
            if name not in TRANSLATED:
                yield _("There is no text “%(name)s”.") % {"name": name[:50]}
            elif len(text) > LONGEST:
                yield _("A text has at most %(limit)d characters.") % {"limit": LONGEST}
            else:
                yield from variable_words(text)
