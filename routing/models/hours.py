from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from openlines.models import Line


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
