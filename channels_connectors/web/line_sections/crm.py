"""Clients whom the CRM knows, and leads of those whom it doesn't."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_connectors.web.durations import PATIENCE_MINUTES, SecondsField
from channels_connectors.web.line_sections.base import Section, switch
from crm.models import LeadSource
from openlines.models import Line


class CrmSection(Section):
    anchor: ClassVar = "crm"
    line_fields: ClassVar = ("lead_rule", "lead_source")
    queue_fields: ClassVar = ("prefers_responsible", "responsible_seconds", "moves_responsible")

    prefers_responsible = switch(
        _("Clients go to whoever is responsible for them first"),
        _("Even outside the queue, if they are available"),
    )
    responsible_seconds = SecondsField(label=_("Then to the queue after"), minutes=PATIENCE_MINUTES)
    moves_responsible = switch(
        _("A transfer changes who is responsible"),
        _("Whoever gets the dialog gets its client and lead, too"),
    )
    lead_rule = forms.ChoiceField(label=_("If the client is not in the CRM"), choices=Line.LeadRule.choices)
    lead_source = forms.ModelChoiceField(
        label=_("Source of the lead"),
        queryset=LeadSource.objects.all(),
        required=False,
        empty_label=_("Without a source"),
    )
