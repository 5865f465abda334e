"""What operators keep at their desks: drafts, quick replies, call-backs, devices that are pushed to."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.models import Client
from openlines.models.dialog import Dialog
from openlines.models.line import Line
from openlines.models.message import Attachment, Message


class Draft(models.Model):
    """What somebody began to write in a dialog and has not sent."""

    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("operator")
    )
    dialog = models.ForeignKey(Dialog, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("dialog"))
    text = models.TextField(_("text"))
    visibility = models.CharField(
        _("seen by"), max_length=6, choices=Message.Visibility, default=Message.Visibility.PUBLIC
    )
    reply_to = models.ForeignKey(
        Message, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("answer to")
    )
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator", "dialog"], name="one_draft_per_operator_and_dialog")
        ]

    def __str__(self) -> str:
        return self.text[:40]


class QuickReply(models.Model):
    """Words that are written often: of one operator, of a line, or, with neither, of the company."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="quick_replies",
        verbose_name=_("operator"),
    )
    line = models.ForeignKey(
        Line, null=True, blank=True, on_delete=models.CASCADE, related_name="quick_replies", verbose_name=_("line")
    )
    folder = models.CharField(_("folder"), max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=100)
    shortcut = models.CharField(_("shortcut"), max_length=32, blank=True)
    text = models.TextField(_("text"), max_length=4096, blank=True)
    used_count = models.PositiveIntegerField(_("used"), default=0)
    used_at = models.DateTimeField(_("used last"), null=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("quick reply")
        verbose_name_plural = _("quick replies")
        ordering: ClassVar = ["folder", "title", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(owner=None) | Q(line=None), name="a_quick_reply_is_of_one_or_of_a_line")
        ]

    def __str__(self) -> str:
        return self.title


def quick_reply_path(file: "QuickReplyFile", name: str) -> str:
    return f"quick_replies/{file.pk.hex}"


class QuickReplyFile(models.Model):
    """A file that goes along with a quick reply; each message gets a copy of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    quick_reply = models.ForeignKey(
        QuickReply, on_delete=models.CASCADE, related_name="files", verbose_name=_("quick reply")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Attachment.Kind, default=Attachment.Kind.FILE)
    file = models.FileField(_("file"), upload_to=quick_reply_path)
    name = models.CharField(_("name"), max_length=255)
    mime = models.CharField(max_length=127)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("file of a quick reply")
        verbose_name_plural = _("files of quick replies")
        ordering: ClassVar = ["quick_reply", "position"]

    def __str__(self) -> str:
        return self.name


class CallBack(models.Model):
    """A client wants to be called. Somebody is reminded when it is time, whatever became of the dialog."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="call_backs", verbose_name=_("client"))
    dialog = models.ForeignKey(
        Dialog, null=True, on_delete=models.SET_NULL, related_name="call_backs", verbose_name=_("dialog")
    )
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="call_backs", verbose_name=_("who calls")
    )
    phone = models.CharField(_("phone"), max_length=32)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    due_at = models.DateTimeField(_("when"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("noted by")
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True)
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        ordering: ClassVar = ["due_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(reminded_at=None, done_at=None), name="call_backs_to_remind"),
            models.Index(fields=["operator", "due_at"], condition=Q(done_at=None), name="call_backs_of_operator"),
        ]

    def __str__(self) -> str:
        return f"{self.phone} {self.due_at:%F %T}"


class PushSubscription(models.Model):
    """A browser of a member of staff that may be woken while no console is open in it (RFC 8030)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions", verbose_name=_("user")
    )
    endpoint = models.URLField(_("address at the push service"), max_length=1000, unique=True)
    public_key = models.CharField(max_length=128)
    secret = models.CharField(max_length=64)
    device = models.CharField(_("device"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    failed_at = models.DateTimeField(_("failed"), null=True)

    class Meta:
        verbose_name = _("device for notifications")
        verbose_name_plural = _("devices for notifications")

    def __str__(self) -> str:
        return self.device or f"#{self.pk}"
