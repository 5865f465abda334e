from typing import Any

from django.utils.translation import gettext_lazy as _

from channels_connectors.email.services import OAUTH, PASSWORD, PLAIN, SERVICES, STARTTLS, TLS
from channels_connectors.setup import SETTINGS, Field, Setup, Step, Words, api_address

SECURITIES = (
    ("", _("As usual")),
    (TLS, _("TLS from the beginning")),
    (STARTTLS, _("STARTTLS")),
    (PLAIN, _("None, only inside your own network")),
)
OAUTH_HINT = _("Only for a login without a password.")


def _server(protocol: str, label: Words, hint: Words, example: str) -> tuple[Field, ...]:
    kept: dict[str, Any] = {"kept_in": SETTINGS, "is_required": False, "is_advanced": True}
    return (
        Field(
            name=f"{protocol}_host", label=label, hint=hint, placeholder=example, pattern=r"[A-Za-z0-9._:-]+",
            refusal=_("Enter the name of a server, like mail.example.com."), max_length=255, **kept,
        ),
        Field(
            name=f"{protocol}_port", label=_("Port"), hint=_("Empty: the usual one."), widget="number", max_length=5,
            **kept,
        ),
        Field(
            name=f"{protocol}_security", label=_("Encryption"), widget="choice", choices=SECURITIES, **kept,
        ),
    )  # fmt: skip


SETUP = Setup(
    kind="email",
    title=_("E-mail"),
    hint=_("A mailbox that your clients write to"),
    fields=(
        Field(
            name="address",
            label=_("Address of the mailbox"),
            hint=_("Your answers come from this address."),
            widget="email",
            kept_in=SETTINGS,
            placeholder="support@example.com",
            max_length=254,
        ),
        Field(
            name="password",
            label=_("Password"),
            hint=_("Gmail, Yandex, Mail.ru, iCloud and Yahoo want a password for apps: you make it in their settings."),
            widget="password",
            is_required=False,
            max_length=1024,
        ),
        Field(
            name="sender_name",
            label=_("Name of the sender"),
            hint=_("What clients see beside the address, like the name of your company."),
            kept_in=SETTINGS,
            is_required=False,
            max_length=100,
        ),
        Field(
            name="service",
            label=_("Mail service"),
            hint=_("Usually told by the address. Choose it for a domain of your own that lives at one of these."),
            widget="choice",
            kept_in=SETTINGS,
            is_required=False,
            choices=(("", _("By the address")), *((key, service.name) for key, service in SERVICES.items())),
        ),
        *_server("imap", _("Server for incoming mail (IMAP)"), _("Empty: the service's own."), "imap.example.com"),
        *_server("smtp", _("Server for outgoing mail (SMTP)"), _("Empty: the service's own."), "smtp.example.com"),
        Field(
            name="login",
            label=_("User name"),
            hint=_("Empty: the address."),
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            max_length=255,
        ),
        Field(
            name="sent_folder",
            label=_("Folder of sent mails"),
            hint=_("With it, what your staff write in a mail program is shown in the conversation too."),
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            placeholder="Sent",
            max_length=255,
        ),
        Field(
            name="aliases",
            label=_("Other addresses of this mailbox"),
            hint=_("With commas between them. Answers are never sent there."),
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            max_length=2000,
        ),
        Field(
            name="thread_mark",
            label=_("Mark of the conversation"),
            hint=_(
                "Answers find their conversation by what mail programs add. For those that add nothing, a mark can"
                " stand in the subject or in the address for answers."
            ),
            widget="choice",
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            choices=(("", _("None")), ("subject", _("In the subject")), ("address", _("In the address"))),
        ),
        Field(
            name="auth",
            label=_("Way to log in"),
            hint=_("Microsoft 365 takes no passwords: it wants an application of your own (OAuth)."),
            widget="choice",
            kept_in=SETTINGS,
            is_required=False,
            is_advanced=True,
            choices=((PASSWORD, _("With the password")), (OAUTH, _("Without a password (OAuth)"))),
            initial=PASSWORD,
        ),
        Field(name="client_id", label=_("Client ID"), hint=OAUTH_HINT, is_required=False, is_advanced=True),
        Field(
            name="client_secret",
            label=_("Client secret"),
            hint=OAUTH_HINT,
            widget="password",
            is_required=False,
            is_advanced=True,
        ),
        Field(
            name="refresh_token",
            label=_("Refresh token"),
            hint=OAUTH_HINT,
            widget="password",
            is_required=False,
            is_advanced=True,
        ),
        api_address(
            label=_("Address where tokens are renewed"),
            hint=_("Empty: the service's own."),
            default="https://login.microsoftonline.com/…/oauth2/v2.0/token",
        ),
    ),
    guide=(
        Step(
            title=_("Let mail programs in"),
            text=_(
                "In the mailbox's settings in the browser find the section about mail programs and switch IMAP on. Some"
                " services have it on from the start, some let only the administrator of the domain do it."
            ),
            picture="settings/channels/guides/email.svg.html",
        ),
        Step(
            title=_("Make a password for apps"),
            text=_(
                "In the settings of the account, under security, switch two-step login on and make a password for apps."
                " Copy it here: the usual password is not accepted by most services."
            ),
        ),
        Step(
            title=_("Leave the mailbox to this channel"),
            text=_(
                "New mails become conversations, from the moment it is connected; older ones stay where they are. Mails"
                " are not marked as read and never deleted. Rules that move mails out of the inbox hide them from it."
            ),
        ),
    ),
    test_hint=_("Write to the mailbox from another address."),
    token_advice=_("Make a new password for apps in the mail service, and enter it below. What waits is sent then."),
)
