import json
from dataclasses import replace

import pytest

from channels_connectors.connector import Account
from channels_connectors.errors import ConnectorError
from channels_connectors.instagram_comments.connector import InstagramComments
from channels_connectors.instagram_comments.payloads import incoming_from
from openlines.types import IncomingEcho, IncomingMessage
from tests.channels_connectors.contract.instagram_comments import FIRST, InstagramCommentsDriver
from tests.channels_connectors.contract.trying import Trial
from tests.providers.meta.model import IG_ID, IG_USER, MEDIA_ID, START, Comment
from tests.providers.meta.webhooks import ig_comment, packed

pytestmark = pytest.mark.row("C7")


@pytest.fixture
def trial(tmp_path):
    with InstagramCommentsDriver.begin() as driver:
        yield Trial(InstagramComments(), driver, tmp_path)


def said(element):
    return incoming_from(json.loads(packed(element, about="instagram", account=IG_ID)))


def comment(trial, pk, text, *, author=IG_USER, at=START, parent=""):
    trial.driver.world.write_comment(Comment(pk, MEDIA_ID, author, text, at, parent=parent))


def test_a_comment_names_its_author_and_its_root():
    (first,), (answer,) = said(ig_comment("179_1", "Size M?")), said(ig_comment("179_2", "And L?", parent="179_1"))

    assert (first.sender.username, first.chat_external_id) == ("anna_p", f"{MEDIA_ID}:{IG_USER}")
    assert first.thread["comment_id"] == answer.thread["comment_id"] == "179_1"
    assert answer.reply_to_external_id == "179_1"


def test_below_an_advertisement_the_post_that_it_shows_counts():
    media = {"id": "1", "ad_id": "2", "ad_title": "The sofa", "original_media_id": MEDIA_ID}
    (found,) = said(ig_comment("179_1", "Size M?", media=media))

    assert (found.subject.external_id, found.subject.title) == (MEDIA_ID, "The sofa")


def test_live_comments_and_mentions_are_taken_too():
    live = ig_comment("179_1", "Hello")
    live["changes"][0]["field"] = "live_comments"
    mention = {"changes": [{"field": "mentions", "value": {"media_id": "18", "comment_id": "179_9"}}]}

    assert said(live)[0].text == "Hello"
    (found,) = said(mention)
    assert (found.kind, found.details["provider_kind"]) == ("UNSUPPORTED", "mention")
    assert found.sender.is_anonymous


def test_the_post_is_asked_for_once(trial):
    for number in (1, 2):
        message = trial.message(trial.driver.text("Hello", number=number))

    assert (message.subject.title, message.subject.url) == ("The new sofa is here", "https://ig.test/p/1")
    assert len(trial.driver.simulator.calls_to(f"/{MEDIA_ID}")) == 1


def test_the_picture_of_the_post_can_be_fetched(trial):
    message = trial.message(trial.driver.text("Hello"))
    medium = message.attachments or ()

    assert medium == ()
    assert message.subject.image.endswith("/cdn/post.png")


def test_what_the_account_answers_is_an_echo_to_whom_it_answered(trial):
    comment(trial, "179_2", "And Boris?", author="77")
    comment(trial, "179_3", "Yes", author=IG_ID, parent="179_2")
    echo = trial.one(IncomingEcho, ig_comment("179_3", "Yes", author=IG_ID, parent="179_2"))

    assert echo.chat_external_id == f"{MEDIA_ID}:77"
    assert trial.incoming(ig_comment("179_4", "Our hours", author=IG_ID)) == []


def test_answers_hang_below_the_first_level(trial):
    comment(trial, "179_2", "And L?", parent=FIRST)
    trial.send("We have both", reply_to_external_id="179_2")

    assert trial.arrived()[-1].reply_to == FIRST


@pytest.mark.parametrize("text", ["#a #b #c #d #e", "https://a.test https://b.test", "HELLO", "x" * 301])
def test_instagram_refuses_what_we_refuse_before(trial, text):
    part = replace(trial.parts("Hello")[0], text=text)

    with pytest.raises(ConnectorError) as caught:
        trial.connector.send(part, trial.driver.account)
    assert caught.value.kind == "PERMANENT"


def test_the_length_can_be_set_for_an_account(trial):
    assert trial.connector.capabilities_of({}).text_length == 300
    assert trial.connector.capabilities_of({"comment_length": 2200}).text_length == 2200


def test_lost_comments_are_found_with_their_answers(trial):
    cursor = trial.connector.reconcile(cursor="", account=trial.driver.account).cursor
    comment(trial, "179_2", "And L?", at=START + 1000)
    comment(trial, "179_3", "And XL?", at=START + 2000, parent=FIRST)
    trial.driver.world.repeats_pages = True

    polled = trial.connector.reconcile(cursor=cursor, account=trial.driver.account)

    items = [item for event in polled.events for item in trial.parsed(event.body)]
    messages = {item.external_id: item for item in items if isinstance(item, IncomingMessage)}
    assert [messages[pk].text for pk in ("179_2", "179_3")] == ["And L?", "And XL?"]
    assert messages["179_3"].reply_to_external_id == FIRST
    assert trial.events(ig_comment("179_3", "And XL?"))[0].key in {event.key for event in polled.events}
    assert polled.cursor == str(START + 2000)


def test_a_hidden_comment_and_a_deleted_one_are_done_twice_without_harm(trial):
    message = trial.message(trial.driver.text("Rubbish"))
    account: Account = trial.driver.account
    sent = trial.send("Sorry")
    for _twice in range(2):
        trial.connector.delete(sent, account)

    assert message.external_id in trial.driver.world.comments
    assert trial.arrived() == []
