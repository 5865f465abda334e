"""What an administrator enters at the provider by hand, for kinds whose webhook the product can't set itself."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from channels_connectors.models import Account
from channels_connectors.registry import SETUPS
from channels_connectors.services.channels import webhook_url
from channels_connectors.setup import Words


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    name: str
    label: Words
    value: str


def provider_entries(account: Account) -> list[ProviderEntry]:
    """For the eyes of administrators alone: whoever knows these can write in the provider's name."""
    setup = SETUPS.get(account.channel.kind)
    if setup is None:
        return []
    labels = {
        "webhook_url": _("Address of the webhook"), "verify_token": _("Verify token"),
        "events_url": _("Address for your events"),
    }  # fmt: skip
    labels |= setup.extra.get("labels", {})
    return [ProviderEntry(name, labels.get(name, name), _value(account, name)) for name in setup.shown_after]


def _value(account: Account, name: str) -> str:
    if name == "webhook_url":
        return webhook_url(account)
    if name == "events_url":
        return f"{settings.PUBLIC_URL}/api/v1/channels/{account.channel_id}/events/"
    return account.webhook_secret if name == "verify_token" else str(account.settings.get(name, ""))
