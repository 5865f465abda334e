"""Tags: words that staff put on clients and dialogs. Administrators keep the list, supervisors add to it, too."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowed, NotFound
from common.events import publish
from crm.audit import Action, record_creation, record_removal, recorded
from crm.events import TagsChanged
from crm.models import PALETTE_SIZE, AuditEntry, Tag, User

LONGEST_NAME = 50
MOST_TAGS = 500
# How many one client or dialog may have.
MOST_ON_ONE = 20
BATCH = 500
# What was removed longer ago than this has been taken off everywhere.
REMEMBERED_FOR = timedelta(days=7)
TAKE_OFF_CLIENTS = """
    UPDATE crm_client SET tag_ids = ARRAY(SELECT tag FROM unnest(tag_ids) WITH ORDINALITY AS own (tag, place)
                                          WHERE tag <> ALL(%(tags)s::bigint[]) ORDER BY place)
    WHERE id IN (SELECT id FROM crm_client WHERE tag_ids && %(tags)s::bigint[] ORDER BY id LIMIT %(limit)s
                 FOR UPDATE SKIP LOCKED)
"""


def _require_administrator(user: User) -> None:
    if not user.is_administrator:
        raise NotAllowed(_("Only administrators arrange tags."))


@transaction.atomic
def create_tag(*, actor: User, name: str, color: int | None = None) -> Tag:
    """By an administrator or a supervisor; without a colour it gets the next one of the palette.

    Raises ``NotAllowed``, ``InvalidInput`` (an empty or taken name, too many).
    """
    if not (actor.is_administrator or actor.is_supervisor):
        raise NotAllowed(_("Only administrators and supervisors make new tags."))
    number = Tag.objects.count()
    if number >= MOST_TAGS:
        raise InvalidInput(_("There can be at most %(limit)d tags.") % {"limit": MOST_TAGS})
    tag = _saved(Tag(name=_checked(name), color=_color(number % PALETTE_SIZE if color is None else color)))
    record_creation(actor=actor, subject=tag)
    publish(TagsChanged())
    return tag


@transaction.atomic
def change_tag(*, administrator: User, tag_id: int, name: str | None = None, color: int | None = None) -> Tag:
    """Another name or colour, wherever it is. Raises ``NotAllowed``, ``NotFound``, ``InvalidInput``."""
    _require_administrator(administrator)
    tag = _locked(tag_id)
    with recorded(tag, actor=administrator):
        tag.name = tag.name if name is None else _checked(name, but=tag)
        tag.color = tag.color if color is None else _color(color)
        _saved(tag)
    publish(TagsChanged())
    return tag


@transaction.atomic
def remove_tag(*, administrator: User, tag_id: int) -> None:
    """Off the list at once, and soon off everything that has it. Raises ``NotAllowed``, ``NotFound``."""
    _require_administrator(administrator)
    tag = _locked(tag_id)
    record_removal(actor=administrator, subject=tag)
    tag.delete()
    publish(TagsChanged())


def checked_tag_ids(tag_ids: Sequence[int]) -> list[int]:
    """Those of a client or a dialog, each once, in the order given. Raises ``InvalidInput``."""
    wanted = list(dict.fromkeys(tag_ids))
    if len(wanted) > MOST_ON_ONE:
        words = _("At most %(limit)d tags at once.") % {"limit": MOST_ON_ONE}
        raise InvalidInput(words, fields={"tag_ids": [words]})
    known = set(Tag.objects.filter(pk__any_of=wanted).values_list("pk", flat=True))
    if len(known) < len(wanted):
        raise InvalidInput(_("One of these tags is no more."), fields={"tag_ids": [_("Unknown tag.")]})
    return wanted


def removed_tag_ids(*, since: datetime) -> list[int]:
    """The log remembers what the list has forgotten."""
    removed = AuditEntry.objects.filter(subject_kind="tag", action=Action.REMOVED, happened_at__gte=since)
    return list(removed.order_by().values_list("subject_id", flat=True))


def take_off_clients(tag_ids: Sequence[int]) -> None:
    """Batch by batch, each a statement and a transaction of its own; whoever is held keeps them until the next time."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(TAKE_OFF_CLIENTS, {"tags": list(tag_ids), "limit": BATCH})
            if cursor.rowcount < BATCH:
                return


def _locked(tag_id: int) -> Tag:
    tag = Tag.objects.select_for_update().filter(pk=tag_id).first()
    if tag is None:
        raise NotFound
    return tag


def _checked(name: str, *, but: Tag | None = None) -> str:
    """“vip” beside “VIP” would be the same to whoever reads it."""
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(_("Give it a name."), fields={"name": [_("Give it a name.")]})
    if len(name) > LONGEST_NAME:
        words = _("A tag has at most %(limit)d characters.") % {"limit": LONGEST_NAME}
        raise InvalidInput(words, fields={"name": [words]})
    others = Tag.objects.exclude(pk=but.pk) if but else Tag.objects.all()
    if others.filter(name__iexact=name).exists():
        raise _taken()
    return name


def _color(color: int) -> int:
    if not 0 <= color < PALETTE_SIZE:
        raise InvalidInput(fields={"color": [_("Choose one of the colours.")]})
    return color


def _saved(tag: Tag) -> Tag:
    try:
        with transaction.atomic():
            tag.save()
    except IntegrityError as error:
        raise _taken() from error
    return tag


def _taken() -> InvalidInput:
    words = _("There is a tag with this name already.")
    return InvalidInput(words, fields={"name": [words]})
