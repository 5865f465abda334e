"""What administrators fill in about a line, its queue and its texts."""

import hashlib
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from channels_connectors.web.rearranging import eligible_staff
from common.forms import PageForm
from crm.models import LeadSource, User
from openlines.models import Line
from routing.models import Queue

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

LONGEST_OFFER_MINUTES = 30
LONGEST_SILENCE_MINUTES = 60 * 24 * 30
KNOWN_VARIABLES = frozenset({"client", "operator", "number"})
VARIABLE = re.compile(r"\{\s*(\w+)\s*\}")
DISTRIBUTIONS = (
    (Queue.Distribution.EVENLY, gettext_lazy("Evenly"), gettext_lazy("To whoever waits longest for a dialog")),
    (Queue.Distribution.STRICTLY, gettext_lazy("Strictly in order"), gettext_lazy("To the first free one of the list")),
    (Queue.Distribution.ALL_AT_ONCE, gettext_lazy("To all at once"), gettext_lazy("The first to answer takes it")),
)
LINE_FIELDS = (
    "name", "is_active", "access", "lead_rule", "lead_source", "is_welcome_sent", "welcome_text", "is_closing_sent",
    "closing_text", "is_closed_by_silence", "silence_text",
)  # fmt: skip
QUEUE_FIELDS = ("distribution", "offer_seconds", "checks_presence", "prefers_last_operator")


def automatic_text(label: "Words", hint: "Words" = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, help_text=hint, max_length=2000, required=False, widget=widget)


class NewLineForm(PageForm):
    name = forms.CharField(
        label=gettext_lazy("Name of the line"),
        help_text=gettext_lazy("Only your staff see it: Sales, Support, VIP…"),
        max_length=255,
        widget=forms.TextInput(attrs={"autofocus": ""}),
    )


