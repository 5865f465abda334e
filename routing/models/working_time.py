import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


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
