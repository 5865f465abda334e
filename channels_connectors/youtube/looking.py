"""Looking for new comments within a budget.

YouTube tells nobody of comments, and every look is paid from a quota of the day. A new answer does not move an old
thread up, and only some answers are listed with their thread. So each look takes the newest threads, and in turn a few
whose answers are not all listed; now and then it goes further back. How long to wait until the next one follows from
what this one cost: a day of looks never costs more than the budget.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from channels_connectors.connector import Event, Polled
from channels_connectors.errors import ConnectorError
from channels_connectors.http import Reply
from channels_connectors.youtube.client import YouTube, items_of, next_page_of
from channels_connectors.youtube.errors import now_of
from channels_connectors.youtube.payloads import author_of, event_key

Fields = Mapping[str, Any]

DAY = 86_400.0
# Of 10,000 units a day; an answer costs 50.
BUDGET, SMALLEST_BUDGET, SHORTEST_WAIT = 4000, 100, 5.0
# How far back comments are still news, and how often, and how many pages, a look goes back.
HORIZON = timedelta(days=14)
DEEP_EVERY, DEEP_PAGES = 20, 10
THREADS_IN_TURN, MOST_REPLY_PAGES = 2, 10


@dataclass
class Look:
    """One look: what it cost, and what it saw. ``number`` counts the looks of an account."""

    youtube: YouTube
    since: datetime
    number: int
    units: int = 0
    threads: list[Fields] = field(default_factory=list)

    def paid(self, reply: Reply) -> Reply:
        self.units += 1
        return reply


def look(youtube: YouTube, *, cursor: str, budget: float) -> Polled:
    """The first look only notes the moment: what was said before an account was connected is history."""
    if not cursor:
        began = now_of(youtube.threads())
        start = {"since": _text(began or datetime.min.replace(tzinfo=UTC)), "looks": 0}
        return Polled(cursor=json.dumps(start), wait=_wait(1, budget))
    known = json.loads(cursor)
    one = Look(youtube, datetime.fromisoformat(known["since"]), int(known["looks"]) + 1)
    _take_threads(one)
    events = sorted(_events(one), key=lambda event: event[0])
    following = json.dumps({"since": known["since"], "looks": one.number})
    return Polled(events=[event for _moment, event in events], cursor=following, wait=_wait(one.units, budget))


def _wait(units: int, budget: float) -> float:
    return max(units * DAY / max(budget, SMALLEST_BUDGET), SHORTEST_WAIT)


def _take_threads(one: Look) -> None:
    page_token, newest = "", None
    for _page in range(DEEP_PAGES):
        reply = one.paid(one.youtube.threads(page_token=page_token))
        newest = newest or now_of(reply)
        if newest is not None:
            one.since = max(one.since, newest - HORIZON)
        one.threads += items_of(reply)
        page_token = next_page_of(reply)
        if not page_token or one.number % DEEP_EVERY != 0:
            return


def _events(one: Look) -> Iterator[tuple[datetime, Event]]:
    more = _with_all_replies(one)
    for thread in one.threads:
        listed = [thread["snippet"]["topLevelComment"], *_replies_listed(thread), *more.get(thread["id"], ())]
        comments = list({comment["id"]: comment for comment in listed if _is_whole(comment)}.values())
        for comment in comments:
            if _updated(comment) >= one.since:
                yield _updated(comment), _event(thread, comment, comments)


def _is_whole(comment: Fields) -> bool:
    """A comment without author or time would hold up all the others, at every look."""
    try:
        return bool(author_of(comment) and comment["id"] and _updated(comment).tzinfo)
    except (LookupError, TypeError, ValueError, AttributeError):
        return False


def _with_all_replies(one: Look) -> dict[str, list[Fields]]:
    """A few threads in turn whose answers are not all listed; all of them have had their turn after some looks."""
    partial = [thread for thread in one.threads if _hides_replies(thread)]
    first = one.number * THREADS_IN_TURN
    places = range(first, first + min(THREADS_IN_TURN, len(partial)))
    turn = [str(partial[place % len(partial)]["id"]) for place in places]
    return {thread_id: _all_replies(one, thread_id) for thread_id in turn}


def _all_replies(one: Look, thread_id: str) -> list[Fields]:
    found: list[Fields] = []
    page_token = ""
    for _page in range(MOST_REPLY_PAGES):
        try:
            reply = one.paid(one.youtube.replies(thread_id, page_token=page_token))
        except ConnectorError as error:
            # Gone in the meantime; every other trouble is the whole look's.
            if error.kind != "PERMANENT":
                raise
            break
        found += items_of(reply)
        page_token = next_page_of(reply)
        if not page_token:
            break
    return found


def _hides_replies(thread: Fields) -> bool:
    return int(thread["snippet"].get("totalReplyCount") or 0) > len(_replies_listed(thread))


def _replies_listed(thread: Fields) -> list[Fields]:
    return list((thread.get("replies") or {}).get("comments") or ())


def _event(thread: Fields, comment: Fields, comments: Sequence[Fields]) -> Event:
    event = {name: thread[name] for name in ("kind", "id", "snippet") if name in thread} | {"comment": comment}
    if (answered := _answered(comment, comments)) is not None:
        event["answered"] = answered
    return Event(key=event_key(event), body=json.dumps(event).encode())


def _answered(comment: Fields, comments: Sequence[Fields]) -> Fields | None:
    """Whom a comment calls by name, if it is somebody who has written in the thread."""
    text = str(comment["snippet"].get("textOriginal") or comment["snippet"].get("textDisplay") or "")
    if not text.startswith("@"):
        return None
    called = text.split(maxsplit=1)[0]
    others = [one for one in comments if author_of(one) != author_of(comment)]
    return next((one for one in reversed(others) if one["snippet"].get("authorDisplayName") == called), None)


def _updated(comment: Fields) -> datetime:
    return datetime.fromisoformat(comment["snippet"]["updatedAt"])


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
