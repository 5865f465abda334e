"""Who answers and when: the rules of a line's queue, offers and the reasons for every decision, presence."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from openlines.models import Dialog, Line


class Queue(models.Model):
    """How a line's dialogs are distributed among its queue members."""

    class PlaceRule(models.TextChoices):
        """Which dialogs count against an operator's limit."""

        UNTIL_ANSWERED = "UNTIL_ANSWERED", _("Until the first answer")
        WHILE_CLIENT_WAITS = "WHILE_CLIENT_WAITS", _("While the client waits for an answer")
        UNTIL_CLOSED = "UNTIL_CLOSED", _("Until the dialog is closed")

    class NobodyRule(models.TextChoices):
        """Where a dialog waits when nobody is available."""

        TURN = "TURN", _("With the one whose turn it is")
        EVERYONE = "EVERYONE", _("With everyone")

    class NoAnswer(models.TextChoices):
        NONE = "NONE", _("Do nothing")
        TEXT = "TEXT", _("Send a text")
        FORM = "FORM", _("Send a text with the link to the form")
        RETURN = "RETURN", _("Offer it to everyone anew")

    class Distribution(models.TextChoices):
        EVENLY = "EVENLY", _("Evenly")
        STRICTLY = "STRICTLY", _("Strictly in order")
        ALL_AT_ONCE = "ALL_AT_ONCE", _("To all at once")

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="queue", verbose_name=_("line"))
    distribution = models.CharField(_("distribution"), max_length=16, choices=Distribution, default=Distribution.EVENLY)
    offer_seconds = models.PositiveIntegerField(_("time to answer, seconds"), default=60)
    checks_presence = models.BooleanField(_("offer only to operators on the line"), default=True)
    checks_working_day = models.BooleanField(_("offer only to operators whose day has begun"), default=False)
    checks_absence = models.BooleanField(_("offer nothing to operators who are absent"), default=True)
    prefers_responsible = models.BooleanField(_("clients go to whoever is responsible for them first"), default=True)
    responsible_seconds = models.PositiveIntegerField(_("time of the responsible, seconds"), default=60)
    prefers_last_operator = models.BooleanField(_("returning clients go to their last operator first"), default=True)
    last_operator_seconds = models.PositiveIntegerField(_("time of the last operator, seconds"), default=60)
    place_rule = models.CharField(
        _("a dialog occupies a place"), max_length=32, choices=PlaceRule, default=PlaceRule.WHILE_CLIENT_WAITS
    )
    nobody_rule = models.CharField(_("if nobody works"), max_length=16, choices=NobodyRule, default=NobodyRule.TURN)
    priority_seconds = models.PositiveIntegerField(_("seconds of waiting that a priority counts for"), default=600)
    return_seconds = models.PositiveIntegerField(
        _("taken from an operator who doesn't answer within, seconds"), null=True, blank=True
    )
    transfers_as_offer = models.BooleanField(_("colleagues accept transfers first"), default=False)
    moves_responsible = models.BooleanField(_("a transfer changes who is responsible"), default=True)
    colleagues_take_over = models.BooleanField(_("operators may take dialogs over from each other"), default=False)
    no_answer_action = models.CharField(
        _("if nobody has answered"), max_length=8, choices=NoAnswer, default=NoAnswer.NONE
    )
    no_answer_seconds = models.PositiveIntegerField(_("nobody has answered within, seconds"), default=300)
    no_answer_text = models.TextField(_("text if nobody has answered"), blank=True, max_length=2000)
    off_hours_action = models.CharField(
        _("outside the hours"), max_length=8, choices=Line.Action, default=Line.Action.NONE
    )
    off_hours_text = models.TextField(_("text outside the hours"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(offer_seconds__gte=1), name="an_offer_lasts_at_least_a_second"),
            models.CheckConstraint(
                condition=Q(responsible_seconds__gte=1, last_operator_seconds__gte=1, no_answer_seconds__gte=1),
                name="patience_lasts_at_least_a_second",
            ),
            models.CheckConstraint(
                condition=Q(return_seconds__isnull=True) | Q(return_seconds__gte=1),
                name="a_return_takes_at_least_a_second",
            ),
        ]

    def __str__(self) -> str:
        return str(self.line)


class Turn(models.Model):
    """What an operator was given in a line today, and when last: the least, then the longest ago, is next.

    ``share`` counts offers that were accepted or let run out; skips and transfers don't count. Whoever comes later
    begins with the least that those who are there have, so that an absence is not made up for.
    """

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+", verbose_name=_("line"))
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("operator")
    )
    accepted = models.PositiveIntegerField(_("accepted"), default=0)
    share = models.PositiveIntegerField(_("share of the day"), default=0)
    share_date = models.DateField(_("day of the share"), null=True)
    last_offered_at = models.DateTimeField(_("last offered"), null=True)

    class Meta:
        verbose_name = _("turn")
        verbose_name_plural = _("turns")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "operator"], name="one_turn_per_operator_and_line")
        ]

    def __str__(self) -> str:
        return f"{self.line_id}:{self.operator_id}"


