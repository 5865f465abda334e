"""What is asked for before a comment is read, and comments that the webhook lost."""

from dataclasses import replace

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.facebook_comments.connector import FacebookComments
from openlines.types import IncomingEcho, IncomingMessage
from tests.channels_connectors.contract.facebook_comments import FIRST, FacebookCommentsDriver
from tests.channels_connectors.contract.trying import Trial
from tests.providers.meta.model import FB_USER, PAGE_ID, POST_ID, START, Comment
from tests.providers.meta.webhooks import feed

pytestmark = pytest.mark.row("C5")


@pytest.fixture
def trial(tmp_path):
    with FacebookCommentsDriver.begin() as driver:
        yield Trial(FacebookComments(), driver, tmp_path)


def comment(trial, pk, text, *, author=FB_USER, at=START, parent=""):
    trial.driver.world.write_comment(Comment(pk, POST_ID, author, text, at, parent=parent))


def test_the_words_and_the_picture_of_the_post_are_asked_for_once(trial):
    for number in range(1, 4):
        message = trial.message(trial.driver.text("Hello", number=number))

    assert (message.subject.title, message.subject.url) == ("The new sofa is here", "https://fb.test/p1")
    assert message.subject.image.endswith("/cdn/post.png")
    assert len(trial.driver.simulator.calls_to(f"/{POST_ID}")) == 1


def test_a_comment_comes_through_without_its_post(trial):
    trial.driver.simulator.weather_paths = (POST_ID,)
    trial.driver.simulator.fault("500")

    assert trial.message(trial.driver.text("Hello")).subject.title == ""
    assert trial.message(trial.driver.text("Hello", number=2)).subject.title == "The new sofa is here"


def test_whom_the_page_answered_is_asked_for(trial):
    echo = trial.one(IncomingEcho, trial.driver.echo("99 euro"))

    assert (echo.chat_external_id, echo.recipient.name) == (trial.driver.chat, "Anna Petrova")


def test_while_facebook_is_ill_the_page_s_words_wait(trial):
    trial.driver.simulator.weather_paths = ("555_own",)
    trial.driver.simulator.fault("500")

    with pytest.raises(ConnectorError):
        trial.incoming(trial.driver.echo("99 euro"))
    assert trial.one(IncomingEcho, trial.driver.echo("99 euro")).text == "99 euro"


def test_an_answer_of_the_page_to_itself_is_no_talk(trial):
    comment(trial, "555_5", "Our hours", author=PAGE_ID)
    comment(trial, "555_6", "and on Sundays", author=PAGE_ID, parent="555_5")

    assert trial.incoming(feed("add", "555_6", "and on Sundays", author=PAGE_ID, parent="555_5")) == []


def test_an_answer_to_what_is_gone_is_dropped_quietly(trial):
    assert len(trial.incoming(feed("add", "555_99", "99 euro", author=PAGE_ID, parent="555_98"))) <= 1


def lost(trial, cursor=""):
    return trial.connector.reconcile(cursor=cursor, account=trial.driver.account)


def texts(trial, polled):
    items = [item for event in polled.events for item in trial.parsed(event.body)]
    return [item.text for item in items if isinstance(item, IncomingMessage)]


def test_the_first_look_only_finds_where_we_are(trial):
    polled = lost(trial)

    assert (polled.events, polled.cursor) == ([], str(START))


def test_what_was_written_since_is_told_as_the_webhook_would(trial):
    cursor = lost(trial).cursor
    for number in range(2, 6):
        comment(trial, f"555_{number}", f"No {number}", at=START + 1000 + number)

    polled = lost(trial, cursor)

    assert texts(trial, polled)[-4:] == ["No 2", "No 3", "No 4", "No 5"]
    (by_webhook,) = trial.events(feed("add", "555_5", "No 5"))
    assert by_webhook.key in {event.key for event in polled.events}
    assert polled.cursor == str(START + 1005)


def test_a_list_that_turns_in_a_circle_ends(trial):
    trial.driver.world.repeats_pages = True
    for number in range(2, 6):
        comment(trial, f"555_{number}", f"No {number}", at=START + number)

    polled = lost(trial, str(START))

    keys = [event.key for event in polled.events]
    assert len(keys) == len(set(keys)) == 5
    assert len(trial.driver.simulator.calls_to("/comments")) <= 5


def test_a_page_of_which_nobody_wrote_yet_loses_nothing(trial):
    trial.driver.world.comments.clear()
    cursor = lost(trial).cursor
    comment(trial, "555_2", "The first")

    assert texts(trial, lost(trial, cursor)) == ["The first"]


def test_a_private_reply_is_one_text_once(trial):
    question = trial.message(trial.driver.text("How much?"))
    fields = {"is_private_reply": True, "reply_to_external_id": question.external_id}

    for text, more in (("", {"attachments": (trial.attachment("IMAGE"),)}), ("x" * 2001, {})):
        with pytest.raises(ConnectorError):
            trial.parts(text, **fields, **more)
    trial.send("Let us talk", **fields)
    assert trial.refused("Once more", **fields).kind == "PERMANENT"
    assert len(trial.driver.world.sent) == 1


def test_an_answer_goes_below_what_it_quotes_else_below_the_last_comment(trial):
    comment(trial, "555_7", "Another question")
    trial.send("To the first")
    trial.send("To the other", reply_to_external_id="555_7")

    assert [one.reply_to for one in trial.arrived()] == [FIRST, "555_7"]


def test_a_picture_is_uploaded_unseen_and_then_named(trial):
    trial.send("Here it is", attachments=(trial.attachment("IMAGE"),))

    (seen,) = trial.arrived()
    assert (seen.kind, seen.text) == ("IMAGE", "Here it is")
    film = replace(trial.attachment("VIDEO"), mime="video/mp4")
    assert trial.refused("", attachments=(film,)).kind == "PERMANENT"
