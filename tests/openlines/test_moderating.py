"""Public comments of clients: hidden, shown again, removed, answered in private."""

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.models import Delivery
from common.errors import NotAllowed, NotFound
from openlines.models import Message
from openlines.services.moderating import NotModerated, moderate_comment
from openlines.services.private_replies import AnsweredInPrivate
from tests.openlines.commands import PUBLIC
from tests.scenes import active, carry_all, reply

pytestmark = [pytest.mark.row("C5"), pytest.mark.row("C18")]


@pytest.fixture
def talk(scene, provider, bells):
    provider.can = PUBLIC
    active(scene)
    carry_all(scene)
    provider.calls.clear()
    return scene


def moderate(talk, action, *, by=None) -> Message:
    operator = by or talk.cast.olga
    return moderate_comment(message_id=talk.clients_message.pk, operator=operator, action=action, now=talk.now)


def lines(talk) -> list[str]:
    told = talk.dialog.messages.filter(author_kind="SYSTEM").order_by("seq")
    return [message.payload["service"]["code"] for message in told]


def test_a_comment_is_hidden_when_the_provider_has_hidden_it(talk, provider):
    moderate(talk, "HIDE")
    assert talk.clients_message.hidden_at is None

    carry_all(talk)

    assert talk.clients_message.hidden_at is not None
    assert [name for name, _said in provider.calls] == ["hide"]
    moderate(talk, "UNHIDE")
    carry_all(talk)
    assert talk.clients_message.hidden_at is None


def test_a_removed_comment_is_gone_for_staff_too(talk, provider):
    moderate(talk, "DELETE")
    carry_all(talk)

    assert talk.clients_message.deleted_at is not None
    assert [name for name, _said in provider.calls] == ["delete"]
    with pytest.raises(NotAllowed):
        moderate(talk, "HIDE")


def test_a_refusal_is_told_with_its_reason_and_changes_nothing(talk, provider):
    provider.then(ConnectorError("the comment is too old", kind="PERMANENT"))
    moderate(talk, "HIDE")
    carry_all(talk)

    assert talk.clients_message.hidden_at is None
    assert lines(talk)[-2:] == ["COMMENT_HIDE_ASKED", "COMMENT_NOT_MODERATED"]
    told = talk.dialog.messages.latest("seq").payload["service"]["params"]
    assert told == {"reason": "the comment is too old"}


def test_channels_without_a_public_refuse(talk, provider):
    provider.can = {}

    with pytest.raises(NotModerated):
        moderate(talk, "HIDE")
    assert not Delivery.objects.filter(action="HIDE").exists()


def test_who_steers_may_and_strangers_see_nothing(talk):
    moderate(talk, "HIDE", by=talk.cast.sergey)

    with pytest.raises(NotFound):
        moderate(talk, "HIDE", by=talk.cast.mallory)


def test_our_own_messages_are_not_moderated(talk):
    own = reply(talk, "Good morning")

    with pytest.raises(NotModerated):
        moderate_comment(message_id=own.pk, operator=talk.cast.olga, action="HIDE", now=talk.now)


def test_a_comment_is_answered_in_private_once(talk, provider):
    comment = talk.clients_message
    reply(talk, "Write to us here", reply_to_id=comment.pk, is_private_reply=True)
    carry_all(talk)

    ((_name, said),) = provider.calls
    assert (said.text, said.is_private_reply) == ("Write to us here", True)
    assert said.reply_to_external_id == comment.external_id
    with pytest.raises(AnsweredInPrivate):
        reply(talk, "And another thing", reply_to_id=comment.pk, is_private_reply=True)


def test_a_private_reply_that_failed_may_be_tried_again(talk, provider):
    provider.then(ConnectorError("no", kind="PERMANENT"))
    reply(talk, "Write to us here", reply_to_id=talk.clients_message.pk, is_private_reply=True)
    carry_all(talk)

    assert reply(talk, "Once more", reply_to_id=talk.clients_message.pk, is_private_reply=True)


@pytest.mark.parametrize("can", [{}, {"hide": True}])
def test_channels_without_private_replies_refuse(talk, provider, can):
    provider.can = can

    with pytest.raises(NotAllowed):
        reply(talk, "Hello", reply_to_id=talk.clients_message.pk, is_private_reply=True)


def test_a_private_reply_names_a_comment_of_the_client(talk):
    own = reply(talk, "Good morning")

    for quoted in (None, own.pk):
        with pytest.raises(NotAllowed):
            reply(talk, "Hello", reply_to_id=quoted, is_private_reply=True)
