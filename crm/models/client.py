from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common.words import Folded
from crm.models.staff import PALETTE_SIZE, User


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


class IdentityAlias(models.Model):
    """Another id under which a channel may name the same account."""

    identity = models.ForeignKey(
        Identity, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("contact in a channel")
    )
    scope = models.CharField(_("scope"), max_length=128)
    value = models.CharField(_("value"), max_length=255)

    class Meta:
        verbose_name = _("other id of a contact")
        verbose_name_plural = _("other ids of contacts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "value"], name="one_alias_per_scope_and_value")
        ]

    def __str__(self) -> str:
        return self.value
