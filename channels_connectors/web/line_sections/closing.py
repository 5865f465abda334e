"""How dialogs end, and what clients are told then."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_connectors.web.durations import MinutesField
from channels_connectors.web.line_sections.base import switch
from channels_connectors.web.line_sections.timeline import TimelineSection, automatic_text
from openlines.models import Line

SAID_AT_THE_END = ("client", "operator", "number", "form")


class ClosingSection(TimelineSection):
    line_fields: ClassVar = (
        "closing_action", "closing_text", "client_closing_action", "client_closing_text", "is_closed_by_silence",
        "silence_seconds", "silence_action", "silence_text", "grace_seconds", "continue_seconds", "topic_rule",
    )  # fmt: skip
    also_called: ClassVar = {
        "silence_seconds": "silence_minutes",
        "grace_seconds": "grace_minutes",
        "continue_seconds": "continue_minutes",
    }
    texts: ClassVar = dict.fromkeys(("closing_text", "client_closing_text", "silence_text"), SAID_AT_THE_END)
    # Silent clients may be told nothing.
    actions: ClassVar = {"closing_action": "closing_text", "client_closing_action": "client_closing_text"}
    sending: ClassVar = ("closing_action", "client_closing_action", "silence_action")

    closing_action = forms.ChoiceField(label=_("When an operator finishes, send"), choices=Line.Action.choices)
    closing_text = automatic_text(_("Text of the goodbye"))
    client_closing_action = forms.ChoiceField(label=_("When the client finishes, send"), choices=Line.Action.choices)
    client_closing_text = automatic_text(_("Text when the client finishes"))
    is_closed_by_silence = switch(_("Close silent dialogs"))
    silence_minutes = MinutesField(label=_("Minutes of silence"))
    silence_action = forms.ChoiceField(label=_("When closed by silence, send"), choices=Line.Action.choices)
    silence_text = automatic_text(_("Text when closed by silence"), _("Empty: closed without a word"))
    topic_rule = forms.ChoiceField(label=_("Topic of the dialog"), choices=Line.TopicRule.choices)
    grace_minutes = MinutesField(label=_("Minutes in which an answer reopens the dialog"), is_zero_allowed=True)
    continue_minutes = MinutesField(
        label=_("Minutes in which a client who writes again goes on with the closed dialog"), is_zero_allowed=True
    )
