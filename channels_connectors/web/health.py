"""How a channel does, in words: what is the matter, and what to do about it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_connectors.models import Account
from channels_connectors.web.kinds import setup_of
from openlines.models import Channel

State = Channel.State
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Health:
    """``tone`` is ``ok``, ``warn`` or ``off``; ``short`` fits on a tile."""

    tone: str
    short: Words
    title: Words
    advice: Words = ""


PAUSED = Health(
    "off",
    _("Paused"),
    _("Paused"),
    _("What clients write is kept, and what operators write waits. Resume, and both go on."),
)
DISCONNECTED = Health(
    "off",
    _("Disconnected"),
    _("Disconnected"),
    _("Clients can't reach you here. Conversations are kept; connect again, and they go on."),
)
TOKEN_ADVICE = _("Get new credentials at the provider and enter them below. What waits is sent then.")


def health_of(channel: Channel) -> Health:
    if channel.state == State.CONNECTED:
        return Health("ok", channel.name, _("Works"), "" if channel.last_event_at else _("No message has come yet."))
    if channel.state == State.DEGRADED:
        return Health("warn", channel.last_error or _("Has trouble"), _("Has trouble"), _trouble(channel))
    if channel.state == State.TOKEN_REVOKED:
        advice = setup_of(channel.kind).token_advice or TOKEN_ADVICE
        return Health("warn", _("Needs a new token"), _("The token is no longer accepted"), advice)
    return PAUSED if channel.state == State.PAUSED else DISCONNECTED


def _trouble(channel: Channel) -> Words:
    if channel.account.inbound == Account.Inbound.WEBHOOK:
        return _("Check that %(address)s can be reached from the internet over HTTPS, then check again.") % {
            "address": settings.PUBLIC_URL
        }
    return _("Check that this server reaches the provider, then check again. Nothing is lost meanwhile.")
