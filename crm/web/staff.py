"""Staff and roles: the administrators' pages."""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError
from common.pages import drawer, settled
from crm.current import staff
from crm.models import AccessToken, User
from crm.staff import add_member, change_member, give_token, revoke_token, set_active, set_password
from crm.web.access import administrators_only
from crm.web.staff_forms import ChangeMemberForm, NewMemberForm, PasswordForm, TokenForm

CHANGED = ("staff-changed", "drawer-close")


@require_safe
@administrators_only
def staff_list(request: HttpRequest) -> HttpResponse:
    members = User.objects.order_by("-is_active", "first_name", "last_name", "pk")
    return render(request, "settings/staff/list.html", {"members": members})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def new_member(request: HttpRequest) -> HttpResponse:
    form = NewMemberForm(request.POST or None, initial={"role": User.Role.OPERATOR})
    if request.method == "POST" and form.is_valid():
        try:
            member = add_member(administrator=staff(request), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            return settled(
                request, _("%(name)s can sign in now.") % {"name": member.name}, back=_list(), events=CHANGED
            )
    return drawer(request, "settings/staff/new.html", {"form": form}, back=_list(), status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=member_id)
    if request.method != "POST":
        return _member_page(request, found)
    form = ChangeMemberForm(request.POST)
    if form.is_valid():
        try:
            change_member(administrator=staff(request), member_id=member_id, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            return settled(request, _("Saved."), back=_list(), events=CHANGED)
    return _member_page(request, found, form=form)


@require_POST
@administrators_only
def member_password(request: HttpRequest, member_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=member_id)
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            changed = set_password(administrator=staff(request), member_id=member_id, **form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            if changed.pk == request.user.pk:
                update_session_auth_hash(request, changed)
            words = _("The new password of %(name)s works from now on.") % {"name": changed.name}
            return settled(request, words, back=_list(), events=CHANGED)
    return _member_page(request, found, password_form=form)


@require_POST
@administrators_only
def member_active(request: HttpRequest, member_id: int) -> HttpResponse:
    """Switches an account off or on."""
    is_active = request.POST.get("is_active") == "1"
    try:
        changed = set_active(administrator=staff(request), member_id=member_id, is_active=is_active)
    except DomainError as error:
        form = _member_form(get_object_or_404(User, pk=member_id))
        return _member_page(request, get_object_or_404(User, pk=member_id), form=form, refusal=str(error))
    words = _("%(name)s can sign in again.") if is_active else _("%(name)s can't sign in any more.")
    return settled(request, words % {"name": changed.name}, back=_list(), events=CHANGED)


@never_cache
@require_POST
@administrators_only
def member_tokens(request: HttpRequest, member_id: int) -> HttpResponse:
    """A new token, shown in this one answer and never again."""
    found = get_object_or_404(User, pk=member_id)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _member_page(request, found, token_form=form)
    token = give_token(administrator=staff(request), member_id=member_id, name=form.cleaned_data["name"])
    return _member_page(request, found, new_token=token)


@require_POST
@administrators_only
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    token = revoke_token(administrator=staff(request), token_id=token_id, now=timezone.now())
    return _member_page(request, token.user)


def _member_page(request: HttpRequest, found: User, **more: Any) -> HttpResponse:
    context = {
        "member": found,
        "form": _member_form(found),
        "password_form": PasswordForm(),
        "token_form": TokenForm(),
        "tokens": AccessToken.objects.filter(user=found).order_by("-pk"),
        **more,
    }
    forms = [value for name, value in context.items() if name.endswith("form")]
    is_refused = "refusal" in more or any(form.errors for form in forms)
    return drawer(request, "settings/staff/member.html", context, back=_list(), status=422 if is_refused else 200)


def _member_form(found: User) -> ChangeMemberForm:
    role = User.Role.ADMINISTRATOR if found.is_superuser else found.role
    known = {name: getattr(found, name) for name in ("first_name", "last_name", "dialog_limit")}
    return ChangeMemberForm(initial=known | {"role": role})


def _list() -> str:
    return reverse("staff")
