"""Call-backs: who is to be called, when and by whom. Each reminds its operator once, when it is time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotFound
from common.events import publish
from crm.addresses import phone_number
from crm.models import Client, User
from openlines.access import visible_call_backs, visible_clients, visible_dialog
from openlines.call_backs import call_backs_json
from openlines.changes import send_frame
from openlines.events import CallBackDue
from openlines.models import CallBack, Dialog
from openlines.services.clients import announce_card
from openlines.streams import user_stream

LONGEST_COMMENT = 500
FARTHEST = timedelta(days=366)
# What is noted a moment too late is meant for now.
LENIENCE = timedelta(minutes=5)
BATCH = 100


@transaction.atomic
def create_call_back(
    *,
    actor: User,
    client_id: int,
    phone: str,
    due_at: datetime,
    comment: str = "",
    operator_id: int | None = None,
    dialog_id: int | None = None,
    now: datetime,
) -> CallBack:
    """A client of one's own is to be called by oneself, or by a colleague. Raises ``NotFound``, ``InvalidInput``."""
    client = visible_clients(actor).filter(pk=client_id).first()
    if client is None:
        raise NotFound
    call_back = CallBack(
        client=client, dialog=_dialog(actor, client, dialog_id), operator=_operator(operator_id or actor.pk),
        phone=_phone(phone), comment=_comment(comment), due_at=_time(due_at, now), created_by=actor,
    )  # fmt: skip
    call_back.save()
    _announce(call_back)
    return call_back


@transaction.atomic
def change_call_back(*, actor: User, call_back_id: int, changes: Mapping[str, Any], now: datetime) -> CallBack:
    """``changes`` are of phone, due_at, comment, operator_id and is_done; another time reminds anew.

    Raises ``NotFound``, ``InvalidInput``.
    """
    call_back = _held(actor, call_back_id)
    _announce(call_back)
    if "phone" in changes:
        call_back.phone = _phone(changes["phone"])
    if "comment" in changes:
        call_back.comment = _comment(changes["comment"])
    if "operator_id" in changes:
        call_back.operator = _operator(changes["operator_id"])
        call_back.reminded_at = None
    if "due_at" in changes:
        call_back.due_at, call_back.reminded_at = _time(changes["due_at"], now), None
    if "is_done" in changes:
        call_back.done_at = (call_back.done_at or now) if changes["is_done"] else None
    call_back.save()
    _announce(call_back)
    return call_back


@transaction.atomic
def remove_call_back(*, actor: User, call_back_id: int) -> None:
    """Nobody is to be called after all. Raises ``NotFound``."""
    call_back = _held(actor, call_back_id)
    _announce(call_back)
    call_back.delete()


def remind_of_call_backs(*, now: datetime) -> int:
    """Tell the operators of what is due; returns of how many. Each is told once, however many workers ask."""
    total = 0
    while done := _remind(now):
        total += done
    return total


@transaction.atomic
def _remind(now: datetime) -> int:
    due = CallBack.objects.select_for_update(of=("self",), skip_locked=True)
    due = due.filter(reminded_at=None, done_at=None, due_at__lte=now).order_by("due_at")
    ids = list(due.values_list("pk", flat=True)[:BATCH])
    CallBack.objects.filter(pk__any_of=ids).update(reminded_at=now)
    for call_back in call_backs_json(CallBack.objects.filter(pk__any_of=ids).order_by("due_at", "pk")):
        _send({"type": "call_back.due", "call_back": call_back}, call_back["operator"]["id"])
        publish(CallBackDue(call_back["id"], call_back["operator"]["id"]))
    return len(ids)


def _send(frame: Mapping[str, object], *user_ids: int | None) -> None:
    streams = {user_stream(pk) for pk in user_ids if pk is not None}
    transaction.on_commit(lambda: send_frame(frame, to=streams), robust=True)


def _announce(call_back: CallBack) -> None:
    """Lists of those concerned, and cards of the client, ask again."""
    _send({"type": "call_backs.changed"}, call_back.operator_id, call_back.created_by_id)
    announce_card(call_back.client_id)


def _held(actor: User, call_back_id: int) -> CallBack:
    if not visible_call_backs(actor).filter(pk=call_back_id).exists():
        raise NotFound
    return CallBack.objects.select_for_update(of=("self",)).get(pk=call_back_id)


def _dialog(actor: User, client: Client, dialog_id: int | None) -> Dialog | None:
    if dialog_id is None:
        return None
    dialog = visible_dialog(actor, dialog_id)
    if dialog.client_id != client.pk:
        raise InvalidInput(fields={"dialog_id": [_("This is a dialog with another client.")]})
    return dialog


def _operator(operator_id: int) -> User:
    operator = User.objects.filter(pk=operator_id).first()
    if operator is None or not operator.works_with_clients:
        raise InvalidInput(fields={"operator_id": [_("Choose a colleague.")]})
    return operator


def _phone(text: str) -> str:
    number = phone_number(text)
    if number is None:
        words = _("Enter a whole phone number, such as +7 916 123-45-67.")
        raise InvalidInput(words, fields={"phone": [words]})
    return number


def _comment(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_COMMENT:
        words = _("At most %(limit)d characters.") % {"limit": LONGEST_COMMENT}
        raise InvalidInput(words, fields={"comment": [words]})
    return text


def _time(due_at: datetime, now: datetime) -> datetime:
    if not now - LENIENCE <= due_at <= now + FARTHEST:
        words = _("Choose a time from now on, within a year.")
        raise InvalidInput(words, fields={"due_at": [words]})
    return due_at
