"""What a line is called and whether it works."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_connectors.web.line_sections.base import Section, switch


class GeneralSection(Section):
    anchor: ClassVar = "general"
    line_fields: ClassVar = ("name", "is_active")

    name = forms.CharField(label=_("Name of the line"), help_text=_("Your staff see it, clients don't"), max_length=255)
    is_active = switch(_("The line works"), _("Switched off, it keeps what clients write, but offers it to nobody"))
