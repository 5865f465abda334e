"""Somebody comments on a video, Olga answers below it."""

import pytest

from channels_connectors.inbox import process_everything
from channels_connectors.models import Account
from channels_connectors.polling import claim_accounts, poll_once
from openlines.models import Chat, Message
from tests.channels_connectors.whole_way import connected
from tests.providers.youtube import CLIENT_ID, CLIENT_SECRET, OUR_CHANNEL, REFRESH_TOKEN

pytestmark = [pytest.mark.row("C10"), pytest.mark.row("C18")]


@pytest.fixture
def way(scene, youtube):
    values = {
        "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN,
        "base_url": youtube.base_url, "token_url": f"{youtube.base_url}/token",
    }  # fmt: skip
    return connected(scene, "youtube", values)


@pytest.fixture
def looks(way):
    channel_id = way.scene.channel.pk
    assert claim_accounts("me") == [channel_id]

    def look() -> None:
        assert poll_once(channel_id, "me")
        process_everything(now=way.scene.now)

    look()
    return look


def test_somebody_comments_and_olgas_answer_stands_below(way, looks, youtube):
    comment = youtube.comments("Is it soft?")
    looks()
    answer = way.answers("Very.")
    way.carries()

    answer.refresh_from_db()
    (said,) = youtube.said()
    assert way.account().inbound == Account.Inbound.POLL
    assert way.scene.channel.scope == f"youtube:{OUR_CHANNEL}"
    assert [message.text for message in way.said()] == ["Is it soft?"]
    assert (said.text, said.parent) == ("Very.", comment.id)
    assert (answer.delivery_state, answer.external_id) == ("SENT", said.id)
    assert Chat.objects.get(channel=way.scene.channel).subject["title"] == "How we make sofas"


def test_our_own_answer_seen_by_the_next_look_is_none_of_staff_on_youtube(way, looks, youtube):
    youtube.comments("Is it soft?")
    looks()
    way.answers("Very.")
    way.carries()
    looks()
    looks()

    assert Message.objects.filter(chat__channel=way.scene.channel, author_kind="OPERATOR").count() == 1
    assert [message.text for message in way.said()] == ["Is it soft?"]


def test_a_changed_comment_changes_the_message(way, looks, youtube):
    comment = youtube.comments("Is it sofft?")
    looks()
    youtube.changes(comment, "Is it soft?")
    looks()

    assert [message.text for message in way.said()] == ["Is it soft?"]
