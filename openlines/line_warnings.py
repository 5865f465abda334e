"""What can't work about a line as it is set: said where it is set, before clients feel it.

Each app says what it can see: ``line_check`` registers one more check.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from openlines.models import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWarning:
    """``section`` is the part of the page where it is mended; a passing one goes away by itself."""

    code: str
    section: str
    message: str
    is_passing: bool = False


Check = Callable[[Line], Iterable[LineWarning]]
_checks: list[Check] = []


def line_check(check: Check) -> Check:
    _checks.append(check)
    return check


def warnings_for(line: Line) -> list[LineWarning]:
    """What lasts comes first."""
    found = [warning for check in _checks for warning in check(line)]
    return sorted(found, key=lambda warning: warning.is_passing)


def texts_that_say_nothing(line: Line, owner: object, rules: Sequence[tuple[str, str, str]]) -> Iterable[LineWarning]:
    """``rules`` are the names of an action, of its text, and what the page calls it."""
    for action, text, title in rules:
        chosen = getattr(owner, action)
        if chosen == Line.Action.TEXT and not getattr(owner, text).strip():
            words = _("“%(title)s” is to send a text, and there is none: nothing is sent.")
            yield LineWarning(code="NO_TEXT", section="texts", message=words % {"title": title})
        if chosen == Line.Action.FORM and not line.form_url:
            words = _("“%(title)s” is to send the form, and there is no link to it: nothing is sent.")
            yield LineWarning(code="NO_FORM_LINK", section="texts", message=words % {"title": title})


@line_check
def _can_be_written_to(line: Line) -> Iterable[LineWarning]:
    if not any(channel.is_open for channel in line.channels.all()):
        words = _("No channel is connected: clients can't write to this line.")
        yield LineWarning(code="NO_CHANNEL", section="channels", message=words)


@line_check
def _says_what_it_is_to_say(line: Line) -> Iterable[LineWarning]:
    rules = (
        ("closing_action", "closing_text", _("Goodbye")),
        ("client_closing_action", "client_closing_text", _("The client finishes")),
    )
    yield from texts_that_say_nothing(line, line, rules)
    if line.is_closed_by_silence and line.silence_action == Line.Action.FORM:
        silence = (("silence_action", "silence_text", _("The client is silent")),)
        yield from texts_that_say_nothing(line, line, silence)
    if line.is_welcome_sent and not line.welcome_text.strip():
        words = _("“%(title)s” is to send a text, and there is none: nothing is sent.") % {"title": _("Welcome")}
        yield LineWarning(code="NO_TEXT", section="texts", message=words)
    if line.is_rating_asked and not line.rating_text.strip():
        words = _("Clients are to be asked for a rating, and there are no words for it: nobody is asked.")
        yield LineWarning(code="NO_RATING_TEXT", section="rating", message=words)
