from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openlines.models import Dialog


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
