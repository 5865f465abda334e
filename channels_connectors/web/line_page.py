"""The page of a line: its sections as one form, stored all at once or not at all."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.web.line_sections.access import AccessSection
from channels_connectors.web.line_sections.base import Section
from channels_connectors.web.line_sections.closing import ClosingSection
from channels_connectors.web.line_sections.crm import CrmSection
from channels_connectors.web.line_sections.general import GeneralSection
from channels_connectors.web.line_sections.hours import HoursSection
from channels_connectors.web.line_sections.queue import QueueSection
from channels_connectors.web.line_sections.rating import RatingSection
from channels_connectors.web.line_sections.texts import TextsSection
from channels_connectors.web.line_sections.timeline import TimelineSection, language_choices, language_name
from common.errors import DomainError
from openlines.models import Line
from openlines.services.lines import Place


class LinePage:
    """``data`` is what was posted. ``seen`` says what state of the line the page was painted from."""

    def __init__(self, line: Line, data: Any = None) -> None:
        self.line = line
        self.data = data
        self.general = GeneralSection(data, line=line)
        self.crm = CrmSection(data, line=line)
        self.queue = QueueSection(data, line=line)
        self.hours = HoursSection(data, line=line)
        self.texts = TextsSection(data, line=line)
        self.closing = ClosingSection(data, line=line)
        self.rating = RatingSection(data, line=line)
        self.access = AccessSection(data, line=line)
        self.refusals: list[str] = []

    def __iter__(self) -> Iterator[Section]:
        yield from (self.general, self.crm, self.queue, self.hours)
        yield from (self.texts, self.closing, self.rating, self.access)

    @property
    def seen(self) -> str:
        """A fingerprint of the line as it is stored now."""
        state = {name: str(value) for section in self for name, value in section.stored().items()}
        return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]

    def is_valid(self) -> bool:
        are_valid = [section.is_valid() for section in self]
        self._ask_for_the_form()
        self.refusals = [str(error) for section in self for error in section.non_field_errors()]
        if self.data.get("seen", self.seen) != self.seen:
            self.refusals.append(
                _("Somebody changed this line while you did. Check the page, then save again: yours wins.")
            )
        return all(are_valid) and not self.refusals and not self.texts.errors

    def _ask_for_the_form(self) -> None:
        """What sends it and where it is are in different sections."""
        if any(section.sends_form for section in self._timeline) and not self.texts.cleaned_data.get("form_url", "-"):
            self.texts.add_error("form_url", _("Give the link to the form, or choose another action."))

    def refuse(self, error: DomainError) -> None:
        """Show what a service refused: at the fields it named, the rest above the form."""
        shown = [any(section.shows(name, words) for section in self) for name, words in error.fields.items()]
        if not shown or not all(shown):
            self.refusals.append(str(error))

    @property
    def line_changes(self) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for section in self:
            changes |= section.line_changes
        return changes | {"translations": self.translations}

    @property
    def queue_changes(self) -> dict[str, Any]:
        changes: dict[str, Any] = {}
        for section in self:
            changes |= section.queue_changes
        return changes

    @property
    def places(self) -> Sequence[Place]:
        return self.queue.places

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        """A language in which nothing is written yet is left out."""
        both: dict[str, dict[str, str]] = {}
        for section in self._timeline:
            for code, words in section.translations.items():
                both[code] = both.get(code, {}) | words
        return {code: words for code, words in both.items() if words}

    @property
    def _timeline(self) -> tuple[TimelineSection, ...]:
        return self.texts, self.closing, self.rating

    @property
    def languages(self) -> list[tuple[str, str]]:
        return [(code, language_name(code)) for code in self.texts.languages]

    @property
    def other_languages(self) -> list[tuple[str, str]]:
        return language_choices(without=self.texts.languages)

    @property
    def examples(self) -> Mapping[str, str]:
        """What variables stand for in the previews."""
        people = [person for row in self.queue.rows for person in row.people]
        return {
            "client": _("Anna"),
            "operator": people[0].name if people else _("Olga"),
            "number": "1042",
            "position": "2",
            "wait": _("3–5 minutes"),
            "opening": _("tomorrow at 9:00"),
            "form": self.line.form_url or "https://example.org/form",
        }
