"""What nobody knows of a message, a person may find out: it arrived after all."""

import pytest

from channels_connectors.errors import ConnectorError
from common.errors import DomainError, NotFound
from openlines.models import Message
from openlines.services.replies import NotYourDialog, mark_as_sent
from tests.scenes import answered, carry_all, sent

pytestmark = [pytest.mark.row("D12")]


@pytest.fixture
def doubtful(scene, provider, bells) -> Message:
    provider.then(None, ConnectorError("no answer", kind="UNKNOWN"))
    answered(scene)
    carry_all(scene)
    message: Message = scene.last_reply
    assert message.delivery_state == Message.Delivery.UNKNOWN
    return message


def test_it_counts_as_sent_and_the_dialog_says_who_said_so(scene, doubtful):
    mark_as_sent(message_id=doubtful.pk, operator=scene.cast.olga, now=scene.now)

    doubtful.refresh_from_db()
    assert (doubtful.delivery_state, doubtful.delivery_error) == (Message.Delivery.SENT, "")
    told = scene.dialog.messages.latest("seq").payload["service"]
    assert told == {"code": "ARRIVAL_CONFIRMED", "params": {"operator": scene.cast.olga.name}}


def test_nobody_says_it_twice_or_of_what_is_known(scene, provider, bells):
    sent(scene)

    with pytest.raises(DomainError):
        mark_as_sent(message_id=scene.last_reply.pk, operator=scene.cast.olga, now=scene.now)


def test_only_who_may_write_says_so_and_strangers_see_nothing(scene, doubtful):
    with pytest.raises((NotYourDialog, NotFound)):
        mark_as_sent(message_id=doubtful.pk, operator=scene.cast.oleg, now=scene.now)
    with pytest.raises(NotFound):
        mark_as_sent(message_id=doubtful.pk, operator=scene.cast.mallory, now=scene.now)
