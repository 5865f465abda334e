"""Who they are: staff accounts, clients with their addresses, leads."""

import hashlib
import secrets
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.words import Folded

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


class Tag(models.Model):
    """A word that staff put on clients and dialogs. Both keep the ids of theirs, so a list needs no join."""

    name = models.CharField(_("name"), max_length=50, unique=True)
    color = models.PositiveSmallIntegerField(_("colour"), default=0)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Client(models.Model):
    """The person we talk to."""

    name = models.CharField(_("name"), max_length=255, blank=True)
    language = models.CharField(_("language"), max_length=16, blank=True)
    photo = models.FileField(_("photo"), upload_to="clients/", blank=True)
    notes = models.TextField(_("notes"), blank=True)
    is_reachable = models.BooleanField(_("can be written to"), default=True)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    is_vip = models.BooleanField(_("important client"), default=False)
    responsible = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("responsible")
    )
    tag_ids = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("tags"))
    # Somebody who turned out to be another client, whose everything is with that one since: see ``ClientMerge``.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("is the same as")
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            GinIndex(fields=["tag_ids"], name="clients_by_tag"),
            GinIndex(OpClass(Folded("name"), name="gin_trgm_ops"), name="clients_by_part_of_name", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def color(self) -> int:
        return (self.pk or 0) % PALETTE_SIZE


class ClientMerge(models.Model):
    """Two clients were found to be one person; what moved is written down, so that it can move back."""

    kept = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="merges", verbose_name=_("kept client"))
    absorbed = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", verbose_name=_("absorbed client"))
    # {"identities": [ids], "leads": [ids], "chats": [ids], "before": {fields of the kept client that were changed}}
    moved = models.JSONField(_("what moved"), default=dict)
    merged_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("merged by")
    )
    merged_at = models.DateTimeField(_("merged"))
    undone_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        verbose_name = _("merge of clients")
        verbose_name_plural = _("merges of clients")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=models.Q(undone_at=None), name="a_client_is_absorbed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} → {self.kept_id}"


class Identity(models.Model):
    """An address of a client: an account in a channel's scope, a phone, an e-mail.

    ``scope`` says where ``value`` is unique: many providers scope their ids to a bot, a page, a community.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="identities", verbose_name=_("client"))
    kind = models.CharField(_("kind"), max_length=32)
    scope = models.CharField(_("scope"), max_length=128)
    value = models.CharField(_("value"), max_length=255)
    title = models.CharField(_("title"), max_length=255, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True)

    class Meta:
        verbose_name = _("contact in a channel")
        verbose_name_plural = _("contacts in channels")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "value"], name="one_identity_per_scope_and_value")
        ]
        indexes: ClassVar = [
            GinIndex(
                OpClass(Folded("value"), name="gin_trgm_ops"), name="identities_by_part_of_value", fastupdate=False
            ),
            GinIndex(
                OpClass(Folded("title"), name="gin_trgm_ops"), name="identities_by_part_of_title", fastupdate=False
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.value


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
