"""Looking for new comments, within a budget, without missing those in old threads."""

import json
from dataclasses import replace
from typing import Any

import pytest

from channels_connectors.errors import ConnectorError
from channels_connectors.youtube.looking import DAY, DEEP_EVERY
from openlines.types import IncomingEcho, IncomingEdit, IncomingMessage
from tests.providers.youtube import ANNA, BORIS, LISTED_REPLIES, OUR_CHANNEL

pytestmark = pytest.mark.row("C10")


class Watch:
    """A channel being looked at, from the moment it was connected; what a look brings again is no news."""

    def __init__(self, connector, account) -> None:
        self.connector, self.account = connector, account
        self.known: set[str] = set()
        self.last = connector.poll(cursor="", timeout=0, account=account)

    def looks(self, times: int = 1) -> list[Any]:
        items = []
        for _ in range(times):
            self.last = self.connector.poll(cursor=self.last.cursor, timeout=0, account=self.account)
            for event in self.last.events:
                if event.key not in self.known:
                    self.known.add(event.key)
                    items += self.connector.parse(self.connector.read(event.body), account=self.account)
        return items


@pytest.fixture
def watch(connector, account):
    return Watch(connector, account)


def test_history_is_left_alone(connector, account, youtube):
    youtube.comments("Years ago", at=-10_000)

    assert Watch(connector, account).looks(3) == []


def test_new_threads_and_answers_come_in_their_order(watch, youtube):
    first = youtube.comments("One")
    youtube.answers_to(first, "Two", author=BORIS)
    youtube.comments("Three")

    items = watch.looks()
    assert [item.text for item in items] == ["One", "Two", "Three"]
    assert [item.chat_external_id for item in items] == [f"V1:{ANNA}", f"V1:{BORIS}", f"V1:{ANNA}"]
    assert watch.looks() == []


def test_an_answer_in_an_old_thread_is_found_though_it_moves_nothing_up(watch, youtube):
    thread = youtube.comments("Old", at=-500)
    for number in range(LISTED_REPLIES + 2):
        youtube.answers_to(thread, f"Old {number}", author=BORIS, at=-400)
    for number in range(30):
        youtube.comments(f"Newer {number}", at=-100)
    youtube.answers_to(thread, "And now?", author=BORIS)

    assert [item.text for item in watch.looks()] == ["And now?"]


def test_every_thread_that_hides_answers_has_its_turn(watch, youtube):
    threads = [youtube.comments(f"Old {number}", at=-500) for number in range(7)]
    for thread in threads:
        for _ in range(LISTED_REPLIES):
            youtube.answers_to(thread, "Old", author=BORIS, at=-400)
        youtube.answers_to(thread, f"New in {thread.id}", author=BORIS)

    assert len(watch.looks(4)) == 7


def test_now_and_then_it_looks_further_back_than_a_page(watch, youtube):
    thread = youtube.comments("Far back", at=-900)
    for number in range(230):
        youtube.comments(f"Newer {number}", at=-500)
    youtube.answers_to(thread, "Anybody?", author=BORIS)

    assert [item.text for item in watch.looks(DEEP_EVERY)] == ["Anybody?"]


def test_a_changed_comment_is_a_message_for_those_who_missed_it_and_a_change_for_the_others(watch, youtube):
    comment = youtube.comments("Nise")
    (message,) = watch.looks()
    youtube.changes(comment, "Nice")
    again, edit = watch.looks()

    assert isinstance(message, IncomingMessage)
    assert again.external_id == message.external_id
    assert isinstance(edit, IncomingEdit)
    assert (edit.external_id, edit.text) == (message.external_id, "Nice")


def test_what_the_owner_answers_on_youtube_is_for_whom_it_names(watch, youtube):
    thread = youtube.comments("One")
    youtube.answers_to(thread, "Two", author=BORIS)
    youtube.answers_to(thread, "Thanks", author=OUR_CHANNEL)
    youtube.answers_to(thread, "@boris thanks, too", author=OUR_CHANNEL)
    youtube.comments("Our own new video!", author=OUR_CHANNEL)

    echoes = [item for item in watch.looks() if isinstance(item, IncomingEcho)]
    assert [(echo.text, echo.recipient.external_id) for echo in echoes] == [
        ("Thanks", ANNA), ("@boris thanks, too", BORIS),
    ]  # fmt: skip


def test_a_day_of_looks_costs_no_more_than_its_budget(connector, account, youtube):
    account = replace(account, settings=account.settings | {"units_for_looking": "300"})
    for _ in range(6):
        thread = youtube.comments("Old", at=-500)
        for _ in range(LISTED_REPLIES + 1):
            youtube.answers_to(thread, "Old", author=BORIS, at=-400)
    for _ in range(230):
        youtube.comments("Old", at=-600)
    polled, waited, before = connector.poll(cursor="", timeout=0, account=account), 0.0, youtube.quota
    while waited < DAY:
        polled = connector.poll(cursor=polled.cursor, timeout=0, account=account)
        waited += polled.wait

    assert 270 <= before - youtube.quota <= 310
    assert len(polled.cursor) <= 255


def test_with_the_quota_used_up_it_waits_for_the_next_day(watch, youtube):
    youtube.quota = 0
    with pytest.raises(ConnectorError) as caught:
        watch.looks()

    assert caught.value.kind == "LATER"
    assert 0 < caught.value.retry_after <= 25 * 3600


def test_a_comment_that_makes_no_sense_holds_up_no_other(watch, youtube, monkeypatch):
    strange = youtube.comments("Strange")
    youtube.comments("Good")
    describe = youtube._comment

    def described(comment):
        said = describe(comment)
        return said | {"snippet": {"updatedAt": "yesterday"}} if comment is strange else said

    monkeypatch.setattr(youtube, "_comment", described)
    assert [item.text for item in watch.looks()] == ["Good"]


def test_a_thread_that_is_gone_in_the_meantime_holds_up_no_other(watch, youtube, monkeypatch):
    thread = youtube.comments("One")
    for _ in range(LISTED_REPLIES + 1):
        youtube.answers_to(thread, "More", author=BORIS)
    monkeypatch.setattr(youtube, "_found", lambda identity: None)

    assert len(watch.looks()) == 1 + LISTED_REPLIES


def test_the_cursor_says_since_when(watch):
    assert set(json.loads(watch.last.cursor)) == {"since", "looks"}
