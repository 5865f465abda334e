import hashlib
import secrets
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

PALETTE_SIZE = 12


class User(AbstractUser):
    """A member of staff. Without a role an account sees nothing."""

    class Role(models.TextChoices):
        NONE = "NONE", _("No access")
        OPERATOR = "OPERATOR", _("Operator")
        SUPERVISOR = "SUPERVISOR", _("Supervisor")
        ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")

    class Presence(models.TextChoices):
        ONLINE = "ONLINE", _("On the line")
        PAUSED = "PAUSED", _("On a break")
        OFFLINE = "OFFLINE", _("Offline")

    class WorkingDay(models.TextChoices):
        NOT_STARTED = "NOT_STARTED", _("Day not started")
        STARTED = "STARTED", _("At work")
        ENDED = "ENDED", _("Day ended")

    class Theme(models.TextChoices):
        AUTO = "AUTO", _("As the system")
        LIGHT = "LIGHT", _("Light")
        DARK = "DARK", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "COMFORTABLE", _("Comfortable")
        COMPACT = "COMPACT", _("Compact")

    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.NONE)
    presence = models.CharField(_("presence"), max_length=8, choices=Presence, default=Presence.OFFLINE, editable=False)
    is_paused = models.BooleanField(_("on a break"), default=False, editable=False)
    pause_reason = models.CharField(_("reason of the break"), max_length=100, blank=True, editable=False)
    working_day = models.CharField(
        _("working day"), max_length=16, choices=WorkingDay, default=WorkingDay.NOT_STARTED, editable=False
    )
    # Kept by routing from the dates of absences, so that choosing asks for nothing but staff.
    is_absent = models.BooleanField(_("absent"), default=False, editable=False)
    dialog_limit = models.PositiveSmallIntegerField(
        _("dialogs at once, over all lines"), null=True, blank=True, help_text=_("Empty: as many as lines give")
    )
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.AUTO)
    density = models.CharField(_("density"), max_length=16, choices=Density, default=Density.COMFORTABLE)
    language = models.CharField(
        _("language"), max_length=8, choices=[("ru", "Русский"), ("en", "English")], default="ru"
    )
    photo = models.ImageField(_("photo"), upload_to="staff/", blank=True)
    # How the console behaves for them, as ``crm.preferences`` describes it: keys, sounds, quiet hours.
    console_settings = models.JSONField(_("settings of the console"), default=dict, blank=True, editable=False)

    @property
    def name(self) -> str:
        return self.get_full_name() or self.username

    @property
    def color(self) -> int:
        return (self.pk or 0) % PALETTE_SIZE

    @property
    def is_administrator(self) -> bool:
        return self.is_active and (self.role == self.Role.ADMINISTRATOR or self.is_superuser)

    @property
    def is_supervisor(self) -> bool:
        return self.is_active and self.role == self.Role.SUPERVISOR

    @property
    def works_with_clients(self) -> bool:
        return self.is_active and (self.role != self.Role.NONE or self.is_superuser)


class StaffGroup(models.Model):
    """Staff who are put into queues, and given dialogs, together."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    members = models.ManyToManyField(User, blank=True, related_name="staff_groups", verbose_name=_("members"))

    class Meta:
        verbose_name = _("group of staff")
        verbose_name_plural = _("groups of staff")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One change of settings: who, when, of what, before and after. Written in the transaction of the change."""

    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("who"))
    # Names stay readable when what they named is gone.
    actor_name = models.CharField(_("name of who"), max_length=255, blank=True)
    action = models.CharField(_("action"), max_length=32)
    subject_kind = models.CharField(_("kind of subject"), max_length=32)
    subject_id = models.BigIntegerField(_("number of the subject"))
    subject_name = models.CharField(_("subject"), max_length=255, blank=True)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    happened_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="audit_of_subject"),
            models.Index(fields=["actor", "-id"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.action} {self.subject_name}"


class AccessToken(models.Model):
    """A bearer token of the REST API. Only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_tokens", verbose_name=_("user"))
    name = models.CharField(_("name"), max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()

    @staticmethod
    def new_token() -> str:
        return "ol_" + secrets.token_urlsafe(32)
