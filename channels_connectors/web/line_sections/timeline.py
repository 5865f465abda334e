"""Automatic texts: each in the line's own words and in those of other languages, checked before clients read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from channels_connectors.web.line_sections.base import Section
from openlines.models import Line
from openlines.services.line_rules import variable_words
from openlines.texts import LONGEST

if TYPE_CHECKING:
    from django.forms.boundfield import BoundField
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

ACTIONS_WITH_TEXT = frozenset({Line.Action.TEXT.value})
VARIABLES = {
    "client": gettext_lazy("the client's name"),
    "operator": gettext_lazy("who answers"),
    "number": gettext_lazy("the dialog's number"),
    "position": gettext_lazy("the place in the queue"),
    "wait": gettext_lazy("how long it will take"),
    "opening": gettext_lazy("when you open again"),
    "form": gettext_lazy("the link to the form"),
}
LANGUAGES = frozenset(code for code, facts in LANG_INFO.items() if "-" not in code and "name" in facts)


def automatic_text(label: "Words", hint: "Words" = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2, "class": "input"})
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST, required=False, widget=widget)


def language_name(code: str) -> str:
    return str(get_language_info(code)["name_translated"]).capitalize() if code in LANGUAGES else code


def language_choices(without: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((code, language_name(code)) for code in LANGUAGES.difference(without)), key=lambda pair: pair[1])


def languages_of(line: Line, data: Any) -> list[str]:
    """Beside the line's own words: as the page has them while it is being edited."""
    if data is None:
        return list(line.translations)
    return list(dict.fromkeys(code for code in data.getlist("languages") if code in LANGUAGES))


@dataclass(frozen=True, slots=True)
class Said:
    """One text as the page shows it."""

    field: "BoundField"
    translations: Sequence[tuple[str, str, "BoundField"]]
    variables: Sequence[tuple[str, "Words"]]


class TimelineSection(Section):
    """``texts`` names the texts with the variables that mean something in each; ``actions`` those that can't be
    without one, ``sending`` all that may send the form."""

    anchor: ClassVar = "texts"
    texts: ClassVar[dict[str, tuple[str, ...]]] = {}
    actions: ClassVar[dict[str, str]] = {}
    sending: ClassVar[tuple[str, ...]] = ()

    def __init__(self, data: Any = None, *, line: Line) -> None:
        self.languages = languages_of(line, data)
        super().__init__(data, line=line)
        for code in self.languages:
            for name in self.texts:
                self.fields[f"{name}-{code}"] = automatic_text(self.fields[name].label or name)

    def stored(self) -> dict[str, Any]:
        known = self.line.translations
        translated = {f"{name}-{code}": words for code in known for name, words in known[code].items()}
        return super().stored() | {
            name: words for name, words in translated.items() if name.split("-")[0] in self.texts
        }

    @property
    def sends_form(self) -> bool:
        return any(self.cleaned_data.get(action) == Line.Action.FORM for action in self.sending)

    @property
    def said(self) -> dict[str, Said]:
        return {name: self._said(name) for name in self.texts}

    def _said(self, name: str) -> Said:
        translated = [(code, language_name(code), self[f"{name}-{code}"]) for code in self.languages]
        return Said(self[name], translated, [(f"{{{each}}}", VARIABLES[each]) for each in self.texts[name]])

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        """What was written in other languages; a text that is missing is said in the line's own words."""
        return {code: self._written_in(code) for code in self.languages}

    def _written_in(self, code: str) -> dict[str, str]:
        words = {name: self.cleaned_data.get(f"{name}-{code}", "") for name in self.texts}
        return {name: text for name, text in words.items() if text.strip()}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for action, text in self.actions.items():
            if values.get(action) in ACTIONS_WITH_TEXT and text in values and not values[text].strip():
                self.add_error(text, _("Write a text, or switch it off."))
        for name in [name for name in self.fields if name.split("-")[0] in self.texts]:
            if words := variable_words(values.get(name, "")):
                self.add_error(name, list(words))
        return values
