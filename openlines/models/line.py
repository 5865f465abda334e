import secrets
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from crm.models import LeadSource, StaffGroup

HIGHEST_PRIORITY = 9
IN_RANGE = (MinValueValidator(0), MaxValueValidator(HIGHEST_PRIORITY))


def new_public_key() -> str:
    return secrets.token_urlsafe(12)


class LineGroup(models.Model):
    """Lines that have supervisors in common."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    supervisors = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="supervised_line_groups", verbose_name=_("supervisors")
    )

    class Meta:
        verbose_name = _("group of lines")
        verbose_name_plural = _("groups of lines")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """A point of contact: its channels, people, CRM rule and automatic texts. Clients never see its name."""

    class LeadRule(models.TextChoices):
        AUTOMATIC = "AUTOMATIC", _("Create a lead at once")
        BY_HAND = "BY_HAND", _("Operators create leads by hand")

    class Action(models.TextChoices):
        """What a client is sent when something happens to a dialog."""

        NONE = "NONE", _("Nothing")
        TEXT = "TEXT", _("A text")
        FORM = "FORM", _("A text with the link to the form")

    class RatingScale(models.TextChoices):
        LIKE = "LIKE", _("Like or dislike")
        FIVE = "FIVE", _("One to five stars")

    class TopicRule(models.TextChoices):
        """Whether operators say what a dialog was about when they finish it."""

        NEVER = "NEVER", _("Don't ask")
        MAY = "MAY", _("Offer to choose")
        MUST = "MUST", _("Must be chosen")

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
    closing_action = models.CharField(_("when an operator finishes"), max_length=8, choices=Action, default=Action.TEXT)
    closing_text = models.TextField(_("closing text"), blank=True, max_length=2000)
    is_closed_by_silence = models.BooleanField(_("close silent dialogs"), default=True)
    silence_seconds = models.PositiveIntegerField(_("close after silence of, seconds"), default=3600)
    silence_action = models.CharField(_("when closed by silence"), max_length=8, choices=Action, default=Action.TEXT)
    silence_text = models.TextField(_("text when closed by silence"), blank=True, max_length=2000)
    client_closing_action = models.CharField(
        _("when the client finishes"), max_length=8, choices=Action, default=Action.NONE
    )
    client_closing_text = models.TextField(_("text when the client finishes"), blank=True, max_length=2000)
    grace_seconds = models.PositiveIntegerField(
        _("reopened by an answer to the closing text within, seconds"), default=0
    )
    # A client who writes within this time after the end goes on with the same dialog.
    continue_seconds = models.PositiveIntegerField(_("the same dialog goes on for, seconds"), default=0)
    reply_goal_seconds = models.PositiveIntegerField(_("answer clients within, seconds"), null=True, blank=True)
    topic_rule = models.CharField(_("topic of a dialog"), max_length=8, choices=TopicRule, default=TopicRule.MAY)
    is_rating_asked = models.BooleanField(_("ask for a rating"), default=False)
    rating_scale = models.CharField(_("scale"), max_length=8, choices=RatingScale, default=RatingScale.LIKE)
    rating_text = models.TextField(_("request for a rating"), blank=True, max_length=2000)
    is_rating_comment_asked = models.BooleanField(_("ask for a comment"), default=True)
    rating_thanks_text = models.TextField(_("thanks for a rating"), blank=True, max_length=2000)
    form_url = models.URLField(_("link to the form"), max_length=500, blank=True)
    # {"en": {"welcome_text": "…"}}: said to clients of that language instead of the line's own words.
    translations = models.JSONField(_("texts in other languages"), default=dict, blank=True)
    group = models.ForeignKey(
        LineGroup, null=True, blank=True, on_delete=models.SET_NULL, related_name="lines", verbose_name=_("group")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=0, validators=IN_RANGE)
    archived_at = models.DateTimeField(_("archived"), null=True, editable=False)
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


class QueueEntry(models.Model):
    """A row of a line's queue as administrators order it: an operator, or a group that stands for its members."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="queue_entries", verbose_name=_("line"))
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("operator")
    )
    group = models.ForeignKey(
        StaffGroup, null=True, on_delete=models.CASCADE, related_name="queue_entries", verbose_name=_("group")
    )
    position = models.PositiveIntegerField(_("position"))
    dialog_limit = models.PositiveSmallIntegerField(_("dialogs at once"), null=True)

    class Meta:
        verbose_name = _("queue entry")
        verbose_name_plural = _("queue entries")
        ordering: ClassVar = ["line", "position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(operator__isnull=False, group__isnull=True) | Q(operator__isnull=True, group__isnull=False),
                name="an_entry_is_an_operator_or_a_group",
            ),
            models.UniqueConstraint(
                fields=["line", "operator"], condition=Q(operator__isnull=False), name="one_entry_per_operator"
            ),
            models.UniqueConstraint(
                fields=["line", "group"], condition=Q(group__isnull=False), name="one_entry_per_group"
            ),
            models.UniqueConstraint(
                fields=["line", "position"], name="one_entry_per_position", deferrable=models.Deferrable.DEFERRED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.operator or self.group}"


class QueueMember(models.Model):
    """An operator's place in the queue of a line, worked out from its entries: groups are their active members."""

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="queue_members", verbose_name=_("line"))
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="queue_places", verbose_name=_("operator")
    )
    position = models.PositiveIntegerField(_("position"))
    dialog_limit = models.PositiveSmallIntegerField(_("dialogs at once"), null=True)

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
    priority = models.PositiveSmallIntegerField(_("priority"), default=0, validators=IN_RANGE)
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
