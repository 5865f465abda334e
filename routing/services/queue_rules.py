"""What the rules of a queue must be, whoever changes them: a page or a program."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from common.errors import InvalidInput
from openlines.models import Line
from openlines.services.line_rules import DAY, seconds_words, variable_words
from routing.models import Queue

LONGEST_WAIT = 30 * DAY
ACTIONS = {"no_answer_action": "no_answer_text", "off_hours_action": "off_hours_text"}
LENGTHS = {
    "offer_seconds": (1, DAY),
    "responsible_seconds": (1, DAY),
    "last_operator_seconds": (1, DAY),
    "no_answer_seconds": (1, LONGEST_WAIT),
    "return_seconds": (1, LONGEST_WAIT),
    "priority_seconds": (0, LONGEST_WAIT),
}
Fields = dict[str, list[str]]


def check_queue(queue: Queue, *, changed: Iterable[str]) -> None:
    """Judge what changes, and nothing else: a queue that came to be otherwise can still be mended piece by piece.

    Raises ``InvalidInput`` with its words at the fields.
    """
    names = frozenset(changed)
    wrong: Fields = {}
    for rule in (_check_lengths, _check_words, _check_actions):
        for name, words in rule(queue, names).items():
            wrong.setdefault(name, []).extend(words)
    if wrong:
        raise InvalidInput(fields=wrong)


def _check_lengths(queue: Queue, changed: Collection[str]) -> Fields:
    set_ones = [name for name in LENGTHS if name in changed and getattr(queue, name) is not None]
    said = {name: seconds_words(getattr(queue, name), *LENGTHS[name]) for name in set_ones}
    return {name: words for name, words in said.items() if words}


def _check_words(queue: Queue, changed: Collection[str]) -> Fields:
    said = {name: variable_words(getattr(queue, name)) for name in ACTIONS.values() if name in changed}
    return {name: words for name, words in said.items() if words}


def _check_actions(queue: Queue, changed: Collection[str]) -> Fields:
    wrong: Fields = {}
    for field, text in ACTIONS.items():
        action = getattr(queue, field)
        if {field, text}.intersection(changed) and action == Line.Action.TEXT and not getattr(queue, text).strip():
            wrong[text] = [_("Write a text, or choose to send nothing.")]
        if field in changed and action == Line.Action.FORM and not queue.line.form_url:
            wrong["form_url"] = [_("Give the link to the form, or choose another action.")]
    return wrong