class Offer(models.Model):
    """A dialog put before one operator, with its deadline and how it ended."""

    class Outcome(models.TextChoices):
        PENDING = "PENDING", _("Waits for an answer")
        ACCEPTED = "ACCEPTED", _("Accepted")
        SKIPPED = "SKIPPED", _("Skipped")
        EXPIRED = "EXPIRED", _("Time ran out")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    class Kind(models.TextChoices):
        QUEUE = "QUEUE", _("From the queue")
        RESPONSIBLE = "RESPONSIBLE", _("Responsible for the client")
        LAST_OPERATOR = "LAST_OPERATOR", _("Spoke with the client last")
        TRANSFER = "TRANSFER", _("Transferred")

    dialog = models.ForeignKey(Dialog, on_delete=models.CASCADE, related_name="offers", verbose_name=_("dialog"))
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.QUEUE)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="offers", verbose_name=_("operator")
    )
    round = models.PositiveIntegerField(_("round"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome, default=Outcome.PENDING)
    offered_at = models.DateTimeField(_("offered"))
    expires_at = models.DateTimeField(_("lasts until"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dialog", "operator"], condition=Q(outcome="PENDING"), name="one_pending_offer_per_operator"
            ),
            models.UniqueConstraint(
                fields=["dialog", "round"], condition=Q(outcome="ACCEPTED"), name="one_accepted_offer_per_round"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["operator"], condition=Q(outcome="PENDING"), name="pending_offers_of_operator")
        ]

    def __str__(self) -> str:
        return f"{self.dialog_id} → {self.operator_id}"


class Decision(models.Model):
    """Why a dialog went where it went: data first, words are made for the reader."""

    class Outcome(models.TextChoices):
        OFFERED = "OFFERED", _("Offered")
        QUEUED = "QUEUED", _("Left in the queue")
        ASSIGNED = "ASSIGNED", _("Assigned")
        RETURNED = "RETURNED", _("Returned to the queue")

    dialog = models.ForeignKey(Dialog, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("dialog"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    reason = models.JSONField(_("reason"), default=dict)
    considered = models.JSONField(_("considered"), default=list)
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.dialog_id}: {self.outcome}"


class Connection(models.Model):
    """An open console (a tab, a device). An operator is there as long as one of them has beaten lately."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="connections", verbose_name=_("operator")
    )
    last_seen_at = models.DateTimeField(_("last seen"), db_default=Now(), db_index=True)

    class Meta:
        verbose_name = _("console connection")
        verbose_name_plural = _("console connections")

    def __str__(self) -> str:
        return str(self.id)


class WorkShift(models.Model):
    """A working day of an operator as it was: from start to end."""

    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="work_shifts", verbose_name=_("operator")
    )
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("working day")
        verbose_name_plural = _("working days")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator"], condition=Q(ended_at=None), name="one_open_day_per_operator")
        ]

    def __str__(self) -> str:
        return f"{self.operator_id}: {self.started_at:%F %T}"


class Break(models.Model):
    """A pause of an operator, with its reason in their words."""

    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="breaks", verbose_name=_("operator")
    )
    reason = models.CharField(_("reason"), max_length=100, blank=True)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("break")
        verbose_name_plural = _("breaks")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator"], condition=Q(ended_at=None), name="one_break_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.operator_id}: {self.reason}"


class Absence(models.Model):
    """Days on which an operator does not work, first and last included, in the product's time zone."""

    class Kind(models.TextChoices):
        VACATION = "VACATION", _("Vacation")
        SICK = "SICK", _("Sick leave")
        OTHER = "OTHER", _("Day off")

    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences", verbose_name=_("operator")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.VACATION)
    first_date = models.DateField(_("from"))
    last_date = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering: ClassVar = ["-first_date"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(last_date__gte=models.F("first_date")), name="absences_end_after_they_begin"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operator_id}: {self.first_date} – {self.last_date}"


class Schedule(models.Model):
    """The hours of a line. Without them it is always open."""

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="schedule", verbose_name=_("line"))
    is_enabled = models.BooleanField(_("has hours"), default=False)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow")
    # By weekday, Monday first, intervals as ["09:00", "18:00"]; one that ends at or before its start runs overnight.
    weekly = models.JSONField(_("week"), default=list)
    country = models.CharField(_("public holidays of"), max_length=8, blank=True)

    class Meta:
        verbose_name = _("hours")
        verbose_name_plural = _("hours")

    def __str__(self) -> str:
        return str(self.line)


class SpecialDay(models.Model):
    """A date on which other hours hold: none for a holiday. Yearly ones come back whatever the year."""

    schedule = models.ForeignKey(
        Schedule, on_delete=models.CASCADE, related_name="special_days", verbose_name=_("hours")
    )
    date = models.DateField(_("date"))
    is_yearly = models.BooleanField(_("every year"), default=False)
    name = models.CharField(_("name"), max_length=100, blank=True)
    intervals = models.JSONField(_("hours"), default=list, blank=True)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        ordering: ClassVar = ["date"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["schedule", "date"], name="one_special_day_per_date")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
