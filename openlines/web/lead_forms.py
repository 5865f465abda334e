"""What people type about leads and clients."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import PageForm
from crm.addresses import email_address, phone_number
from crm.models import Client, Lead, LeadSource, LeadStage, User
from openlines.board import LeadFilter

CURRENCIES = ("RUB", "USD", "EUR", "KZT", "BYN")
MINE, NOBODY = "mine", "nobody"


def colleagues() -> Any:
    """Everyone who may answer for a lead."""
    return User.objects.filter(is_active=True).exclude(role=User.Role.NONE).order_by("first_name", "last_name", "pk")


class ColleagueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=colleagues(), label=_("Responsible"), required=False, empty_label=_("Nobody"), **kwargs
        )

    def label_from_instance(self, obj: User) -> str:
        return obj.name


class PhoneField(forms.CharField):
    widget = forms.TelInput

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text:
            return ""
        number = phone_number(text)
        if number is None:
            raise forms.ValidationError(_("Enter the number with the country code, for instance +7 916 123-45-67."))
        return number


class AmountField(forms.DecimalField):
    """Takes sums as people write them: 12 500,50."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Amount"), required=False, min_value=0, max_digits=12, decimal_places=2, **kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value: Any) -> Any:
        return super().to_python("".join(value.split()).replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        is_whole = isinstance(value, Decimal) and value == value.to_integral_value()
        return f"{value:.0f}" if is_whole else value


class LeadFilterForm(PageForm):
    """The line above the board and the list. Everything may be left empty."""

    search = forms.CharField(label=_("Search"), required=False, max_length=200)
    stage = forms.ModelChoiceField(
        LeadStage.objects.all(), label=_("Stage"), required=False, empty_label=_("Any stage")
    )
    source = forms.ModelChoiceField(
        LeadSource.objects.all(), label=_("Source"), required=False, empty_label=_("Any source")
    )
    responsible = forms.ChoiceField(label=_("Responsible"), required=False)

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.people = {str(colleague.pk): colleague for colleague in colleagues()}
        own = [("", _("Any responsible")), (MINE, _("My leads")), (NOBODY, _("Without a responsible"))]
        choices = own + [(pk, colleague.name) for pk, colleague in self.people.items()]
        self.fields["responsible"].choices = choices  # type: ignore[attr-defined]

    @property
    def is_active(self) -> bool:
        return any(self.cleaned_data.values())

    def wanted(self) -> LeadFilter:
        chosen = self.cleaned_data["responsible"]
        return LeadFilter(
            stage=self.cleaned_data["stage"],
            source=self.cleaned_data["source"],
            responsible=self.reader if chosen == MINE else self.people.get(chosen),
            is_unassigned=chosen == NOBODY,
            search=self.cleaned_data["search"].strip(),
        )


class LeadForm(PageForm):
    """The fields of a lead; only those that this person changed are saved, so two people don't undo each other."""

    title = forms.CharField(label=_("Title"), max_length=255, show_hidden_initial=True)
    amount = AmountField(show_hidden_initial=True)
    currency = forms.ChoiceField(label=_("Currency"), show_hidden_initial=True)
    source = forms.ModelChoiceField(
        LeadSource.objects.all(), label=_("Source"), required=False, empty_label=_("Not known"),
        show_hidden_initial=True,
    )  # fmt: skip
    responsible = ColleagueField(show_hidden_initial=True)
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}),
        show_hidden_initial=True,
    )  # fmt: skip

    def __init__(self, *args: Any, currency: str = "RUB", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = dict.fromkeys((*CURRENCIES, currency))
        self.fields["currency"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]

    @classmethod
    def of(cls, lead: Lead, posted: Any = None) -> "LeadForm":
        values = {name: getattr(lead, name) for name in ("title", "amount", "currency", "comment")}
        related = {"source": lead.source_id, "responsible": lead.responsible_id}
        return cls(posted, initial=values | related, currency=lead.currency)

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


class NewLeadForm(LeadForm):
    """A lead of a known client, or of one who is told by name, phone and e-mail."""

    name = forms.CharField(label=_("Client's name"), required=False, max_length=255)
    phone = PhoneField(label=_("Phone"), required=False, max_length=40)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    stage = forms.ModelChoiceField(LeadStage.objects.all(), label=_("Stage"), empty_label=None)
    field_order = ("title", "name", "phone", "email", "stage", "amount", "currency", "source", "responsible", "comment")

    def __init__(self, *args: Any, client: Client | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Left empty, it is the client's name.")
        for field in self.fields.values():
            field.show_hidden_initial = False
        if client is not None:
            for name in ("name", "phone", "email"):
                del self.fields[name]

    def clean_email(self) -> str:
        return email_address(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        told = ("name", "phone", "email")
        if self.client is None and not any(self.cleaned_data.get(name) or name in self.errors for name in told):
            self.add_error("name", _("Tell at least a name, a phone or an e-mail."))
        return self.cleaned_data


class ClientForm(PageForm):
    name = forms.CharField(label=_("Name"), max_length=255, show_hidden_initial=True)
    notes = forms.CharField(
        label=_("Notes"), required=False, max_length=20_000, show_hidden_initial=True,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": _("What should colleagues know?")}),
    )  # fmt: skip
    is_vip = forms.BooleanField(
        label=_("Important client"), help_text=_("Their dialogs wait with the highest priority"), required=False,
        show_hidden_initial=True,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Anonymous visitors have no name, and may still be noted about.
        self.fields["name"].required = bool(self.initial.get("name"))

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}
