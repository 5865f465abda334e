"""A website chat as its visitors meet it: its public key, where it may be shown, what it is called.

Kept in ``Account.settings``: ``public_key``, ``allowed_origins`` (none: any site), ``title`` (what visitors read above
the conversation).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_connectors.livechat.connector import LiveChat
from channels_connectors.models import Account
from common.errors import DomainError, InvalidInput, NotFound
from crm.audit import Action, record_change
from crm.models import User
from openlines.models import Channel
from openlines.services.lines import require_administrator

TITLE_LENGTH = 80
DEFAULT_PORTS = {"http": 80, "https": 443}


class ChatClosed(DomainError):
    code = "chat_closed"
    message = gettext_lazy("This chat is closed at the moment.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Widget:
    channel: Channel
    key: str
    title: str
    allowed_origins: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return self.channel.is_open and self.channel.line.is_active

    def may_be_shown_on(self, origin: str) -> bool:
        return not self.allowed_origins or origin in self.allowed_origins


def widget_of(channel: Channel) -> Widget:
    """Raises ``NotFound`` for channels of other kinds."""
    if channel.kind != LiveChat.kind:
        raise NotFound
    values = channel.account.settings
    return Widget(
        channel=channel,
        key=values["public_key"],
        title=values.get("title", ""),
        allowed_origins=tuple(values.get("allowed_origins", ())),
    )


def find_widget(key: str) -> Widget:
    """The website chat with this public key, open or not. Raises ``NotFound``."""
    accounts = Account.objects.select_related("channel__line", "channel__account")
    account = accounts.filter(channel__kind=LiveChat.kind, settings__public_key=key).first()
    if account is None:
        raise NotFound
    return widget_of(account.channel)


def open_widget(key: str) -> Widget:
    """Raises ``NotFound``, ``ChatClosed`` (paused, disconnected, its line does not work)."""
    widget = find_widget(key)
    if not widget.is_open:
        raise ChatClosed
    return widget


def widget_of_line(line_key: str) -> Widget:
    """The first open website chat of the line with this public key. Raises ``NotFound``."""
    channels = Channel.objects.select_related("line", "account").filter(
        kind=LiveChat.kind, line__public_key=line_key, line__is_active=True
    )
    for channel in channels.order_by("pk"):
        if channel.is_open:
            return widget_of(channel)
    raise NotFound


def embed_code(channel: Channel, *, base_url: str = "") -> str:
    """The line of HTML that puts the chat on a site; ``base_url`` serves where no PUBLIC_URL is configured."""
    address = f"{settings.PUBLIC_URL or base_url.rstrip('/')}/chat/{widget_of(channel).key}/loader.js"
    return f'<script async src="{escape(address)}"></script>'


@transaction.atomic
def change_widget(
    *, administrator: User, channel: Channel, title: str | None = None, allowed_origins: Iterable[str] | None = None
) -> Widget:
    """New settings of a website chat. Raises ``NotAllowed``, ``NotFound``, ``InvalidInput``."""
    require_administrator(administrator)
    account = Account.objects.select_for_update().get(channel=channel)
    before = dict(account.settings)
    if title is not None:
        account.settings["title"] = _checked_title(title)
    if allowed_origins is not None:
        wanted = [text.strip() for text in allowed_origins if text.strip()]
        account.settings["allowed_origins"] = sorted({normal_origin(text) for text in wanted})
    account.save(update_fields=["settings"])
    record_change(actor=administrator, action=Action.CHANGED, subject=channel, before=before, after=account.settings)
    channel.account = account
    return widget_of(channel)


def _checked_title(title: str) -> str:
    if len(title.strip()) > TITLE_LENGTH:
        message = _("At most %(limit)d characters.") % {"limit": TITLE_LENGTH}
        raise InvalidInput(fields={"title": [message]})
    return title.strip()


def normal_origin(address: str) -> str:
    """The origin of a site as browsers name it: ``https://shop.example``, without path, in ASCII."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except ValueError:
        host, port = "", None
    if not host or parts.scheme not in DEFAULT_PORTS or set(host) & set(" *;,'\"<>"):
        message = _("“%(address)s” is not the address of a site. Write it as https://shop.example.")
        raise InvalidInput(fields={"allowed_origins": [message % {"address": address[:100]}]})
    is_default = port is None or port == DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{host}" if is_default else f"{parts.scheme}://{host}:{port}"
