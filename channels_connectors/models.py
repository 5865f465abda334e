"""How it travels: connected accounts with their secrets, the raw inbox, deliveries."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from common import crypto
from openlines.models import Channel, Chat, Message


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Account(models.Model):
    """What a connector needs to speak for a channel."""

    class Inbound(models.TextChoices):
        WEBHOOK = "WEBHOOK", _("The provider calls us")
        POLL = "POLL", _("We ask the provider")
        NONE = "NONE", _("Own channel")

    channel = models.OneToOneField(Channel, on_delete=models.CASCADE, related_name="account", verbose_name=_("channel"))
    encrypted_credentials = models.TextField(blank=True, editable=False)
    base_url = models.URLField(_("base URL of the provider's API"), blank=True)
    inbound = models.CharField(_("inbound"), max_length=8, choices=Inbound, default=Inbound.NONE)
    webhook_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    encrypted_webhook_secret = models.TextField(blank=True, editable=False)
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    cursor = models.CharField(max_length=255, blank=True, editable=False)
    polled_by = models.CharField(max_length=64, blank=True, editable=False)
    polled_until = models.DateTimeField(null=True, editable=False)
    # Nothing is sent until then: the provider asked for it, or it is ill.
    paused_until = models.DateTimeField(null=True, editable=False)
    # Failures of the provider in a row; while there are any, one delivery at a time tries whether it is well again.
    failures = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    credentials_expire_at = models.DateTimeField(_("credentials end"), null=True, editable=False)
    # When the provider was last asked whether it still delivers to us, and for what webhooks may have lost.
    watched_at = models.DateTimeField(_("looked after"), null=True, editable=False)
    reconciled_at = models.DateTimeField(null=True, editable=False)
    reconcile_cursor = models.CharField(max_length=255, blank=True, default="", db_default="", editable=False)

    class Meta:
        verbose_name = _("connected account")
        verbose_name_plural = _("connected accounts")

    def __str__(self) -> str:
        return str(self.channel)

    @property
    def credentials(self) -> dict[str, str]:
        return crypto.decrypt(self.encrypted_credentials)

    @credentials.setter
    def credentials(self, values: dict[str, str]) -> None:
        self.encrypted_credentials = crypto.encrypt(values)

    @property
    def webhook_secret(self) -> str:
        return crypto.decrypt(self.encrypted_webhook_secret).get("secret", "")

    @webhook_secret.setter
    def webhook_secret(self, value: str) -> None:
        self.encrypted_webhook_secret = crypto.encrypt({"secret": value})


class RawEvent(models.Model):
    """What a provider sent, byte for byte, committed before the provider gets its 200."""

    class State(models.TextChoices):
        NEW = "NEW", _("Waits")
        DONE = "DONE", _("Processed")
        FAILED = "FAILED", _("Failed")

    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="raw_events", db_index=False, verbose_name=_("channel")
    )
    key = models.CharField(_("the provider's id of the event"), max_length=255)
    body = models.BinaryField(_("body"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW, db_default=State.NEW)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    due_at = models.DateTimeField(_("next attempt"), db_default=Now())
    error = models.TextField(_("error"), blank=True, default="", db_default="")
    received_at = models.DateTimeField(_("received"), db_default=Now())

    class Meta:
        verbose_name = _("raw event")
        verbose_name_plural = _("raw events")
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "key"], name="an_event_is_kept_once")]
        indexes: ClassVar = [
            models.Index(fields=["channel", "id"], condition=Q(state="NEW"), name="raw_events_to_process"),
            models.Index(fields=["channel", "-id"], condition=Q(state="FAILED"), name="raw_events_that_failed"),
        ]

    def __str__(self) -> str:
        return f"{self.channel_id}:{self.key}"


class Delivery(models.Model):
    """The way of one message (or its edit, or its deletion) to the provider. In order per chat, forward only."""

    class Action(models.TextChoices):
        SEND = "SEND", _("Send")
        EDIT = "EDIT", _("Edit")
        DELETE = "DELETE", _("Delete")
        HIDE = "HIDE", _("Hide")
        UNHIDE = "UNHIDE", _("Show again")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("Queued")
        SENDING = "SENDING", _("Being sent")
        SENT = "SENT", _("Sent")
        FAILED = "FAILED", _("Failed")
        UNKNOWN = "UNKNOWN", _("Not known")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("message"))
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("chat"))
    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="deliveries", db_index=False, verbose_name=_("channel")
    )
    action = models.CharField(_("action"), max_length=8, choices=Action, default=Action.SEND)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"))
    leased_until = models.DateTimeField(_("being sent until"), null=True)
    error = models.TextField(_("error"), blank=True)
    error_kind = models.CharField(_("class of the error"), max_length=16, blank=True)
    # The provider's ids of the parts that are through, a list for each: the next try sends only the rest.
    sent_parts = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now())
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["message", "action"],
                # While one edit is on its way the next may already wait.
                condition=Q(state__in=["QUEUED", "SENDING"]) & ~Q(action="EDIT"),
                name="one_delivery_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(state="QUEUED"), name="deliveries_due"),
            models.Index(
                fields=["chat", "id"], condition=Q(state__in=["QUEUED", "SENDING"]), name="deliveries_of_chat"
            ),
            models.Index(fields=["channel", "-id"], name="deliveries_of_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.action} {self.state}"


class DeliveryReport(models.Model):
    """When a message of ours came to which state, as its trace shows it."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="delivery_reports", db_index=False, verbose_name=_("message")
    )
    state = models.CharField(_("state"), max_length=16, choices=Message.Delivery)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("report on a delivery")
        verbose_name_plural = _("reports on deliveries")
        ordering: ClassVar = ["at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "state"], name="a_state_is_reported_once")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class ParkedReceipt(models.Model):
    """A report on a message that has no id at the provider yet: it came before the answer to the call that sent it."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+", verbose_name=_("channel"))
    external_id = models.CharField(max_length=255)
    state = models.CharField(max_length=16, choices=Message.Delivery)
    error_kind = models.CharField(max_length=16, blank=True)
    error = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("parked receipt")
        verbose_name_plural = _("parked receipts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "external_id", "state"], name="a_receipt_is_parked_once")
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="parked_receipts_by_age")]

    def __str__(self) -> str:
        return f"{self.channel_id}:{self.external_id} {self.state}"


class MessageTemplate(models.Model):
    """A text that the provider approved for writing first; gaps in ``body`` read ``{{1}}``, ``{{2}}`` …"""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="templates", verbose_name=_("channel"))
    name = models.CharField(_("name"), max_length=512)
    language = models.CharField(_("language"), max_length=16)
    category = models.CharField(_("category"), max_length=32, blank=True)
    state = models.CharField(_("state"), max_length=32)
    body = models.TextField(_("text"), blank=True)
    gaps = models.PositiveSmallIntegerField(_("gaps"), default=0)
    synced_at = models.DateTimeField(_("synchronised"))

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        ordering: ClassVar = ["name", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "name", "language"], name="one_template_per_name_and_language")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"


class Refusal(models.Model):
    """How often requests to a channel's webhook were turned away on a day (UTC), and why; strangers leave no more."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="refusals", verbose_name=_("channel"))
    reason = models.CharField(_("reason"), max_length=32)
    day = models.DateField(_("day"))
    number = models.PositiveIntegerField(_("number"), default=0)
    last_at = models.DateTimeField(_("last"))

    class Meta:
        verbose_name = _("refused requests")
        verbose_name_plural = _("refused requests")
        ordering: ClassVar = ["-day", "reason"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "reason", "day"], name="one_count_per_reason_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.channel_id} {self.reason} {self.day}"
