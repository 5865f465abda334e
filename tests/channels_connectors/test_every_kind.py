"""Whatever the kind: pausing, moving and disconnecting keep threads and what waits."""

import pytest
from django.utils import timezone

from channels_connectors.connector import CheckedAccount
from channels_connectors.errors import ConnectorError
from channels_connectors.inbox import channels_with_waiting_events, keep_event
from channels_connectors.models import Account
from channels_connectors.polling import claim_accounts
from channels_connectors.registry import CONNECTORS, SETUPS
from channels_connectors.services.channels import (
    OWN_KINDS,
    connect_channel,
    connect_own,
    disconnect_channel,
    move_channel,
    set_channel_state,
)
from channels_connectors.services.deliveries import claim_due
from channels_connectors.services.given import Given
from openlines.models import Channel, Chat
from openlines.services.lines import create_line
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.factories import write

pytestmark = pytest.mark.row("C17")
KINDS = sorted(CONNECTORS)


class Provider:
    """Lets every kind be connected, and keeps what is asked of it."""

    def __init__(self, kind, monkeypatch):
        self.kind, self.asked = kind, []
        connector = CONNECTORS[kind]
        monkeypatch.setattr(connector, "check", lambda account: CheckedAccount(external_id="7", title="Loft"))
        monkeypatch.setattr(connector, "set_webhook", self.set_webhook)
        monkeypatch.setattr(connector, "remove_webhook", lambda account: self.asked.append("removed"))
        for module in ("channels", "upkeep"):
            monkeypatch.setattr(
                f"channels_connectors.services.{module}.given_values",
                lambda kind, values, **how: Given(credentials={"token": "x"}),
            )

    def set_webhook(self, *, url, account):
        self.asked.append("set")
        return {}

    def connect(self, cast, line):
        if self.kind in OWN_KINDS:
            return connect_own(administrator=cast.alla, line=line, kind=self.kind)
        return connect_channel(administrator=cast.alla, line=line, kind=self.kind, values={}, now=timezone.now())


@pytest.fixture(params=KINDS)
def provider(request, monkeypatch, settings):
    settings.PUBLIC_URL = "https://chat.example"
    return Provider(request.param, monkeypatch)


def test_a_channel_moves_with_its_threads_and_its_open_dialogs_stay(provider, cast, line, commit):
    channel = provider.connect(cast, line)
    other = create_line(administrator=cast.alla, name="Support")
    with commit():
        dialog = write(channel, "Hello")

    moved = move_channel(administrator=cast.alla, channel=channel, line=other)

    with commit():
        again = write(moved, "Are you there?")
    assert again == dialog
    dialog.refresh_from_db()
    assert (moved.line, dialog.line, Chat.objects.get().channel) == (other, line, channel)


def test_a_paused_channel_keeps_what_comes_and_what_waits(provider, cast, line, commit):
    channel = provider.connect(cast, line)
    now = timezone.now()
    with commit():
        dialog = write(channel, "Hello")
        answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=now)
        send_reply(dialog_id=dialog.pk, operator=cast.olga, text="Good day", now=now)
    set_channel_state(administrator=cast.alla, channel=channel, state="PAUSED")
    keep_event(channel_id=channel.pk, key="1", body=b"{}")

    assert claim_due(limit=10, now=now) == []
    assert channels_with_waiting_events(now=now) == []
    assert claim_accounts("somebody") == []

    set_channel_state(administrator=cast.alla, channel=channel, state="CONNECTED")
    assert channels_with_waiting_events(now=now) == [channel.pk]


def test_whoever_disconnects_and_connects_again_has_the_same_threads(provider, cast, line, commit):
    channel = provider.connect(cast, line)
    with commit():
        write(channel, "Hello")

    disconnect_channel(administrator=cast.alla, channel=channel)

    assert Channel.objects.get().state == "DISCONNECTED"
    if provider.kind in OWN_KINDS:
        return
    if channel.account.inbound == Account.Inbound.WEBHOOK:
        assert provider.asked[-1] == "removed"
    again = provider.connect(cast, line)
    assert (again.pk, Chat.objects.get().channel_id) == (channel.pk, channel.pk)


def test_a_provider_that_refuses_to_let_go_is_left_all_the_same(provider, cast, line, monkeypatch):
    channel = provider.connect(cast, line)

    def refuse(account):
        raise ConnectorError("not now")

    monkeypatch.setattr(CONNECTORS[provider.kind], "remove_webhook", refuse)
    disconnect_channel(administrator=cast.alla, channel=channel)

    assert Channel.objects.get().state == "DISCONNECTED"


def test_every_kind_says_what_to_do_when_its_credentials_are_refused():
    assert [kind for kind, setup in SETUPS.items() if setup.fields and not setup.token_advice] == []
