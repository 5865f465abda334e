"""What clients are told while nobody has answered them yet."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.web.durations import PATIENCE_MINUTES, SecondsField
from channels_connectors.web.line_sections.base import switch
from channels_connectors.web.line_sections.timeline import TimelineSection, automatic_text
from openlines.models import Line
from routing.models import Queue


class TextsSection(TimelineSection):
    line_fields: ClassVar = ("is_welcome_sent", "welcome_text", "form_url")
    queue_fields: ClassVar = (
        "off_hours_action", "off_hours_text", "no_answer_action", "no_answer_seconds", "no_answer_text",
    )  # fmt: skip
    texts: ClassVar = {
        "welcome_text": ("client", "number", "position", "wait"),
        "off_hours_text": ("client", "number", "opening", "form"),
        "no_answer_text": ("client", "number", "position", "wait", "form"),
    }
    actions: ClassVar = {"off_hours_action": "off_hours_text", "no_answer_action": "no_answer_text"}
    sending: ClassVar = ("off_hours_action", "no_answer_action")

    is_welcome_sent = switch(gettext_lazy("Send a welcome"))
    welcome_text = automatic_text(gettext_lazy("Text of the welcome"))
    off_hours_action = forms.ChoiceField(label=gettext_lazy("Outside the hours, send"), choices=Line.Action.choices)
    off_hours_text = automatic_text(gettext_lazy("Text outside the hours"))
    no_answer_action = forms.ChoiceField(label=gettext_lazy("If nobody has answered"), choices=Queue.NoAnswer.choices)
    no_answer_seconds = SecondsField(label=gettext_lazy("After"), minutes=PATIENCE_MINUTES)
    no_answer_text = automatic_text(gettext_lazy("Text if nobody has answered"))
    form_url = forms.URLField(
        label=gettext_lazy("Link to the form"),
        help_text=gettext_lazy("Where a text is sent with the form, {form} becomes this link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("is_welcome_sent") and "welcome_text" in values and not values["welcome_text"].strip():
            self.add_error("welcome_text", _("Write a text, or switch it off."))
        return values
