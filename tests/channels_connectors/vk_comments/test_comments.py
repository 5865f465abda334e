"""Comments below posts: threads, echoes, deletions, and what takes a moderator's key."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.registry import connector_for
from openlines.models import Message
from openlines.services.client_side import record_client_deletion
from openlines.types import IncomingDeletion, IncomingEcho, IncomingMessage, OutgoingPart, SentMessage
from tests.channels_connectors.contract.vk_comments import VkCommentsDriver
from tests.openlines.test_receiving import receive, said

pytestmark = [pytest.mark.row("C2"), pytest.mark.row("C17")]


@pytest.fixture
def driver() -> Iterator[VkCommentsDriver]:
    with VkCommentsDriver.begin() as begun:
        assert isinstance(begun, VkCommentsDriver)
        yield begun


@pytest.fixture
def comments():
    return connector_for("vk_comments")


@pytest.fixture
def moderated(driver: VkCommentsDriver) -> Account:
    token = driver.world.user_token
    return replace(driver.account, credentials={**driver.account.credentials, "user_token": token})


def sent_by(driver: VkCommentsDriver, comment_id: int) -> SentMessage:
    return SentMessage(chat_external_id=driver.chat, external_ids=(str(comment_id),))


def test_a_thread_is_one_person_below_one_post(driver, comments):
    boris = driver.simulator.person("Boris", "")
    driver.world.posts.add(34)
    events = [driver.anna.comments("One"), driver.anna.comments("Two", post=34), boris.comments("Three")]

    items = [item for event in events for item in comments.parse(event, account=driver.account)]

    assert [item.chat_external_id for item in items] == [
        f"33:{driver.anna.id}",
        f"34:{driver.anna.id}",
        f"33:{boris.id}",
    ]
    assert items[0].subject.url == "https://vk.com/wall-555_33"
    assert items[0].thread == {"owner_id": -555, "post_id": 33, "comment_id": events[0]["object"]["id"]}


def test_an_answer_goes_below_the_comment_that_it_answers(driver, comments):
    first = driver.anna.comments("One")["object"]["id"]
    part = OutgoingPart(
        message_id=7, number=0, chat_external_id=driver.chat, text="Yes", thread={"comment_id": first}
    )  # fmt: skip

    receipt = comments.send(part, driver.account)
    again = comments.send(part, driver.account)

    (answer,) = driver.anna.answers()
    assert (answer.reply_to, receipt.parts) == (first, (str(answer.id),))
    assert again == receipt


def test_our_words_are_echoes_of_whom_they_answer(driver, comments):
    first = driver.anna.comments("One")["object"]["id"]
    (echo,) = comments.parse(driver.anna.staff_comment("Yes", reply_to=first), account=driver.account)

    assert isinstance(echo, IncomingEcho)
    assert (echo.chat_external_id, echo.recipient.external_id) == (driver.chat, str(driver.anna.id))
    assert comments.parse(driver.anna.staff_comment("News!"), account=driver.account) == []


def test_a_restored_comment_comes_as_it_was(driver, comments):
    comment = driver.anna.comments("One")["object"]["id"]
    driver.anna.deletes_comment(comment)

    (item,) = comments.parse(driver.anna.restores_comment(comment), account=driver.account)

    assert isinstance(item, IncomingMessage)
    assert item.external_id == str(comment)


def test_what_a_moderator_removed_is_found_among_the_threads_of_its_post(scene, driver, comments):
    comment = driver.anna.comments("Rubbish")["object"]["id"]
    receive(
        scene, said(1, sender="33:7001", external_id=str(comment)), said(2, sender="333:7001", external_id=str(comment))
    )
    (deletion,) = comments.parse(driver.anna.deletes_comment(comment, deleter=9), account=driver.account)
    assert isinstance(deletion, IncomingDeletion)

    record_client_deletion(channel=scene.channel, deletion=deletion, now=scene.now)

    gone = Message.objects.filter(deleted_at__isnull=False).values_list("chat__external_id", flat=True)
    assert list(gone) == ["33:7001"]


def test_with_a_moderators_key_comments_can_be_changed_and_removed(driver, comments, moderated):
    checked = comments.check(moderated)
    can = comments.capabilities_of(checked.settings)
    theirs, first = (driver.anna.comments(text)["object"]["id"] for text in ("Rubbish", "How much?"))
    part = OutgoingPart(message_id=7, number=0, chat_external_id=driver.chat, text="Ten", thread={"comment_id": first})
    (ours,) = comments.send(part, moderated).parts

    comments.edit(sent_by(driver, ours), replace(part, text="Eleven"), moderated)
    comments.delete(sent_by(driver, theirs), moderated)
    comments.delete(sent_by(driver, theirs), moderated)

    assert (can.edit, can.delete, can.delete_theirs) == (True, True, True)
    assert [answer.text for answer in driver.anna.answers()] == ["Eleven"]
    assert driver.world.comment(theirs) is None


def test_without_it_nothing_is_changed_and_the_channel_stays_up(driver, comments):
    assert not comments.capabilities_of(comments.check(driver.account).settings).delete

    with pytest.raises(ConnectorError) as caught:
        comments.delete(sent_by(driver, 1), driver.account)

    assert caught.value.kind == "PERMANENT"
    assert driver.simulator.calls_to("wall.deleteComment") == []


def test_a_moderators_key_that_is_none_is_refused_when_it_is_entered(driver, comments, moderated):
    wrong = replace(moderated, credentials={**moderated.credentials, "user_token": "vk1.a.Nobodys"})

    with pytest.raises(ConnectorError) as caught:
        comments.check(wrong)
    assert caught.value.kind == "TOKEN"
