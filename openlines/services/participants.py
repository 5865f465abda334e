"""Colleagues in a dialog beside its owner: invited by the owner or a supervisor, they see it and write to the client.

Participants count as nobody's load. They stay while the dialog changes hands inside its line, and on record when it is
closed; with another line they go, and whoever becomes its owner is none.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput, NotAllowed
from common.events import publish
from crm.models import User
from openlines.access import invited, steers, visible_dialog
from openlines.events import ColleaguesInvited
from openlines.models import Dialog
from openlines.services.lifecycle import require_open
from openlines.services.locking import lock_dialog, save_changes
from openlines.services.messages import add_service_line

MOST = 20


class NotInvited(DomainError):
    code = "not_invited"
    message = gettext_lazy("You were not invited to this dialog.")


@transaction.atomic
def invite_operators(*, dialog_id: int, actor: User, operator_ids: Sequence[int], now: datetime) -> Dialog:
    """From now on these colleagues see the dialog and answer with its owner. Whoever is in it already stays.

    Raises ``NotFound``, ``NotAllowed`` (not the owner, not a supervisor), ``InvalidInput``, ``DialogAlreadyClosed``.
    """
    visible_dialog(actor, dialog_id)
    dialog = lock_dialog(dialog_id)
    require_open(dialog)
    _require_deciding(dialog, actor)
    before = set(dialog.participant_ids)
    bring_in(dialog, _colleagues(operator_ids), by=actor, now=now)
    if newcomers := [pk for pk in dialog.participant_ids if pk not in before]:
        publish(ColleaguesInvited(dialog.pk, tuple(newcomers)))
    return dialog


def decides_who_joins(dialog: Dialog, actor: User) -> bool:
    return dialog.owner_id == actor.pk or steers(actor, dialog.line_id)


def _require_deciding(dialog: Dialog, actor: User) -> None:
    if not decides_who_joins(dialog, actor):
        raise NotAllowed(_("Only the operator of this dialog or a supervisor decides who joins it."))


def _colleagues(operator_ids: Sequence[int]) -> list[User]:
    """Locked, so that nobody who is being dismissed comes in; see ``take_out_who_left``."""
    wanted = sorted(set(operator_ids))
    found = User.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    people = [user for user in found if user.works_with_clients]
    if not wanted or len(people) != len(wanted):
        raise InvalidInput(_("There is no such operator."), fields={"operator_ids": [_("Choose colleagues.")]})
    return people


def bring_in(dialog: Dialog, people: Collection[User], *, by: User, now: datetime) -> None:
    """The locked dialog has these participants, too."""
    newcomers = [user for user in people if user.pk != dialog.owner_id and user.pk not in dialog.participant_ids]
    if not newcomers:
        return
    if len(dialog.participant_ids) + len(newcomers) > MOST:
        words = _("At most %(most)d colleagues can be in a dialog.") % {"most": MOST}
        raise InvalidInput(words, fields={"operator_ids": [words]})
    dialog.participant_ids = [*dialog.participant_ids, *(user.pk for user in newcomers)]
    save_changes(dialog, "participant_ids")
    for user in newcomers:
        add_service_line(dialog, "OPERATOR_INVITED", now=now, operator=user.name, by=by.name)


@transaction.atomic
def leave_dialog(*, dialog_id: int, operator: User, now: datetime) -> Dialog:
    """A participant has done their part. Raises ``NotFound``, ``NotInvited``."""
    visible_dialog(operator, dialog_id)
    dialog = lock_dialog(dialog_id)
    if operator.pk not in dialog.participant_ids:
        raise NotInvited
    _take_out(dialog, operator, "OPERATOR_LEFT", now)
    return dialog


@transaction.atomic
def remove_participant(*, dialog_id: int, actor: User, operator_id: int, now: datetime) -> Dialog:
    """The owner or a supervisor sends a participant away; asking again changes nothing.

    Raises ``NotFound``, ``NotAllowed``.
    """
    visible_dialog(actor, dialog_id)
    dialog = lock_dialog(dialog_id)
    _require_deciding(dialog, actor)
    participant = User.objects.filter(pk=operator_id).first()
    if participant is not None and operator_id in dialog.participant_ids:
        _take_out(dialog, participant, "OPERATOR_REMOVED", now, by=actor.name)
    return dialog


def _take_out(dialog: Dialog, who: User, code: str, now: datetime, **by: str) -> None:
    dialog.participant_ids = [pk for pk in dialog.participant_ids if pk != who.pk]
    save_changes(dialog, "participant_ids")
    add_service_line(dialog, code, now=now, operator=who.name, **by)


def take_out_who_left(*, operator: User, now: datetime) -> None:
    """Someone who no longer works with clients is a participant of nothing that is open."""
    joined = Dialog.objects.filter(invited(operator)).exclude(state=Dialog.State.CLOSED).order_by("pk")
    for dialog_id in list(joined.values_list("pk", flat=True)):
        with transaction.atomic():
            dialog = lock_dialog(dialog_id)
            if operator.pk in dialog.participant_ids:
                _take_out(dialog, operator, "OPERATOR_LEFT", now)