class LineForm(PageForm):
    """The whole page of a line. ``seen`` says what state of the line the page was painted from."""

    name = forms.CharField(
        label=gettext_lazy("Name of the line"),
        help_text=gettext_lazy("Your staff see it, clients don't"),
        max_length=255,
    )
    is_active = forms.BooleanField(
        label=gettext_lazy("The line works"),
        help_text=gettext_lazy("Switched off, it keeps what clients write, but offers it to nobody"),
        required=False,
    )
    lead_rule = forms.ChoiceField(label=gettext_lazy("If the client is not in the CRM"), choices=Line.LeadRule.choices)
    lead_source = forms.ModelChoiceField(
        label=gettext_lazy("Source of the lead"), queryset=LeadSource.objects.all(), required=False,
        empty_label=gettext_lazy("Without a source"),
    )  # fmt: skip
    distribution = forms.ChoiceField(
        label=gettext_lazy("Who is offered a dialog"), choices=Queue.Distribution.choices, widget=forms.RadioSelect
    )
    operators = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Operators"), coerce=int, widget=forms.MultipleHiddenInput,
        error_messages={"required": gettext_lazy("Add at least one operator: otherwise nobody is offered a dialog.")},
    )  # fmt: skip
    offer_seconds = forms.TypedChoiceField(label=gettext_lazy("Pass on to the next after"), coerce=int)
    checks_presence = forms.BooleanField(
        label=gettext_lazy("Offer only to operators on the line"),
        help_text=gettext_lazy("Nothing is offered on a break or offline; what came meanwhile waits in the queue"),
        required=False,
    )
    prefers_last_operator = forms.BooleanField(
        label=gettext_lazy("Returning clients go to their last operator first"),
        help_text=gettext_lazy("If they are on the line; then to the queue"),
        required=False,
    )
    access = forms.ChoiceField(label=gettext_lazy("Operators see"), choices=Line.Access.choices)
    supervisors = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Supervisors of the line"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    is_welcome_sent = forms.BooleanField(label=gettext_lazy("Send a welcome"), required=False)
    welcome_text = automatic_text(gettext_lazy("Text of the welcome"))
    is_closing_sent = forms.BooleanField(label=gettext_lazy("Say goodbye"), required=False)
    closing_text = automatic_text(gettext_lazy("Text of the goodbye"))
    is_closed_by_silence = forms.BooleanField(label=gettext_lazy("Close silent dialogs"), required=False)
    silence_minutes = forms.DecimalField(
        label=gettext_lazy("Minutes of silence"), min_value=Decimal("0.01"), max_value=LONGEST_SILENCE_MINUTES,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        error_messages={
            "min_value": gettext_lazy("Enter more than nothing."),
            "max_value": gettext_lazy("At most 30 days."),
        },
    )  # fmt: skip
    silence_text = automatic_text(
        gettext_lazy("Text when closed by silence"), gettext_lazy("Empty: closed without a word")
    )

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        self.line = line
        self.staff = eligible_staff()
        super().__init__(*args, initial=_initial(line), **kwargs)
        supervisors = {user.pk for user in line.supervisors.all()}
        self.supervising = [u for u in self.staff if u.role == User.Role.SUPERVISOR or u.pk in supervisors]
        _choices(self, "operators", [(user.pk, user.name) for user in self.staff])
        _choices(self, "supervisors", [(user.pk, user.name) for user in self.supervising])
        _choices(self, "offer_seconds", offer_choices(line.queue.offer_seconds))

    @property
    def seen(self) -> str:
        """A fingerprint of the line as it is stored now."""
        state = json.dumps({name: str(value) for name, value in self.initial.items()}, sort_keys=True)
        return hashlib.sha256(state.encode()).hexdigest()[:16]

    @property
    def rows(self) -> list[User]:
        """The queue as the form has it, in order."""
        by_id = {str(user.pk): user for user in self.staff}
        return [by_id[str(pk)] for pk in self["operators"].value() or () if str(pk) in by_id]

    @property
    def online(self) -> int:
        return sum(user.presence == User.Presence.ONLINE for user in self.rows)

    @property
    def candidates(self) -> list[User]:
        return self.staff

    @property
    def distributions(self) -> list[tuple[str, object, object, bool]]:
        chosen = self["distribution"].value()
        return [(str(value), title, hint, value == chosen) for value, title, hint in DISTRIBUTIONS]

    @property
    def watchers(self) -> list[tuple[User, bool]]:
        chosen = {str(pk) for pk in self["supervisors"].value() or ()}
        return [(user, str(user.pk) in chosen) for user in self.supervising]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        for switch, text in (("is_welcome_sent", "welcome_text"), ("is_closing_sent", "closing_text")):
            if values.get(switch) and text in values and not values[text].strip():
                self.add_error(text, _("Write a text, or switch it off."))
        for name in ("welcome_text", "closing_text", "silence_text"):
            if unknown := unknown_variables(values.get(name, "")):
                self.add_error(
                    name, _("Clients would read {%(name)s} as it is: there is no such variable.") % {"name": unknown[0]}
                )
        if self.data.get("seen", self.seen) != self.seen:
            self.add_error(
                None, _("Somebody changed this line while you did. Check the page, then save again: yours wins.")
            )
        return values

    @property
    def line_changes(self) -> dict[str, Any]:
        values = self.cleaned_data
        chosen = set(values["supervisors"])
        return {
            **{name: values[name] for name in LINE_FIELDS},
            "silence_seconds": self._silence_seconds(),
            "supervisors": [user for user in self.supervising if user.pk in chosen],
        }

    @property
    def queue_changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in QUEUE_FIELDS}

    def _silence_seconds(self) -> int:
        """What was not touched keeps its exact seconds."""
        minutes: Decimal = self.cleaned_data["silence_minutes"]
        if minutes == self.initial["silence_minutes"]:
            return self.line.silence_seconds
        return max(1, round(minutes * 60))


def _initial(line: Line) -> dict[str, Any]:
    members = line.queue_members.order_by("position").values_list("operator_id", flat=True)
    return {
        **{name: getattr(line, name) for name in LINE_FIELDS},
        **{name: getattr(line.queue, name) for name in QUEUE_FIELDS},
        "lead_source": line.lead_source_id,
        "operators": list(members),
        "supervisors": sorted(user.pk for user in line.supervisors.all()),
        "silence_minutes": whole_or_exact(line.silence_seconds),
    }


def _choices(form: PageForm, name: str, choices: Sequence[tuple[int, str]]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


def whole_or_exact(seconds: int) -> Decimal:
    minutes = (Decimal(seconds) / 60).quantize(Decimal("0.01"))
    return minutes.to_integral() if minutes == minutes.to_integral() else minutes.normalize()


def offer_choices(current: int) -> list[tuple[int, str]]:
    """1 to 30 minutes, and what was set to the second over the API."""
    minutes = range(1, LONGEST_OFFER_MINUTES + 1)
    choices = [(n * 60, ngettext("%(count)d minute", "%(count)d minutes", n) % {"count": n}) for n in minutes]
    if current not in dict(choices):
        words = ngettext("%(count)d second", "%(count)d seconds", current) % {"count": current}
        choices.append((current, words))
    return sorted(choices)


def unknown_variables(text: str) -> list[str]:
    return [name for name in VARIABLE.findall(text) if name not in KNOWN_VARIABLES]
