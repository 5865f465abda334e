"""The worker's part: decide whom to wake, send, and act on what push services answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from crm.models import User
from openlines.access import visible_dialogs
from openlines.models import Dialog, PushSubscription
from openlines.push.sending import send_push
from openlines.push.telling import SECONDS_TO_LIVE, dialogs_of, notification_for, people_to_wake

Push = dict[str, Any]


def pushes_for(*, occasion: str, dialog_ids: Sequence[int], user_ids: Sequence[int], now: datetime) -> list[Push]:
    """What is to be sent, one for each device of each person concerned."""
    return [
        {
            "subscription_id": subscription_id,
            "user_id": user.pk,
            "notification": notification,
            "expires_at": (now + timedelta(seconds=SECONDS_TO_LIVE[occasion])).isoformat(),
        }
        for dialog in dialogs_of(dialog_ids)
        for user in people_to_wake(occasion=occasion, dialog=dialog, user_ids=user_ids or _its_people(dialog), now=now)
        for notification in [notification_for(user, occasion=occasion, dialog=dialog)]
        for subscription_id in user.push_subscriptions.order_by("pk").values_list("pk", flat=True)
    ]


def _its_people(dialog: Dialog) -> list[int]:
    return [*([] if dialog.owner_id is None else [dialog.owner_id]), *dialog.participant_ids]


def push_to(
    *, subscription_id: int, user_id: int, notification: Mapping[str, Any], expires_at: str, attempt: int, now: datetime
) -> int | None:
    """Send one; returns after how many seconds to try again, if at all.

    Nothing is sent to who unsubscribed or lost sight of the dialog meanwhile, nor to whose browser it has become.
    """
    ttl = int((datetime.fromisoformat(expires_at) - now).total_seconds())
    subscription = PushSubscription.objects.filter(pk=subscription_id, user=user_id).select_related("user").first()
    if subscription is None or ttl <= 0 or not _still_sees(subscription.user, notification["dialog_id"]):
        return None
    sent = send_push(subscription, notification, ttl=ttl, attempt=attempt)
    if sent.outcome == "GONE":
        subscription.delete()
    elif sent.outcome == "REFUSED":
        PushSubscription.objects.filter(pk=subscription_id).update(failed_at=now)
    elif sent.outcome == "LATER":
        return sent.seconds
    return None


def _still_sees(user: User, dialog_id: int) -> bool:
    return visible_dialogs(user).filter(pk=dialog_id).exists()
