from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openlines.models.dialog import Dialog
from openlines.models.line import Line


class Rating(models.Model):
    """What the client, and a supervisor, thought of a dialog.

    ``score`` is 0 or 1 on the scale LIKE, 1 to 5 on FIVE; the supervisor's is always 1 to 5.
    """

    dialog = models.OneToOneField(Dialog, on_delete=models.CASCADE, related_name="rating", verbose_name=_("dialog"))
    scale = models.CharField(_("scale"), max_length=8, choices=Line.RatingScale, default=Line.RatingScale.LIKE)
    asked_at = models.DateTimeField(_("asked"), null=True)
    score = models.PositiveSmallIntegerField(_("rating"), null=True)
    comment = models.TextField(_("comment"), blank=True, max_length=2000)
    rated_at = models.DateTimeField(_("rated"), null=True)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("supervisor")
    )
    supervisor_score = models.PositiveSmallIntegerField(_("supervisor's rating"), null=True)
    supervisor_comment = models.TextField(_("supervisor's comment"), blank=True, max_length=2000)
    supervisor_rated_at = models.DateTimeField(_("rated by the supervisor"), null=True)

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(score=None) | Q(scale="LIKE", score__lte=1) | Q(scale="FIVE", score__range=(1, 5)),
                name="a_score_is_on_its_scale",
            ),
            models.CheckConstraint(
                condition=Q(supervisor_score=None) | Q(supervisor_score__range=(1, 5)),
                name="a_supervisors_score_is_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.dialog_id}: {self.score}"
