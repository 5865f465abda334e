"""What a line is called and whether it works."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_connectors.web.durations import GOAL_MINUTES, SecondsField
from channels_connectors.web.line_sections.base import Section, switch


class GeneralSection(Section):
    anchor: ClassVar = "general"
    line_fields: ClassVar = ("name", "is_active", "reply_goal_seconds")

    name = forms.CharField(label=_("Name of the line"), help_text=_("Your staff see it, clients don't"), max_length=255)
    reply_goal_seconds = SecondsField(
        label=_("Clients get an answer within"),
        hint=_("Timers in the console turn amber when three quarters of this time are over, and red when all of it is"),
        minutes=GOAL_MINUTES,
        none=_("No goal"),
    )
    is_active = switch(_("The line works"), _("Switched off, it keeps what clients write, but offers it to nobody"))
