from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openlines.models import Line


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
