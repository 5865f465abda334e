"""Whom to wake, and with which words: asked by the worker after the change has been committed."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from crm.models import User
from crm.preferences import settings_of, wants_to_know
from openlines.access import visible_dialogs
from openlines.attention import is_looking
from openlines.models import Dialog

LONGEST_BODY = 120
Notification = dict[str, Any]
# How long a push service may keep what could not be delivered: an offer is soon somebody else's.
SECONDS_TO_LIVE = {"offer": 120, "assigned": 3600, "message": 3600, "invited": 3600, "mention": 3600}


def people_to_wake(*, occasion: str, dialog: Dialog, user_ids: Iterable[int], now: datetime) -> list[User]:
    """Of these, whoever has a device, wants to know, may see the dialog, has no console in sight and is still meant."""
    asked = {"assigned": "offer", "invited": "mention"}.get(occasion, occasion)
    people = User.objects.filter(_is_meant(occasion, dialog), pk__in=list(user_ids), push_subscriptions__isnull=False)
    return [
        user
        for user in people.distinct().order_by("pk")
        if wants_to_know(settings_of(user), asked, now)
        and not is_looking(user.pk)
        and visible_dialogs(user).filter(pk=dialog.pk).exists()
    ]


def _is_meant(occasion: str, dialog: Dialog) -> Q:
    if occasion == "offer":
        return Q(pk__in=dialog.offered_to)
    if occasion == "assigned":
        return Q(pk=dialog.owner_id)
    if occasion == "message":
        return Q(pk__in=[dialog.owner_id, *dialog.participant_ids]) if dialog.unread else Q(pk__in=())
    if occasion == "invited":
        return Q(pk__in=dialog.participant_ids)
    return Q()


def notification_for(user: User, *, occasion: str, dialog: Dialog) -> Notification:
    """As little as one needs to know whether to come, in the reader's language; it is encrypted for their browser."""
    with translation.override(user.language):
        titles = {
            "offer": _("New request: %(name)s"),
            "assigned": _("The dialog is yours now: %(name)s"),
            "invited": _("A colleague invites you: %(name)s"),
            "mention": _("A colleague calls you: %(name)s"),
            "message": "%(name)s",
        }
        name = dialog.client.name or f"#{dialog.client_id}"
        return {
            "title": titles[occasion] % {"name": name},
            "body": dialog.preview_text[:LONGEST_BODY],
            "dialog_id": dialog.pk,
            "occasion": occasion,
        }


def dialogs_of(dialog_ids: Sequence[int]) -> list[Dialog]:
    return list(Dialog.objects.filter(pk__in=dialog_ids).select_related("client").order_by("pk"))
