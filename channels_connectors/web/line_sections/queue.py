"""Who is offered a dialog, in which order, and for how long."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from channels_connectors.web.durations import OFFER_MINUTES, PATIENCE_MINUTES, MinutesField, SecondsField
from channels_connectors.web.line_sections.base import Section, switch
from channels_connectors.web.line_sections.entries import EntriesField, Row, eligible_staff, possible_rows, stored_rows
from channels_connectors.web.priorities import PRIORITIES
from openlines.models import Line
from openlines.services.lines import Place
from routing.models import Queue

WAYS = (
    (Queue.Distribution.EVENLY, _("Evenly"), _("Everybody gets equally many")),
    (Queue.Distribution.STRICTLY, _("Strictly in order"), _("To the first free one of the list")),
    (Queue.Distribution.ALL_AT_ONCE, _("To all at once"), _("The first to answer takes it")),
)


class QueueSection(Section):
    anchor: ClassVar = "queue"
    line_fields: ClassVar = ("priority",)
    queue_fields: ClassVar = (
        "distribution", "offer_seconds", "return_seconds", "place_rule", "nobody_rule", "prefers_last_operator",
        "last_operator_seconds", "checks_presence", "checks_working_day", "checks_absence", "transfers_as_offer",
        "colleagues_take_over", "priority_seconds",
    )  # fmt: skip
    also_called: ClassVar = {"priority_seconds": "priority_minutes", "operators": "entries", "members": "entries"}

    distribution = forms.ChoiceField(
        label=_("Who is offered a dialog"), choices=Queue.Distribution.choices, widget=forms.RadioSelect
    )
    entries = EntriesField(label=_("Operators"))
    offer_seconds = SecondsField(label=_("Pass on to the next after"), minutes=OFFER_MINUTES)
    nobody_rule = forms.ChoiceField(label=_("If nobody works, a dialog waits"), choices=Queue.NobodyRule.choices)
    place_rule = forms.ChoiceField(
        label=_("A dialog occupies a place"),
        help_text=_("Counted against the limits of operators"),
        choices=Queue.PlaceRule.choices,
    )
    return_seconds = SecondsField(
        label=_("Taken from an operator who doesn't answer within"),
        hint=_("The client has waited so long: the dialog goes to the next one"),
        minutes=PATIENCE_MINUTES,
        none=_("Never"),
    )
    checks_presence = switch(
        _("Offer only to operators on the line"),
        _("Nothing is offered on a break or offline; what came meanwhile waits in the queue"),
    )
    checks_working_day = switch(
        _("Offer only to operators whose day has begun"),
        _("Nothing is offered before their day starts or after it ends"),
    )
    checks_absence = switch(
        _("Offer nothing to operators who are absent"), _("On vacation, on sick leave, on a day off")
    )
    prefers_last_operator = switch(
        _("Returning clients go to their last operator first"), _("If they are available; then to the queue")
    )
    last_operator_seconds = SecondsField(label=_("Then to the queue after"), minutes=PATIENCE_MINUTES)
    transfers_as_offer = switch(
        _("Colleagues accept transfers first"), _("Otherwise a dialog that is passed on is theirs at once")
    )
    colleagues_take_over = switch(
        _("Operators may take dialogs over from each other"), _("Supervisors of the line always may")
    )
    priority = forms.TypedChoiceField(label=_("Priority of the line"), choices=PRIORITIES, coerce=int)
    priority_minutes = MinutesField(label=_("Minutes of waiting that one step counts for"), is_zero_allowed=True)

    def __init__(self, data: Any = None, *, line: Line) -> None:
        self.possible = possible_rows(eligible_staff())
        super().__init__(data, line=line)
        entries = self.fields["entries"]
        if isinstance(entries, EntriesField):
            entries.possible = self.possible

    def stored(self) -> dict[str, Any]:
        return super().stored() | {"entries": stored_rows(self.line)}

    @property
    def places(self) -> list[Place]:
        return list(self.cleaned_data["entries"])

    @property
    def rows(self) -> list[Row]:
        """The queue as the form has it, in order."""
        return self.possible.rows(self["entries"].value() or ())

    @property
    def keys(self) -> list[str]:
        return [row.key for row in self.rows]

    @property
    def count(self) -> int:
        return len({person.pk for row in self.rows for person in row.people})

    @property
    def online(self) -> int:
        return len({one.pk for row in self.rows for one in row.people if one.presence == one.Presence.ONLINE})

    @property
    def ways(self) -> list[tuple[str, object, object, bool]]:
        chosen = self["distribution"].value()
        return [(str(value), title, hint, value == chosen) for value, title, hint in WAYS]
