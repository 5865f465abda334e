"""Who may see and do what. Every page, API call, file and socket asks here."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from common.errors import NotFound
from common.statements import Statement
from crm.models import Client, Lead, User
from openlines.models import CallBack, Dialog, Line, LineGroup, Message

QUEUES_OF_OPERATOR = Statement(
    lambda user_id: Line.objects.filter(queue_members__operator_id=user_id).order_by().values_list("pk", "access")
)
SUPERVISED_LINES = Statement(lambda user_id: Line.objects.filter(supervised_by(user_id)).order_by().values_list("pk"))


def supervised_by(user_id: Any) -> Q:
    """Lines that name somebody as their supervisor, or whose group does."""
    own = Line.supervisors.through.objects.filter(user_id=user_id).values("line_id")
    groups = LineGroup.supervisors.through.objects.filter(user_id=user_id).values("linegroup_id")
    return Q(pk__in=own) | Q(group__in=groups)


def supervised_lines(user: User) -> QuerySet[Line]:
    """Lines whose dialogs the user steers as their supervisor; without the role it is nobody's."""
    return Line.objects.filter(supervised_by(user.pk)) if user.is_supervisor else Line.objects.none()


def watched_lines(user: User) -> QuerySet[Line]:
    """Lines whose every dialog the user may see."""
    if user.is_administrator:
        return Line.objects.all()
    by_setting = Q(queue_members__operator=user, access=Line.Access.LINE)
    return Line.objects.filter(by_setting | _by_role(user)).distinct()


def lines_of(user: User) -> QuerySet[Line]:
    """Lines the user works with in any way."""
    if user.is_administrator:
        return Line.objects.all()
    return Line.objects.filter(Q(queue_members__operator=user) | _by_role(user)).distinct()


def _by_role(user: User) -> Q:
    return supervised_by(user.pk) if user.is_supervisor else Q(pk__in=())


def visible_dialogs(user: User) -> QuerySet[Dialog]:
    if not user.works_with_clients:
        return Dialog.objects.none()
    if user.is_administrator:
        return Dialog.objects.all()
    own = Q(owner=user) | Q(offered_to__contains=[user.pk]) | invited(user)
    watched, served = _line_ids(user)
    queued = Q(state=Dialog.State.QUEUED, line_id__any_of=served)
    return Dialog.objects.filter(own | Q(line_id__any_of=watched) | queued)


def invited(user: User) -> Q:
    """Dialogs to which a colleague has invited the user. The second condition is that of the index."""
    return Q(participant_ids__contains=[user.pk]) & ~Q(participant_ids=[])


def _line_ids(user: User) -> tuple[list[int], list[int]]:
    """The ids of ``watched_lines`` and of ``lines_of`` someone who is no administrator."""
    queues = QUEUES_OF_OPERATOR.rows(user_id=user.pk)
    supervised = [pk for (pk,) in SUPERVISED_LINES.rows(user_id=user.pk)] if user.is_supervisor else []
    watched = {pk for pk, access in queues if access == Line.Access.LINE}
    return sorted(watched.union(supervised)), sorted({pk for pk, _access in queues}.union(supervised))


def visible_dialog(user: User, dialog_id: int) -> Dialog:
    """Raises ``NotFound`` for strangers, too: what one may not see does not exist."""
    dialog = visible_dialogs(user).filter(pk=dialog_id).first()
    if dialog is None:
        raise NotFound
    return dialog


def readable_dialogs(
    user: User, client_id: int | None = None, *, visible: QuerySet[Dialog] | None = None
) -> QuerySet[Dialog]:
    """The dialogs of a client, or of all of them, whose messages and files the user may read. ``visible`` are those of
    ``visible_dialogs``, if they are known already.

    Whoever sees any dialog of a client reads what was said with them in the same chats, and in all dialogs of lines
    that the user works with, whoever had them: a client is one person, whatever they write from.
    """
    dialogs = Dialog.objects.order_by()
    if client_id is not None:
        dialogs = dialogs.filter(client_id=client_id)
    if user.is_administrator:
        return dialogs
    visible = visible_dialogs(user) if visible is None else visible
    seen = visible.order_by().filter(client_id=OuterRef("client_id") if client_id is None else client_id)
    _watched, served = _line_ids(user)
    return dialogs.filter(Exists(seen), Q(chat_id__in=seen.values("chat_id")) | Q(line_id__any_of=served))


def visible_message(user: User, message_id: int) -> Message:
    """Raises ``NotFound`` unless the message is of a dialog that the user may read."""
    message = Message.objects.select_related("dialog").filter(pk=message_id).first()
    if message is None or not readable_dialogs(user, message.dialog.client_id).filter(pk=message.dialog_id).exists():
        raise NotFound
    return message


def visible_clients(user: User) -> QuerySet[Client]:
    """Clients of visible dialogs, and those the user is responsible for. Who was merged into another is that one."""
    clients = Client.objects.filter(merged_into=None)
    if user.is_administrator:
        return clients
    leads = Lead.objects.filter(client=OuterRef("pk"), responsible=user)
    return clients.filter(_was_heard(user, client="pk") | Exists(leads))


def visible_call_backs(user: User) -> QuerySet[CallBack]:
    """Of whoever makes the call or noted it down, and of those who supervise its dialog's line."""
    if not user.works_with_clients:
        return CallBack.objects.none()
    if user.is_administrator:
        return CallBack.objects.all()
    own = Q(operator=user) | Q(created_by=user)
    if user.is_supervisor:
        own |= Q(dialog__line__in=supervised_lines(user).order_by().values("pk"))
    return CallBack.objects.filter(own)


def visible_leads(user: User) -> QuerySet[Lead]:
    if user.is_administrator:
        return Lead.objects.all()
    return Lead.objects.filter(Q(responsible=user) | _was_heard(user, client="client"))


def _was_heard(user: User, *, client: str) -> Q:
    """Whether the user may see any dialog of the client. Asked row by row, so that short pages stay cheap."""
    return Q(Exists(visible_dialogs(user).order_by().filter(client=OuterRef(client))))


def steers(user: User, line_id: int) -> bool:
    """Supervisors of the line and administrators may act on any of its dialogs."""
    if user.is_administrator:
        return True
    return supervised_lines(user).filter(pk=line_id).exists()


def steered_lines(user: User) -> QuerySet[Line]:
    """Lines whose supervisor the user is; administrators have all."""
    return Line.objects.all() if user.is_administrator else supervised_lines(user)


def steered_line(user: User, line_id: int) -> Line:
    """Raises ``NotFound`` for operators, too: how a line distributes is their supervisor's business."""
    line = steered_lines(user).filter(pk=line_id).first()
    if line is None:
        raise NotFound
    return line
