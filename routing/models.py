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

    class Distribution(models.TextChoices):
        EVENLY = "EVENLY", _("Evenly")
        STRICTLY = "STRICTLY", _("Strictly in order")
        ALL_AT_ONCE = "ALL_AT_ONCE", _("To all at once")

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="queue", verbose_name=_("line"))
    distribution = models.CharField(_("distribution"), max_length=16, choices=Distribution, default=Distribution.EVENLY)
    offer_seconds = models.PositiveIntegerField(_("time to answer, seconds"), default=60)
    checks_presence = models.BooleanField(_("offer only to operators on the line"), default=True)
    prefers_last_operator = models.BooleanField(_("returning clients go to their last operator first"), default=True)

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(offer_seconds__gte=1), name="an_offer_lasts_at_least_a_second")
        ]

    def __str__(self) -> str:
        return str(self.line)


class Turn(models.Model):
    """When an operator's turn in a line's window was last used up; the longest ago is next."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+", verbose_name=_("line"))
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("operator")
    )
    accepted = models.PositiveIntegerField(_("accepted"), default=0)
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

    dialog = models.ForeignKey(Dialog, on_delete=models.CASCADE, related_name="offers", verbose_name=_("dialog"))
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
