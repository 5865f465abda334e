"""The channel kinds as administrators see them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_connectors.registry import CONNECTORS


@dataclass(frozen=True, slots=True)
class Kind:
    key: str
    title: str | Promise
    hint: str | Promise


KINDS = {
    kind.key: kind
    for kind in (
        Kind("telegram", _("Telegram"), _("A bot that your clients write to")),
        Kind("livechat", _("Website chat"), _("A button on your site, and a page of its own")),
        Kind("sandbox", _("Sandbox"), _("Play the client yourself, no account needed")),
    )
    if kind.key in CONNECTORS
}


def kind_of(key: str) -> Kind:
    return KINDS.get(key) or Kind(key, key, "")
