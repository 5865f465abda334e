"""What administrators fill in to make a line."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PageForm


class NewLineForm(PageForm):
    name = forms.CharField(
        label=_("Name of the line"),
        help_text=_("Only your staff see it: Sales, Support, VIP…"),
        max_length=255,
        widget=forms.TextInput(attrs={"autofocus": ""}),
    )
