import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from openlines.models.dialog import Chat, Dialog
from openlines.models.line import Channel


class Message(models.Model):
    """From a client, an operator, an automatic text or the system.

    Staff-only messages (service lines, whispers) never reach a channel: ``openlines.queries.outgoing_message``
    refuses them, and a delivery can't be made without it.
    """

    class Author(models.TextChoices):
        CLIENT = "CLIENT", _("Client")
        OPERATOR = "OPERATOR", _("Operator")
        BOT = "BOT", _("Automatic")
        SYSTEM = "SYSTEM", _("System")

    class Visibility(models.TextChoices):
        PUBLIC = "PUBLIC", _("Everyone")
        STAFF = "STAFF", _("Staff only")

    class Kind(models.TextChoices):
        TEXT = "TEXT", _("Text")
        IMAGE = "IMAGE", _("Picture")
        FILE = "FILE", _("File")
        AUDIO = "AUDIO", _("Audio")
        VIDEO = "VIDEO", _("Video")
        VOICE = "VOICE", _("Voice message")
        STICKER = "STICKER", _("Sticker")
        LOCATION = "LOCATION", _("Location")
        CONTACT = "CONTACT", _("Contact")
        UNSUPPORTED = "UNSUPPORTED", _("Unsupported message")

    class Delivery(models.TextChoices):
        NONE = "", _("Not sent to a channel")
        QUEUED = "QUEUED", _("Queued")
        SENT = "SENT", _("Sent")
        DELIVERED = "DELIVERED", _("Delivered")
        READ = "READ", _("Read")
        FAILED = "FAILED", _("Failed")
        UNKNOWN = "UNKNOWN", _("Not known")

    # Every message has to be entered in each index, so those that a wider one makes needless are not made.
    dialog = models.ForeignKey(
        Dialog, on_delete=models.CASCADE, related_name="messages", db_index=False, verbose_name=_("dialog")
    )
    chat = models.ForeignKey(
        Chat, on_delete=models.CASCADE, related_name="messages", db_index=False, verbose_name=_("chat")
    )
    seq = models.PositiveIntegerField(_("number in the dialog"))
    revision = models.PositiveIntegerField()
    author_kind = models.CharField(_("author"), max_length=8, choices=Author)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        verbose_name=_("operator"),
    )
    visibility = models.CharField(_("seen by"), max_length=6, choices=Visibility, default=Visibility.PUBLIC)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.TEXT)
    text = models.TextField(_("text"), blank=True)
    external_id = models.CharField(_("id at the provider"), max_length=255, null=True)  # noqa: DJ001 - null is not unique
    external_parts = models.JSONField(default=list, blank=True)
    command_id = models.UUIDField(null=True)
    reply_to = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False, verbose_name=_("answer to")
    )
    has_attachments = models.BooleanField(default=False)
    payload = models.JSONField(_("location, contact, details, service line"), default=dict, blank=True)
    delivery_state = models.CharField(_("delivery"), max_length=16, choices=Delivery, blank=True)
    delivery_error = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField(_("written"))
    edited_at = models.DateTimeField(_("edited"), null=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True)
    # A client's public comment that others don't see now.
    hidden_at = models.DateTimeField(_("hidden"), null=True)
    # The raw event that brought it: the apps above know what that is.
    source_event_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dialog", "seq"], name="seq_is_unique_in_dialog"),
            models.UniqueConstraint(fields=["chat", "external_id"], name="a_provider_message_is_stored_once"),
            models.UniqueConstraint(
                fields=["author", "command_id"], condition=Q(command_id__isnull=False), name="a_command_is_done_once"
            ),
            models.CheckConstraint(
                condition=~Q(author_kind="SYSTEM") | Q(visibility="STAFF"), name="service_lines_are_for_staff"
            ),
            models.CheckConstraint(
                condition=~Q(visibility="STAFF") | Q(delivery_state=""), name="staff_messages_are_never_delivered"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["chat", "id"], name="messages_of_chat"),
            models.Index(fields=["dialog", "revision"], name="messages_changed"),
            models.Index(fields=["author"], condition=Q(author__isnull=False), name="messages_of_author"),
            models.Index(fields=["reply_to"], condition=Q(reply_to__isnull=False), name="messages_quoting"),
        ]

    def __str__(self) -> str:
        return f"{self.dialog_id}.{self.seq}"


def attachment_path(attachment: "Attachment", name: str) -> str:
    """Files are stored under names that say nothing and can't be guessed; the real name is a column."""
    return f"attachments/{attachment.pk.hex[:2]}/{attachment.pk.hex}"


class Attachment(models.Model):
    """A file of a message, private, served only to those who may see the message."""

    class Kind(models.TextChoices):
        IMAGE = "IMAGE", _("Picture")
        FILE = "FILE", _("File")
        AUDIO = "AUDIO", _("Audio")
        VIDEO = "VIDEO", _("Video")
        VOICE = "VOICE", _("Voice message")
        STICKER = "STICKER", _("Sticker")

    class State(models.TextChoices):
        PENDING = "PENDING", _("Being fetched")
        READY = "READY", _("Ready")
        LOST = "LOST", _("Could not be fetched")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(
        Message, null=True, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("message")
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_in = models.ForeignKey(Channel, null=True, on_delete=models.CASCADE, related_name="+")
    uploader_key = models.CharField(max_length=64, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.FILE)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.READY)
    file = models.FileField(_("file"), upload_to=attachment_path, blank=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    mime = models.CharField(max_length=127, default="application/octet-stream")
    size = models.PositiveBigIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    duration = models.PositiveIntegerField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    source_reference = models.CharField(max_length=512, blank=True)
    fetch_attempts = models.PositiveSmallIntegerField(default=0)
    fetch_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering: ClassVar = ["message", "position"]
        indexes: ClassVar = [
            models.Index(fields=["fetch_at"], condition=Q(state="PENDING"), name="attachments_to_fetch"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)
