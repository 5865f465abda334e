"""Well-known mail services, so that nobody has to look up their servers, and how an account's own are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError

TLS, STARTTLS, PLAIN = "tls", "starttls", "plain"
OAUTH, PASSWORD = "oauth", "password"


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    security: str


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    imap: Server
    smtp: Server
    domains: tuple[str, ...] = ()
    token_url: str = ""
    scope: str = ""


def _service(name: str, imap: str, smtp: str, domains: str = "", *, port: int = 465, **more: str) -> Service:
    security = TLS if port == 465 else STARTTLS
    return Service(name, Server(imap, 993, TLS), Server(smtp, port, security), tuple(domains.split()), **more)


MICROSOFT = {
    "token_url": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "scope": "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access",
}
SERVICES = {
    "gmail": _service(
        "Gmail", "imap.gmail.com", "smtp.gmail.com", "gmail.com googlemail.com",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address, no secret
    ),
    "outlook": _service(
        "Microsoft 365, Outlook.com", "outlook.office365.com", "smtp.office365.com",
        "outlook.com hotmail.com live.com msn.com", port=587, **MICROSOFT,
    ),
    "yandex": _service("Yandex", "imap.yandex.ru", "smtp.yandex.ru", "yandex.ru ya.ru yandex.com yandex.by yandex.kz"),
    "mailru": _service("Mail.ru", "imap.mail.ru", "smtp.mail.ru", "mail.ru bk.ru list.ru inbox.ru internet.ru vk.com"),
    "rambler": _service("Rambler", "imap.rambler.ru", "smtp.rambler.ru", "rambler.ru lenta.ru autorambler.ru ro.ru"),
    "icloud": _service("iCloud", "imap.mail.me.com", "smtp.mail.me.com", "icloud.com me.com mac.com", port=587),
    "yahoo": _service("Yahoo", "imap.mail.yahoo.com", "smtp.mail.yahoo.com", "yahoo.com ymail.com"),
    "fastmail": _service("Fastmail", "imap.fastmail.com", "smtp.fastmail.com", "fastmail.com"),
    "zoho": _service("Zoho", "imap.zoho.com", "smtp.zoho.com", "zoho.com"),
    "gmx": _service("GMX", "imap.gmx.com", "mail.gmx.com", "gmx.com gmx.net gmx.de", port=587),
}  # fmt: skip
SERVICES_BY_DOMAIN = {domain: service for service in SERVICES.values() for domain in service.domains}


def address_of(account: Account) -> str:
    return str(account.settings.get("address") or account.external_id).strip().lower()


def service_of(settings: Mapping[str, Any], address: str) -> Service | None:
    """The chosen one, else the one that the address belongs to."""
    return SERVICES.get(str(settings.get("service", ""))) or SERVICES_BY_DOMAIN.get(address.rpartition("@")[2])


def server_of(account: Account, protocol: str) -> Server:
    """``imap`` or ``smtp``: as filled in, else the service's own. Raises ``ConnectorError``."""
    settings = account.settings
    service = service_of(settings, address_of(account))
    known: Server | None = getattr(service, protocol) if service else None
    host = str(settings.get(f"{protocol}_host") or (known.host if known else ""))
    if not host:
        raise ConnectorError(_("Fill in the mail servers: this service is not known to us."), kind="PERMANENT")
    security = str(settings.get(f"{protocol}_security") or (known.security if known else TLS))
    usual = {"imap": {TLS: 993}, "smtp": {TLS: 465}}[protocol].get(security, 143 if protocol == "imap" else 587)
    return Server(
        host, int(settings.get(f"{protocol}_port") or (known.port if known and host == known.host else usual)), security
    )


def login_of(account: Account) -> str:
    return str(account.settings.get("login") or address_of(account))


def uses_oauth(account: Account) -> bool:
    return account.settings.get("auth") == OAUTH
