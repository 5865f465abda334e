"""Groups of staff: what administrators change. Queues that hold a group follow it."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotFound
from common.events import publish
from crm.audit import record_creation, record_removal, recorded
from crm.events import StaffGroupChanged, StaffGroupRemoved
from crm.models import StaffGroup, User
from crm.staff import require_administrator


@transaction.atomic
def create_group(*, administrator: User, name: str, member_ids: Collection[int] = ()) -> StaffGroup:
    """Raises ``NotAllowed``, ``InvalidInput`` (name taken, unknown members)."""
    require_administrator(administrator)
    group = StaffGroup(name=name)
    _save(group)
    group.members.set(_members(member_ids))
    record_creation(actor=administrator, subject=group)
    return group


@transaction.atomic
def change_group(
    *, administrator: User, group_id: int, name: str | None = None, member_ids: Collection[int] | None = None
) -> StaffGroup:
    """Another name, other members; the queues that hold the group have them at once.

    Raises ``NotAllowed``, ``NotFound``, ``InvalidInput``.
    """
    group = _locked(administrator, group_id)
    with recorded(group, actor=administrator):
        if name is not None and name != group.name:
            group.name = name
            _save(group)
        if member_ids is not None:
            group.members.set(_members(member_ids))
    publish(StaffGroupChanged(group.pk))
    return group


@transaction.atomic
def remove_group(*, administrator: User, group_id: int) -> StaffGroup:
    """Whoever needs the group refuses: see the subscribers of ``StaffGroupRemoved``. Raises ``NotAllowed``,
    ``NotFound``."""
    group = _locked(administrator, group_id)
    publish(StaffGroupRemoved(group.pk))
    record_removal(actor=administrator, subject=group)
    group.delete()
    return group


def _locked(administrator: User, group_id: int) -> StaffGroup:
    require_administrator(administrator)
    group = StaffGroup.objects.select_for_update(no_key=True).filter(pk=group_id).first()
    if group is None:
        raise NotFound
    return group


def _save(group: StaffGroup) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise InvalidInput(fields={"name": [_("There is a group with this name.")]}) from error


def _members(member_ids: Collection[int]) -> list[User]:
    """Raises ``InvalidInput`` for those who don't work with clients."""
    members = [user for user in User.objects.filter(pk__in=member_ids) if user.works_with_clients]
    if len(members) != len(set(member_ids)):
        raise InvalidInput(fields={"members": [_("Only active staff can be in a group.")]})
    return members
