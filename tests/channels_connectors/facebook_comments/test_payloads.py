import json
from datetime import UTC, datetime

import pytest

from channels_connectors.facebook_comments.payloads import incoming_from
from openlines.types import IncomingDeletion, IncomingEdit, IncomingHiding
from tests.providers.meta.model import FB_USER, PAGE_ID, POST_ID, START
from tests.providers.meta.webhooks import feed, packed

pytestmark = pytest.mark.row("C5")

CHAT = f"{POST_ID}:{FB_USER}"


def said(element):
    return incoming_from(json.loads(packed(element)))


def one(element):
    (item,) = said(element)
    return item


def test_everybody_has_a_thread_of_their_own_below_a_post():
    anna, boris = one(feed("add", "555_1", "How much?")), one(feed("add", "555_2", "And red?", author="77"))

    assert (anna.chat_external_id, anna.sender.name) == (CHAT, "Anna Petrova")
    assert boris.chat_external_id == f"{POST_ID}:77"
    assert anna.sent_at == datetime.fromtimestamp(START, UTC)
    assert anna.thread == {"comment_id": "555_1", "post_id": POST_ID}


def test_the_post_comes_along():
    post = {
        "id": POST_ID,
        "permalink_url": "https://fb.test/p1",
        "message": "The\nsofa " * 50,
        "full_picture": "https://cdn.test/p",
    }
    subject = one(feed("add", "555_1", "How much?", post=post)).subject

    assert (subject.kind, subject.external_id, subject.url) == ("post", POST_ID, "https://fb.test/p1")
    assert subject.image == "https://cdn.test/p"
    assert subject.title.startswith("The sofa The sofa")
    assert len(subject.title) <= 200


def test_an_answer_to_a_comment_quotes_it_and_one_to_the_post_nothing():
    assert one(feed("add", "555_2", "And now?", parent="555_1")).reply_to_external_id == "555_1"
    assert one(feed("add", "555_2", "And now?")).reply_to_external_id == ""


def test_a_picture_with_a_comment_is_a_medium():
    found = one(feed("add", "555_1", "Like this", photo="https://cdn.test/1.jpg", link="https://fb.test/photo"))

    assert (found.kind, found.text, found.attachments[0].reference) == ("IMAGE", "Like this", "https://cdn.test/1.jpg")


def test_a_link_is_part_of_the_words():
    assert one(feed("add", "555_1", "See", link="https://loft.example")).text == "See\nhttps://loft.example"
    assert one(feed("add", "555_1", "https://loft.example", link="https://loft.example")).text == "https://loft.example"


def test_whom_facebook_does_not_name_stays_somebody_of_this_thread():
    element = feed("add", "555_1", "Hello")
    del element["changes"][0]["value"]["from"]
    found = one(element)
    other = feed("add", "555_2", "Hello")
    del other["changes"][0]["value"]["from"]

    assert found.sender.is_anonymous
    assert found.sender != one(other).sender


def test_changes_are_told_to_the_thread():
    assert one(feed("edited", "555_1", "How much is it?")) == IncomingEdit(
        chat_external_id=CHAT, external_id="555_1", text="How much is it?"
    )
    assert one(feed("remove", "555_1")) == IncomingDeletion(chat_external_id=CHAT, external_id="555_1")
    assert [one(feed(verb, "555_1")) for verb in ("hide", "unhide")] == [
        IncomingHiding(chat_external_id=CHAT, external_id="555_1", is_hidden=is_hidden) for is_hidden in (True, False)
    ]


def test_what_the_page_writes_is_never_a_client_s():
    assert said(feed("add", "555_3", "Our new sofa", author=PAGE_ID)) == []
    assert said(feed("edited", "555_3", "Our new sofas", author=PAGE_ID)) == []
    assert said(feed("remove", "555_3", author=PAGE_ID)) == []

    parent = {"id": "555_1", "from": {"id": FB_USER, "name": "Anna Petrova"}}
    echo = one(answer(parent))
    assert (echo.chat_external_id, echo.recipient.name, echo.text) == (CHAT, "Anna Petrova", "99 euro")
    assert echo.reply_to_external_id == "555_1"


def answer(parent):
    element = feed("add", "555_3", "99 euro", author=PAGE_ID, parent="555_1")
    element["changes"][0]["value"]["parent"] = parent
    return element
