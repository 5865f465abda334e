"""What we answer below videos, and how that may fail."""

from datetime import UTC, datetime

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.http import Reply
from channels_connectors.youtube.errors import refusal_of, seconds_to_new_quota
from openlines.types import OutgoingPart, SentMessage
from tests.providers.youtube import BORIS, OUR_CHANNEL

pytestmark = pytest.mark.row("C10")


def part(comment, text="Thanks", *, mention="", reply_to="") -> OutgoingPart:
    thread = {"thread_id": comment.parent or comment.id, "comment_id": comment.id, "mention": mention}
    return OutgoingPart(
        message_id=7, number=0, chat_external_id="V1:UC-anna", text=text, thread=thread, reply_to_external_id=reply_to
    )


def test_an_answer_to_an_answer_stands_in_the_thread_and_names_whom_it_is_for(connector, account, youtube):
    thread = youtube.comments("One")
    reply = youtube.answers_to(thread, "Two", author=BORIS)
    connector.send(part(reply, mention="@boris", reply_to=reply.id), account)
    connector.send(part(reply, "@boris as I said", mention="@boris"), account)

    assert [said.text for said in youtube.said()] == ["@boris Thanks", "@boris as I said"]
    assert [said.parent for said in youtube.said()] == [thread.id] * 2


def test_a_comment_that_is_quoted_is_answered_in_its_own_thread(connector, account, youtube):
    first, second = youtube.comments("One"), youtube.comments("Two")
    connector.send(part(second, reply_to=first.id), account)

    assert youtube.said()[0].parent == first.id


def test_what_was_said_long_ago_or_by_others_is_not_taken_for_what_is_looked_for(connector, account, youtube):
    thread = youtube.comments("One", at=-5000)
    youtube.answers_to(thread, "Thanks", author=OUR_CHANNEL, at=-4000)
    youtube.answers_to(thread, "Thanks", author=BORIS)
    assert connector.find_sent(part(thread), account) is None

    sent = connector.send(part(thread), account)
    assert connector.find_sent(part(thread), account) == sent


def test_a_client_s_comment_that_only_they_can_delete_is_rejected(connector, account, youtube):
    thread = youtube.comments("Rubbish!")
    connector.delete(SentMessage(chat_external_id="x", external_ids=(thread.id,)), account)

    assert thread.status == "rejected"


def test_a_token_that_ended_early_is_renewed_once(connector, account, youtube):
    thread = youtube.comments("One")
    connector.send(part(thread), account)
    youtube.forget_tokens()
    connector.send(part(thread, "Again"), account)

    assert len(youtube.said()) == 2
    assert len(youtube.calls_to("/token")) == 2


def test_an_answer_costs_what_youtube_says(connector, account, youtube):
    thread, before = youtube.comments("One"), youtube.quota
    connector.send(part(thread), account)

    assert before - youtube.quota == 50


def test_with_the_quota_used_up_an_answer_waits_for_the_next_day(connector, account, youtube):
    thread, youtube.quota = youtube.comments("One"), 49
    with pytest.raises(ConnectorError) as caught:
        connector.send(part(thread), account)

    assert caught.value.kind == "LATER"
    assert caught.value.retry_after > 0


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 9, 20, 6, 0, tzinfo=UTC), 1),  # 23:00 in summer
        (datetime(2026, 9, 20, 7, 0, tzinfo=UTC), 24),  # midnight
        (datetime(2026, 12, 20, 6, 0, tzinfo=UTC), 2),  # 22:00 in winter
        (datetime(2026, 11, 1, 7, 0, tzinfo=UTC), 25),  # the day that has an hour more
    ],
)
def test_the_day_of_a_quota_ends_at_midnight_in_california(now, hours):
    assert seconds_to_new_quota(now) == hours * 3600


def said(reason: str) -> bytes:
    return b'{"error": {"code": 403, "message": "No.", "errors": [{"reason": "%s"}]}}' % reason.encode()


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, said("quotaExceeded"), "LATER"),
        (403, said("rateLimitExceeded"), "RETRY"),
        (400, said("processingFailure"), "RETRY"),
        (401, said("authError"), "TOKEN"),
        (401, b"", "TOKEN"),
        (403, said("insufficientPermissions"), "TOKEN"),
        (403, said("ineligibleAccount"), "TOKEN"),
        (403, said("commentsDisabled"), "PERMANENT"),
        (403, said("forbidden"), "PERMANENT"),
        (400, said("commentTextTooLong"), "PERMANENT"),
        (404, said("commentNotFound"), "PERMANENT"),
        (400, b"<html>", "PERMANENT"),
        (400, b'{"error": {"errors": [null]}}', "PERMANENT"),
    ],
)
def test_refusals_say_what_to_do(status, body, kind):
    assert refusal_of(Reply(status, {}, body)).kind == kind
