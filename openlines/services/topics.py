"""Topics: what a dialog was about, or what came of it. Administrators keep them, of one line or of the company."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput, NotAllowed, NotFound
from crm.audit import Action, record_change, record_creation, record_removal, recorded
from crm.models import User
from openlines.access import steers, visible_dialog
from openlines.changes import announce_dictionaries
from openlines.models import Dialog, Line, Topic
from openlines.services.lines import require_administrator
from openlines.services.locking import lock_dialog, save_changes

LONGEST_NAME = 100
MOST_TOPICS = 100


class TopicRequired(DomainError):
    code = "topic_required"
    message = gettext_lazy("Say what the dialog was about: the line asks for a topic.")


def topics_of(line: Line) -> QuerySet[Topic]:
    """What operators of the line may choose, its own ones first."""
    own_first = Topic.objects.filter(Q(line=line) | Q(line=None), is_active=True)
    return own_first.order_by("line_id", "position", "id")


@transaction.atomic
def create_topic(*, administrator: User, name: str, line_id: int | None = None) -> Topic:
    """The last of its line, or of the company; one that was put away comes back with its history.

    Raises ``NotAllowed``, ``NotFound`` (no such line), ``InvalidInput``.
    """
    require_administrator(administrator)
    name = _checked(name)
    siblings = _locked(line_id)
    if len([topic for topic in siblings if topic.is_active]) >= MOST_TOPICS:
        raise InvalidInput(_("There can be at most %(limit)d topics.") % {"limit": MOST_TOPICS})
    known = next((topic for topic in siblings if topic.name.casefold() == name.casefold()), None)
    announce_dictionaries()
    if known is None:
        topic = Topic.objects.create(line_id=line_id, name=name, position=_after(siblings))
        record_creation(actor=administrator, subject=topic)
        return topic
    if known.is_active:
        raise _taken()
    with recorded(known, actor=administrator, action=Action.RESTORED):
        known.is_active, known.position = True, _after(siblings)
        known.save(update_fields=["is_active", "position"])
    return known


@transaction.atomic
def change_topic(*, administrator: User, topic_id: int, name: str) -> Topic:
    """Another name, in the dialogs that have it, too. Raises ``NotAllowed``, ``NotFound``, ``InvalidInput``."""
    require_administrator(administrator)
    topic = _found(topic_id)
    name = _checked(name)
    if any(other.pk != topic_id and other.name.casefold() == name.casefold() for other in _locked(topic.line_id)):
        raise _taken()
    with recorded(topic, actor=administrator):
        topic.name = name
        topic.save(update_fields=["name"])
    announce_dictionaries()
    return topic


@transaction.atomic
def order_topics(*, administrator: User, line_id: int | None, topic_ids: Sequence[int]) -> None:
    """Their numbers in the sheet from now on. Raises ``NotAllowed``, ``InvalidInput`` unless all are named once."""
    require_administrator(administrator)
    topics = {topic.pk: topic for topic in _locked(line_id) if topic.is_active}
    if sorted(topic_ids) != sorted(topics):
        raise InvalidInput(_("The topics have changed meanwhile. Look at them once more."))
    before = [topic.name for topic in topics.values()]
    for position, topic_id in enumerate(topic_ids, start=1):
        topics[topic_id].position = position
        topics[topic_id].save(update_fields=["position"])
    if topic_ids:
        after = [topics[topic_id].name for topic_id in topic_ids]
        record_change(
            actor=administrator, action=Action.CHANGED, subject=topics[topic_ids[0]], before={"order": before},
            after={"order": after},
        )  # fmt: skip
    announce_dictionaries()


@transaction.atomic
def remove_topic(*, administrator: User, topic_id: int) -> None:
    """Nobody can choose it any more; dialogs that have it keep it. Raises ``NotAllowed``, ``NotFound``."""
    require_administrator(administrator)
    topic = _found(topic_id)
    if Dialog.objects.filter(topic=topic).exists():
        with recorded(topic, actor=administrator, action=Action.ARCHIVED):
            topic.is_active = False
            topic.save(update_fields=["is_active"])
    else:
        record_removal(actor=administrator, subject=topic)
        topic.delete()
    announce_dictionaries()


@transaction.atomic
def set_dialog_topic(*, dialog_id: int, operator: User, topic_id: int | None) -> Dialog:
    """What the dialog is about, before its end or after it. By its operator, or a supervisor.

    Raises ``NotFound``, ``NotAllowed``, ``InvalidInput``, ``TopicRequired``.
    """
    visible_dialog(operator, dialog_id)
    dialog = lock_dialog(dialog_id)
    if dialog.owner_id != operator.pk and not steers(operator, dialog.line_id):
        raise NotAllowed(_("Only the operator of this dialog or a supervisor can choose its topic."))
    topic = chosen_topic(dialog, topic_id)
    if topic is None and not dialog.is_open and is_topic_required(dialog):
        raise TopicRequired
    if dialog.topic != topic:
        dialog.topic = topic
        save_changes(dialog, "topic")
    return dialog


def chosen_topic(dialog: Dialog, topic_id: int | None) -> Topic | None:
    """Raises ``InvalidInput`` for what can't be chosen in the dialog's line."""
    if topic_id is None:
        return None
    if topic_id == dialog.topic_id:
        return dialog.topic
    topic = topics_of(dialog.line).filter(pk=topic_id).first()
    if topic is None:
        raise InvalidInput(
            _("This topic can't be chosen in the dialog's line."), fields={"topic_id": [_("Choose another topic.")]}
        )
    return topic


def is_topic_required(dialog: Dialog) -> bool:
    """A rule without topics asks for nothing."""
    return dialog.line.topic_rule == Line.TopicRule.MUST and topics_of(dialog.line).exists()


def copy_topics(*, line: Line, copy: Line) -> None:
    """The copy of a line has the same ones, as rows of its own."""
    topics = Topic.objects.filter(line=line, is_active=True).values("name", "position")
    Topic.objects.bulk_create(Topic(line=copy, **topic) for topic in topics)


def _locked(line_id: int | None) -> list[Topic]:
    """Those of the line, or of the company, put away ones, too. The line's row keeps two administrators apart."""
    if line_id is None:
        which = Q(line=None)
    elif Line.objects.select_for_update(no_key=True).filter(pk=line_id).first() is None:
        raise NotFound
    else:
        which = Q(line_id=line_id)
    return list(Topic.objects.select_for_update().filter(which).order_by("position", "id"))


def _found(topic_id: int) -> Topic:
    topic = Topic.objects.select_for_update().filter(pk=topic_id).first()
    if topic is None:
        raise NotFound
    return topic


def _after(topics: Sequence[Topic]) -> int:
    return max((topic.position for topic in topics), default=0) + 1


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(_("Give it a name."), fields={"name": [_("Give it a name.")]})
    return name[:LONGEST_NAME]


def _taken() -> InvalidInput:
    words = _("There is a topic with this name already.")
    return InvalidInput(words, fields={"name": [words]})
