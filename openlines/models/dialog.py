from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Client, Identity, Lead, StaffGroup
from openlines.models.line import Channel, Line


class Chat(models.Model):
    """The lasting thread of one client in one channel; dialogs are its rounds of talk."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="chats", verbose_name=_("channel"))
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="chats", verbose_name=_("client"))
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="chats", verbose_name=_("identity"))
    external_id = models.CharField(_("thread id at the provider"), max_length=255)
    last_operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("last operator"),
    )
    context = models.JSONField(_("context"), default=dict, blank=True)
    # What the connector needs for writing into it, and the post, video or offer that it is about.
    thread = models.JSONField(_("thread"), default=dict, blank=True, db_default={})
    subject = models.JSONField(_("about"), null=True, blank=True)
    # The dialog whose rating the client was asked for last, and until when their next words may be its comment.
    rated_dialog = models.ForeignKey(
        "Dialog", null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("asked to rate")
    )
    rating_open_until = models.DateTimeField(_("the rating is awaited until"), null=True)

    class Meta:
        verbose_name = _("chat")
        verbose_name_plural = _("chats")
        constraints: ClassVar = [models.UniqueConstraint(fields=["channel", "external_id"], name="one_chat_per_thread")]

    def __str__(self) -> str:
        return f"{self.channel_id}:{self.external_id}"


class Topic(models.Model):
    """What a dialog was about, or what came of it: chosen when it is finished. Of one line, or of all."""

    line = models.ForeignKey(
        Line, null=True, blank=True, on_delete=models.CASCADE, related_name="topics", verbose_name=_("line")
    )
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("can be chosen"), default=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "name"], name="one_topic_per_name", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name


class Dialog(models.Model):
    """One round of talk inside a chat, from the first message to the finish.

    ``last_seq`` numbers messages, ``revision`` numbers changes; both are taken under the dialog's row lock, so
    neither has gaps. What lists need is kept here in the same transaction rather than counted.
    """

    class State(models.TextChoices):
        NEW = "NEW", _("New")
        QUEUED = "QUEUED", _("Waits in the queue")
        OFFERED = "OFFERED", _("Offered")
        ACTIVE = "ACTIVE", _("In work")
        CLOSED = "CLOSED", _("Closed")

    class CloseReason(models.TextChoices):
        OPERATOR = "OPERATOR", _("Finished by the operator")
        CLIENT = "CLIENT", _("Finished by the client")
        SILENCE = "SILENCE", _("The client was silent")
        SPAM = "SPAM", _("Spam")
        OWED_TOO_LONG = "OWED_TOO_LONG", _("Nobody answered for a month")

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="dialogs", verbose_name=_("chat"))
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="dialogs", verbose_name=_("channel"))
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="dialogs", verbose_name=_("line"))
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="dialogs", verbose_name=_("client"))
    lead = models.ForeignKey(
        Lead, null=True, blank=True, on_delete=models.SET_NULL, related_name="dialogs", verbose_name=_("lead")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    close_reason = models.CharField(_("closed because"), max_length=16, choices=CloseReason, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="dialogs",
        verbose_name=_("operator"),
    )
    offered_to = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("offered to"))
    offer_started_at = models.DateTimeField(_("offered"), null=True)
    offer_expires_at = models.DateTimeField(_("the offer lasts until"), null=True)
    # Whom it waits on while nobody is available, and to whose members it was transferred.
    waits_on = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("waits on")
    )
    group = models.ForeignKey(
        StaffGroup, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("for the group")
    )
    # By whom, and with which words, until somebody answers: {"operator_id": 5, "note": "…", "group": "Warehouse"}.
    handed_over = models.JSONField(_("handed over"), null=True)
    # Places in the queue go by this moment: a priority counts as so many minutes of waiting already, so that those
    # who have none get their turn as well.
    ranked_at = models.DateTimeField(_("place in the queue"), null=True)
    priority = models.PositiveSmallIntegerField(_("priority"), default=0)
    # Rounds of offers before this one belong to another line, or to before somebody gave the dialog back.
    first_round = models.PositiveIntegerField(default=1)
    is_off_hours = models.BooleanField(_("begun outside the line's hours"), default=False)
    no_answer_count = models.PositiveSmallIntegerField(_("times that nobody answered"), default=0)
    is_pinned = models.BooleanField(_("pinned"), default=False)
    # Colleagues who were invited: they see it and answer with its owner.
    participant_ids = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("invited"))
    tag_ids = ArrayField(models.BigIntegerField(), default=list, verbose_name=_("tags"))
    topic = models.ForeignKey(
        "Topic", null=True, blank=True, on_delete=models.SET_NULL, related_name="dialogs", verbose_name=_("topic")
    )
    # Put aside by its owner, until then or, without a time, until the client writes.
    snoozed_at = models.DateTimeField(_("put aside"), null=True)
    snoozed_until = models.DateTimeField(_("put aside until"), null=True)
    opened_at = models.DateTimeField(_("opened"))
    answered_at = models.DateTimeField(_("taken"), null=True)
    first_replied_at = models.DateTimeField(_("first reply"), null=True)
    waiting_since = models.DateTimeField(_("the client waits since"), null=True)
    last_message_at = models.DateTimeField(_("last message"))
    client_wrote_at = models.DateTimeField(_("the client wrote last"), null=True)
    # Between the closing text and the end: a word of the client's brings the dialog back.
    closing_at = models.DateTimeField(_("will be closed"), null=True)
    owed_warned_at = models.DateTimeField(_("warned that the client waits for long"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    last_seq = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    operator_read_seq = models.PositiveIntegerField(default=0)
    client_read_seq = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(_("unread"), default=0)
    preview_author = models.CharField(max_length=8, blank=True)
    preview_kind = models.CharField(max_length=16, blank=True)
    preview_text = models.CharField(max_length=200, blank=True)

    # What a dialog was when its lock was taken: see openlines.services.locking.hold.
    revision_before: int
    audience_before: frozenset[str]

    class Meta:
        verbose_name = _("dialog")
        verbose_name_plural = _("dialogs")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chat"], condition=~Q(state="CLOSED"), name="one_open_dialog_per_chat"),
            models.CheckConstraint(
                condition=~Q(state="ACTIVE") | Q(owner__isnull=False), name="an_active_dialog_has_an_owner"
            ),
            models.CheckConstraint(
                condition=Q(state="CLOSED", closed_at__isnull=False) | Q(~Q(state="CLOSED"), closed_at__isnull=True),
                name="closed_dialogs_say_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "id"], condition=~Q(state="CLOSED"), name="open_dialogs_of_operator"),
            models.Index(fields=["line", "id"], condition=~Q(state="CLOSED"), name="open_dialogs_of_line"),
            GinIndex(fields=["offered_to"], name="dialogs_offered_to"),
            # Few dialogs have any: the others need not be entered at each change.
            GinIndex(fields=["participant_ids"], condition=~Q(participant_ids=[]), name="dialogs_of_participants"),
            GinIndex(fields=["tag_ids"], condition=~Q(tag_ids=[]), name="dialogs_by_tag"),
            models.Index(
                fields=["line", "ranked_at", "id"], condition=Q(state__in=["NEW", "QUEUED"]), name="waiting_in_line"
            ),
            models.Index(
                fields=["waiting_since"],
                condition=Q(waiting_since__isnull=False) & ~Q(state="CLOSED"),
                name="clients_who_wait",
            ),
            models.Index(
                fields=["owner", "-closed_at"], condition=Q(state="CLOSED"), name="closed_dialogs_of_operator"
            ),
            models.Index(fields=["line", "-closed_at"], condition=Q(state="CLOSED"), name="closed_dialogs_of_line"),
            models.Index(
                fields=["line", "-answered_at"], condition=Q(answered_at__isnull=False), name="taken_dialogs_of_line"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED
