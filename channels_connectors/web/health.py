"""How a channel does, in words: what is the matter, and what to do about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from channels_connectors.connector import Connector
from channels_connectors.models import Account
from channels_connectors.registry import CONNECTORS
from channels_connectors.services.watch_notes import read_notes
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
# What the watchdog found, see ``services.watch_notes``.
TROUBLES = {
    "webhook": _("The provider does not deliver to us"),
    "credentials": _("The credentials could not be renewed"),
}
TOKEN_ADVICE = _("Get new credentials at the provider and enter them below. What waits is sent then.")


SOON = timedelta(days=3)


def health_of(channel: Channel, *, now: datetime | None = None) -> Health:
    """``now`` adds what passes by itself: a provider that asks for patience, credentials that end soon."""
    if channel.state == State.CONNECTED:
        passing = _passing(channel, now) if now else None
        works = Health("ok", channel.name, _("Works"), "" if channel.last_event_at else _("No message has come yet."))
        return passing or works
    if channel.state == State.DEGRADED:
        title = TROUBLES.get(read_notes(channel.account).trouble, _("Has trouble"))
        return Health("warn", channel.last_error or title, title, _trouble(channel))
    if channel.state == State.TOKEN_REVOKED:
        return Health("warn", _("Needs a new token"), _("The token is no longer accepted"), _token_advice(channel))
    return PAUSED if channel.state == State.PAUSED else DISCONNECTED


def _passing(channel: Channel, now: datetime) -> Health | None:
    paused_until, ends = channel.account.paused_until, channel.account.credentials_expire_at
    if paused_until and paused_until > now:
        advice = _("What operators write goes out in order as soon as the provider takes it. Nothing is lost.")
        return Health("warn", _("Slowed down"), _("The provider asks us to slow down"), advice)
    if ends and ends < now + SOON and ends > now and not _renews_itself(channel):
        return Health("warn", _("Access ends soon"), _("The credentials end soon"), _token_advice(channel))
    return None


def _renews_itself(channel: Channel) -> bool:
    connector = CONNECTORS.get(channel.kind)
    return connector is not None and type(connector).refresh is not Connector.refresh


def _token_advice(channel: Channel) -> Words:
    return setup_of(channel.kind).token_advice or TOKEN_ADVICE


def _trouble(channel: Channel) -> Words:
    if read_notes(channel.account).trouble == "credentials":
        return _token_advice(channel)
    if channel.account.inbound == Account.Inbound.WEBHOOK:
        return _("Check that %(address)s can be reached from the internet over HTTPS, then check again.") % {
            "address": settings.PUBLIC_URL
        }
    return _("Check that this server reaches the provider, then check again. Nothing is lost meanwhile.")
