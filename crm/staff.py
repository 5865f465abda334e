"""Staff accounts: what administrators change. The last administrator can't be lost, whoever tries."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput, NotAllowed, NotFound
from common.events import publish
from crm.audit import Action, record_change, record_creation, recorded
from crm.events import StaffChanged
from crm.models import AccessToken, User
from crm.services import issue_token

ABLE = Q(is_active=True) & (Q(role=User.Role.ADMINISTRATOR) | Q(is_superuser=True))


class LastAdministrator(DomainError):
    code = "last_administrator"
    message = gettext_lazy("This is the last administrator. Give somebody else the role first.")


def require_administrator(user: User) -> None:
    if not user.is_administrator:
        raise NotAllowed(_("Only administrators manage staff."))


def add_member(
    *, administrator: User, username: str, first_name: str, last_name: str, role: str, password: str
) -> User:
    """A new account. Raises ``NotAllowed``, ``InvalidInput`` (name taken, weak password)."""
    require_administrator(administrator)
    member = User(username=username, first_name=first_name, last_name=last_name, language=administrator.language)
    _set_role(member, role)
    _set_password(member, password)
    try:
        with transaction.atomic():
            member.save()
            record_creation(actor=administrator, subject=member)
            publish(StaffChanged(member.pk))
    except IntegrityError as error:
        raise InvalidInput(fields={"username": [_("This user name is taken.")]}) from error
    return member


@transaction.atomic
def change_member(
    *, administrator: User, member_id: int, first_name: str, last_name: str, role: str, dialog_limit: int | None = None
) -> User:
    """Another name, role, or limit of dialogs over all lines.

    Raises ``NotAllowed``, ``NotFound``, ``LastAdministrator``.
    """
    member = _locked(administrator, member_id)
    if member.is_administrator and role != User.Role.ADMINISTRATOR:
        _require_another_administrator(member)
    with recorded(member, actor=administrator):
        member.first_name, member.last_name, member.dialog_limit = first_name, last_name, dialog_limit
        _set_role(member, role)
        member.save(update_fields=["first_name", "last_name", "dialog_limit", "role", "is_staff", "is_superuser"])
    publish(StaffChanged(member.pk))
    return member


@transaction.atomic
def set_password(*, administrator: User, member_id: int, password: str) -> User:
    """A new password; whoever is signed in with the old one is signed out. Raises ``InvalidInput`` (weak)."""
    member = _locked(administrator, member_id)
    with recorded(member, actor=administrator):
        _set_password(member, password)
        member.save(update_fields=["password"])
    publish(StaffChanged(member.pk))
    return member


@transaction.atomic
def set_active(*, administrator: User, member_id: int, is_active: bool) -> User:
    """Let someone in, or out: then they leave all queues, and their dialogs go to the others.

    Raises ``NotAllowed`` (oneself), ``NotFound``, ``LastAdministrator``.
    """
    member = _locked(administrator, member_id)
    if member.is_administrator and not is_active:
        _require_another_administrator(member)
    if member.pk == administrator.pk and not is_active:
        raise NotAllowed(_("You can't switch your own account off. Another administrator can."))
    with recorded(member, actor=administrator):
        member.is_active = is_active
        member.save(update_fields=["is_active"])
    publish(StaffChanged(member.pk))
    return member


@transaction.atomic
def give_token(*, administrator: User, member_id: int, name: str) -> str:
    """A new token of the API with the member's rights. It is shown once."""
    require_administrator(administrator)
    member = User.objects.filter(pk=member_id, is_active=True).first()
    if member is None:
        raise NotFound
    token = issue_token(user=member, name=name)
    access = AccessToken.objects.get(digest=AccessToken.digest_of(token))
    record_creation(actor=administrator, action=Action.TOKEN_GIVEN, subject=access)
    return token


@transaction.atomic
def revoke_token(*, administrator: User, token_id: int, now: datetime) -> AccessToken:
    """The token opens nothing from now on. Revoking twice changes nothing. Raises ``NotAllowed``, ``NotFound``."""
    require_administrator(administrator)
    token = AccessToken.objects.select_for_update(of=("self",)).select_related("user").filter(pk=token_id).first()
    if token is None:
        raise NotFound
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        record_change(
            actor=administrator, action=Action.TOKEN_REVOKED, subject=token, before={},
            after={"user": token.user, "revoked_at": now}, now=now,
        )  # fmt: skip
    return token


def _locked(administrator: User, member_id: int) -> User:
    """The member, with all administrators locked in one order: two can't switch each other off at once."""
    require_administrator(administrator)
    rows = User.objects.select_for_update(no_key=True).filter(ABLE | Q(pk=member_id)).order_by("pk")
    member = next((row for row in rows if row.pk == member_id), None)
    if member is None:
        raise NotFound
    return member


def _require_another_administrator(member: User) -> None:
    if not User.objects.filter(ABLE).exclude(pk=member.pk).exists():
        raise LastAdministrator


def _set_role(member: User, role: str) -> None:
    """Administrators have the back room too."""
    member.role = role
    member.is_staff = member.is_superuser = role == User.Role.ADMINISTRATOR


def _set_password(member: User, password: str) -> None:
    try:
        validate_password(password, member)
    except ValidationError as error:
        raise InvalidInput(fields={"password": error.messages}) from error
    member.set_password(password)
