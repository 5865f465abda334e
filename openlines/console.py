"""What a console starts with and catches up by: reads for one member of staff."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import JSONObject
from django.utils import timezone

from crm.models import Client, Tag, User
from crm.preferences import settings_of
from crm.search import matching_clients
from openlines.access import invited, lines_of, visible_dialogs, watched_lines
from openlines.models import Channel, Dialog, Draft, Line, Topic
from openlines.presenters import Json, dialogs_json, drafts_json, iso, operator_json
from openlines.search import dialogs_with
from openlines.services.replies import MAX_TEXT

NEWEST_MESSAGES = 1_000
LINE_COLUMNS = ("id", "name", "reply_goal_seconds", "topic_rule", "is_rating_asked", "rating_scale", "form_url")


def open_dialogs(user: User) -> QuerySet[Dialog]:
    return visible_dialogs(user).exclude(state=Dialog.State.CLOSED).order_by("id")


def digest(user: User) -> Json:
    """Two numbers that differ when a console has missed something."""
    sums = open_dialogs(user).order_by().aggregate(dialogs=Count("id"), revisions=Sum("revision"))
    return {"dialogs": sums["dialogs"], "revisions": sums["revisions"] or 0}


def digest_of(dialogs: list[Json]) -> Json:
    return {"dialogs": len(dialogs), "revisions": sum(dialog["revision"] for dialog in dialogs)}


def operators() -> list[Json]:
    staff = User.objects.filter(is_active=True).filter(~Q(role=User.Role.NONE) | Q(is_superuser=True))
    return [operator_json(operator) for operator in staff.order_by("first_name", "last_name", "pk")]


def dictionaries(user: User) -> Json:
    """What dialogs name by their ids: the lines the user works with, tags, topics that can be chosen,
    and of channels that are not well nothing but that: whoever was invited from elsewhere has to know, too."""
    lines = (lines_of(user) | watched_lines(user)).filter(archived_at=None).distinct()
    return {
        "lines": console_lines(lines),
        "tags": list(Tag.objects.values("id", "name", "color")),
        "topics": list(Topic.objects.filter(is_active=True).values("id", "name", "line_id")),
        "troubles": list(Channel.objects.exclude(state=Channel.State.CONNECTED).order_by("pk").values("id", "state")),
    }


def boot(user: User) -> Json:
    dialogs = dialogs_json(open_dialogs(user))
    return {
        "me": operator_json(user),
        "settings": settings_of(user),
        "operators": operators(),
        **dictionaries(user),
        "drafts": _drafts(user, dialogs),
        "dialogs": dialogs,
        "digest": digest_of(dialogs),
        "server_time": iso(timezone.now()),
        "limits": {"upload_bytes": settings.UPLOAD_BYTES, "text_length": MAX_TEXT},
    }


def _drafts(user: User, dialogs: list[Json]) -> list[Json]:
    """Of dialogs that are still theirs to see: a draft may quote what was said."""
    return drafts_json(Draft.objects.filter(operator=user, dialog__in=[dialog["id"] for dialog in dialogs]))


def console_lines(lines: QuerySet[Line]) -> list[Json]:
    """Lines with their channels, as consoles name and filter by them."""
    channels = Channel.objects.filter(line=OuterRef("pk")).order_by("pk")
    reference = JSONObject(id="pk", kind="kind", name="name")
    found = lines.values(*LINE_COLUMNS, connected=ArraySubquery(channels.values(reference=reference)))
    return [line | {"channels": line.pop("connected")} for line in found]


def catch_up(user: User, known: Mapping[int, int]) -> Json:
    """What differs from the revisions a console knows."""
    revisions = dict(open_dialogs(user).values_list("id", "revision"))
    changed = [pk for pk, revision in revisions.items() if known.get(pk) != revision]
    dialogs = dialogs_json(Dialog.objects.filter(pk__in=changed).order_by("id"))
    return {
        "dialogs": [dialog for dialog in dialogs if dialog["state"] != Dialog.State.CLOSED],
        "gone": sorted(pk for pk in known if pk not in revisions),
        "operators": operators(),
        "drafts": drafts_json(Draft.objects.filter(operator=user, dialog__in=revisions)),
        "digest": {"dialogs": len(revisions), "revisions": sum(revisions.values())},
        "server_time": iso(timezone.now()),
    }


TABS = {
    "mine": lambda user: (Q(owner=user) | invited(user)) & ~Q(state=Dialog.State.CLOSED),
    "waiting": lambda user: Q(waiting_since__isnull=False, snoozed_at=None) & ~Q(state=Dialog.State.CLOSED),
    "all": lambda user: ~Q(state=Dialog.State.CLOSED),
    "closed": lambda user: Q(state=Dialog.State.CLOSED),
}


LIKED = Q(rating__scale=Line.RatingScale.LIKE)
STARS = Q(rating__scale=Line.RatingScale.FIVE)
RATED = {
    "good": LIKED & Q(rating__score=1) | STARS & Q(rating__score__gte=4),
    "bad": LIKED & Q(rating__score=0) | STARS & Q(rating__score__lte=3),
    "none": Q(rating__score=None),
}


def tagged(tag_id: int) -> Q:
    """The second condition is that of the index."""
    return Q(tag_ids__contains=[tag_id]) & ~Q(tag_ids=[])


def listed_dialogs(
    user: User, *, tab: str = "", search: str = "", filters: Mapping[str, Any] | None = None, wanted: Q | None = None
) -> QuerySet[Dialog]:
    """Dialogs for a list; ``search`` looks in names, contacts, the last words and the messages."""
    dialogs = visible_dialogs(user)
    if wanted is not None:
        dialogs = dialogs.filter(wanted)
    if tab in TABS:
        dialogs = dialogs.filter(TABS[tab](user))
    for name, value in (filters or {}).items():
        dialogs = dialogs.filter(**{name: value})
    return dialogs.filter(pk__in=_matching(user, search)) if search else dialogs


def _matching(user: User, search: str) -> QuerySet[Dialog, Any]:
    """By whom they are with, or by what was said in them: of frequent words, the newest."""
    clients = matching_clients(Client.objects.order_by(), search).values("pk")
    dialogs = Dialog.objects.order_by().values("pk")
    said = dialogs.filter(pk__in=dialogs_with(user, search, messages=NEWEST_MESSAGES))
    return dialogs.filter(client__in=clients).union(said)
