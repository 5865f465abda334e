"""What administrators fill in about channels."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_connectors.livechat.widgets import TITLE_LENGTH, normal_origin
from channels_connectors.web.priorities import PRIORITIES
from common.errors import InvalidInput
from common.forms import PageForm
from openlines.models import Channel, Line


class LiveChatForm(PageForm):
    name = forms.CharField(
        label=_("Name of the channel"), help_text=_("Your staff see it, visitors don't"), max_length=255
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("Visitors read it above the conversation"),
        max_length=TITLE_LENGTH,
        required=False,
    )
    allowed_origins = forms.CharField(
        label=_("Sites that may show the chat"),
        help_text=_("One address a line, like https://shop.example. Empty: any site."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "placeholder": "https://shop.example"}),
    )

    def clean_allowed_origins(self) -> list[str]:
        lines = str(self.cleaned_data["allowed_origins"]).replace(",", "\n").splitlines()
        addresses = [line.strip() for line in lines if line.strip()]
        try:
            return [normal_origin(address) for address in addresses]
        except InvalidInput as error:
            raise forms.ValidationError([str(word) for word in error.words]) from error


class PriorityForm(PageForm):
    priority = forms.TypedChoiceField(
        label=_("Priority of the channel"),
        help_text=_("Counts where it is higher than that of the line"),
        choices=PRIORITIES,
        coerce=int,
    )


class DetailsForm(PriorityForm):
    name = forms.CharField(
        label=_("Name of the channel"), help_text=_("Your staff see it, clients don't"), max_length=255
    )
    field_order = ("name", "priority")


class LiveChatDetailsForm(LiveChatForm, PriorityForm):
    field_order = ("name", "title", "allowed_origins", "priority")


class MoveForm(PageForm):
    line = forms.ModelChoiceField(
        label=_("Move to the line"),
        queryset=Line.objects.none(),
        empty_label=_("Choose a line"),
        help_text=_("Conversations go along; dialogs that are open now stay where they are until they are closed."),
    )

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["line"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Line.objects.filter(archived_at=None).exclude(pk=channel.line_id).order_by("pk")
