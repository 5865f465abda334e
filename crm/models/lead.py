from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.models.client import Client
from crm.models.staff import User


class LeadSource(models.Model):
    """Where leads come from: an editable dictionary."""

    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("lead source")
        verbose_name_plural = _("lead sources")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class LeadStage(models.Model):
    """A column of the leads' board."""

    class Kind(models.TextChoices):
        OPEN = "OPEN", _("In work")
        WON = "WON", _("Won")
        LOST = "LOST", _("Lost")

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.OPEN)
    position = models.PositiveSmallIntegerField(_("position"), unique=True)

    class Meta:
        verbose_name = _("lead stage")
        verbose_name_plural = _("lead stages")
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return self.name


class Lead(models.Model):
    """A possible sale or request of a client."""

    title = models.CharField(_("title"), max_length=255)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="leads", verbose_name=_("client"))
    stage = models.ForeignKey(LeadStage, on_delete=models.PROTECT, related_name="leads", verbose_name=_("stage"))
    source = models.ForeignKey(
        LeadSource, null=True, blank=True, on_delete=models.SET_NULL, related_name="leads", verbose_name=_("source")
    )
    responsible = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="leads", verbose_name=_("responsible")
    )
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="RUB")
    comment = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["stage", "-id"], name="lead_board")]

    def __str__(self) -> str:
        return self.title
