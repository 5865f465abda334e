from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from openlines.models.dialog import Dialog


class Timer(models.Model):
    """Something that will happen to a dialog at a set time. The row is the only record of it."""

    dialog = models.ForeignKey(Dialog, on_delete=models.CASCADE, related_name="timers", verbose_name=_("dialog"))
    kind = models.CharField(_("kind"), max_length=32)
    due_at = models.DateTimeField(_("due"), db_index=True)

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dialog", "kind"], name="one_timer_per_dialog_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%F %T}"
