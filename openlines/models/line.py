import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.models import LeadSource


def new_public_key() -> str:
    return secrets.token_urlsafe(12)


class Line(models.Model):
    """A point of contact: its channels, people, CRM rule and automatic texts. Clients never see its name."""

    class LeadRule(models.TextChoices):
        AUTOMATIC = "AUTOMATIC", _("Create a lead at once")
        BY_HAND = "BY_HAND", _("Operators create leads by hand")

    class Access(models.TextChoices):
        OWN = "OWN", _("Only their own dialogs")
        LINE = "LINE", _("All dialogs of the line")

    name = models.CharField(_("name"), max_length=255)
    is_active = models.BooleanField(_("works"), default=True)
    public_key = models.CharField(max_length=32, unique=True, default=new_public_key, editable=False)
    access = models.CharField(_("operators see"), max_length=8, choices=Access, default=Access.OWN)
    supervisors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="supervised_lines", verbose_name=_("supervisors")
    )
    lead_rule = models.CharField(
        _("if the client is not in the CRM"), max_length=16, choices=LeadRule, default=LeadRule.AUTOMATIC
    )
    lead_source = models.ForeignKey(
        LeadSource, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("lead source")
    )
    is_welcome_sent = models.BooleanField(_("send a welcome text"), default=True)
    welcome_text = models.TextField(_("welcome text"), blank=True, max_length=2000)
    is_closing_sent = models.BooleanField(_("send a closing text"), default=True)
    closing_text = models.TextField(_("closing text"), blank=True, max_length=2000)
    is_closed_by_silence = models.BooleanField(_("close silent dialogs"), default=True)
    silence_seconds = models.PositiveIntegerField(_("close after silence of, seconds"), default=3600)
    silence_text = models.TextField(_("text when closed by silence"), blank=True, max_length=2000)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(silence_seconds__gte=1), name="silence_lasts_at_least_a_second")
        ]

    def __str__(self) -> str:
        return self.name


class QueueMember(models.Model):
    """An operator's place in the queue of a line."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="queue_members", verbose_name=_("line"))
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="queue_places", verbose_name=_("operator")
    )
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("queue member")
        verbose_name_plural = _("queue members")
        ordering: ClassVar = ["line", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "operator"], name="one_place_per_operator_and_line"),
            models.UniqueConstraint(
                fields=["line", "position"], name="one_operator_per_place", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.operator}"


class Channel(models.Model):
    """One connected account (a bot, a community, a widget) of a line. Secrets live with the connectors."""

    class State(models.TextChoices):
        CONNECTED = "CONNECTED", _("Connected")
        DEGRADED = "DEGRADED", _("Has trouble")
        TOKEN_REVOKED = "TOKEN_REVOKED", _("The token is no longer accepted")
        PAUSED = "PAUSED", _("Paused")
        DISCONNECTED = "DISCONNECTED", _("Disconnected")

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="channels", verbose_name=_("line"))
    kind = models.CharField(_("kind"), max_length=32)
    name = models.CharField(_("name"), max_length=255)
    scope = models.CharField(_("account"), max_length=128, unique=True)
    state = models.CharField(_("state"), max_length=16, choices=State, default=State.CONNECTED)
    last_event_at = models.DateTimeField(_("last event"), null=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    last_error_at = models.DateTimeField(_("time of the last error"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state not in {self.State.PAUSED, self.State.DISCONNECTED}
