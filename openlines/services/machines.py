"""What no person wrote is answered by no machine: two of them would never stop."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import connection

from openlines.means import means_of
from openlines.models import Dialog, Message

LAST_WORDS = (
    "SELECT DISTINCT ON (dialog_id) id, dialog_id, payload FROM openlines_message"
    " WHERE dialog_id = ANY(%s) AND author_kind = 'CLIENT' ORDER BY dialog_id, seq DESC"
)

TOLD = (
    "SELECT d.id, chat.identity_id, (SELECT count(*) FROM openlines_message m JOIN openlines_chat other"
    " ON other.id = m.chat_id WHERE other.identity_id = chat.identity_id AND m.author_kind = 'BOT'"
    " AND m.created_at > %s) FROM openlines_dialog d JOIN openlines_chat chat ON chat.id = d.chat_id"
    " WHERE d.id = ANY(%s)"
)


def told_enough(dialogs: Collection[Dialog], *, now: datetime) -> set[int]:
    """Of dialogs in each of which a machine has something to say, those where it must not: in public, where everybody
    would read it, and where whoever is told so much within an hour may be a machine that does not say so."""
    means = {dialog.pk: means_of(dialog.channel) for dialog in dialogs}
    public = {pk for pk, can in means.items() if can.is_public}
    limits = {pk: can.automatic_per_hour for pk, can in means.items()}
    limited = [pk for pk, limit in limits.items() if limit and pk not in public]
    return public | (_told_enough(limited, limits, now) if limited else set())


def _told_enough(limited: Collection[int], limits: Mapping[int, int], now: datetime) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(TOLD, [now - timedelta(hours=1), list(limited)])
        rows = {dialog_id: (identity_id, number) for dialog_id, identity_id, number in cursor.fetchall()}
    more: Counter[int] = Counter()
    enough = set()
    for pk in limited:
        identity_id, number = rows[pk]
        if number + more[identity_id] >= limits[pk]:
            enough.add(pk)
        more[identity_id] += 1
    return enough


def written_to_by_machines(dialog_ids: Collection[int]) -> set[int]:
    """Those dialogs in which the client's last message was an automatic one."""
    last_words = Message.objects.raw(LAST_WORDS, [list(dialog_ids)]) if dialog_ids else ()
    return {message.dialog_id for message in last_words if is_automatic(message)}


def is_automatic(message: Message) -> bool:
    return bool(message.payload.get("details", {}).get("is_automatic"))
