"""What administrators fill in about staff."""

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext_lazy as _

from common.forms import PageForm
from crm.models import User

ROLES = (
    (User.Role.OPERATOR, _("Operator"), _("Answers clients in the lines whose queue they are in")),
    (User.Role.SUPERVISOR, _("Supervisor"), _("Sees and steers all dialogs of their lines, reads reports")),
    (User.Role.ADMINISTRATOR, _("Administrator"), _("Sees and configures everything")),
    (User.Role.NONE, _("No access"), _("Can sign in, but sees nothing")),
)


class MemberForm(PageForm):
    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)
    role = forms.ChoiceField(
        label=_("Role"), choices=[(value, title) for value, title, _hint in ROLES], widget=forms.RadioSelect
    )

    @property
    def roles(self) -> list[tuple[str, object, object, bool]]:
        chosen = self["role"].value()
        return [(value, title, hint, value == chosen) for value, title, hint in ROLES]


class ChangeMemberForm(MemberForm):
    dialog_limit = forms.IntegerField(
        label=_("Dialogs at once, over all lines"),
        help_text=_("Empty: as many as the lines give."),
        min_value=1,
        max_value=1000,
        required=False,
    )


class PasswordForm(PageForm):
    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters. Tell it in person, or by a channel you trust."),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class NewMemberForm(MemberForm):
    username = forms.CharField(
        label=_("User name"),
        help_text=_("To sign in with: letters, digits and @ . + - _"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters. Tell it in person, or by a channel you trust."),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TokenForm(PageForm):
    name = forms.CharField(label=_("What is it for?"), max_length=100, help_text=_("For example: our online shop"))
