"""Ratings in words: a digit, stars or a thumb instead of a pressed button, and the comment that follows.

They belong to the dialog that was rated: no dialog begins with them, and nobody has to answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from openlines.models import Chat, Dialog, Line, Message, Rating
from openlines.services.arrivals import Arrival, clients_message
from openlines.services.locking import hold
from openlines.services.messages import append_all
from openlines.services.rating import COMMENTED_WITHIN, is_open, record_comment, record_score

# Skin tones, and what makes a sign an emoji rather than a letter.
DECORATION = re.compile("[\ufe0f\u20e3\U0001f3fb-\U0001f3ff]")
STARS = re.compile("[⭐★🌟]{1,5}")
FIVE = re.compile(r"([1-5])\s*(?:/\s*5)?[.!]?")
LIKES = frozenset({"+", "1", "👍"})
DISLIKES = frozenset({"-", "−", "–", "0", "2", "👎"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A dialog whose client may say their rating now, locked."""

    dialog: Dialog
    rating: Rating


def score_in(text: str, scale: str) -> int | None:
    """The rating that a text is, if it is nothing else. The second of two buttons is the dislike."""
    said = DECORATION.sub("", text).strip()
    if scale == Line.RatingScale.LIKE:
        return 1 if said in LIKES else 0 if said in DISLIKES else None
    if STARS.fullmatch(said):
        return len(said)
    found = FIVE.fullmatch(said)
    return int(found[1]) if found else None


def take_answers(arrivals: Sequence[Arrival], *, now: datetime) -> tuple[list[Arrival], list[Message]]:
    """Take the ratings and comments out of what clients wrote; returns the rest, and the messages that they are.

    Where no chat awaits a rating it costs nothing.
    """
    awaiting = {arrival.chat.pk: arrival.chat for arrival in arrivals if _awaits(arrival.chat, now)}
    if not awaiting:
        return list(arrivals), []
    asked = _asked(awaiting, {arrival.chat.pk for arrival in arrivals}, now)
    rest, answers = [], []
    for arrival in arrivals:
        found = asked.get(arrival.chat.pk)
        message = _answer(found, arrival, now) if found else None
        if message is not None:
            answers.append(message)
        else:
            # Any other word goes on with the talk, and what follows is part of it.
            asked.pop(arrival.chat.pk, None)
            rest.append(arrival)
    return rest, answers


def _awaits(chat: Chat, now: datetime) -> bool:
    return chat.rated_dialog_id is not None and chat.rating_open_until is not None and now < chat.rating_open_until


def _asked(awaiting: dict[int, Chat], chat_ids: set[int], now: datetime) -> dict[int, Asked]:
    """By chat, the dialog that ended last, if it is over or about to be. All that the batch will lock is locked here,
    in the order of ids."""
    ended = Q(pk__in=[chat.rated_dialog_id for chat in awaiting.values()])
    wanted = Dialog.objects.filter(ended | Q(chat__in=chat_ids) & ~Q(state=Dialog.State.CLOSED))
    locked = {dialog.pk: hold(dialog) for dialog in wanted.select_for_update(of=("self",)).order_by("pk")}
    later = Dialog.objects.filter(chat=OuterRef("dialog__chat"), pk__gt=OuterRef("dialog"))
    ratings = Rating.objects.filter(~Exists(later), dialog__in=[chat.rated_dialog_id for chat in awaiting.values()])
    asked = {}
    for rating in ratings:
        dialog = locked[rating.dialog_id]
        is_ending = not dialog.is_open or dialog.closing_at is not None
        if is_ending and dialog.chat_id in awaiting and is_open(rating, now=now):
            asked[dialog.chat_id] = Asked(dialog, rating)
    return asked


def _answer(asked: Asked, arrival: Arrival, now: datetime) -> Message | None:
    incoming = arrival.incoming
    if incoming.kind != Message.Kind.TEXT or incoming.attachments or incoming.is_automatic:
        return None
    score = score_in(incoming.text, asked.rating.scale)
    if score is not None:
        message = _keep(asked, arrival, now)
        record_score(asked.dialog, asked.rating, score, now=now)
        return message
    if _is_comment(asked, incoming.text, now):
        record_comment(asked.dialog, asked.rating, incoming.text.strip())
        return _keep(asked, arrival, now)
    return None


def _is_comment(asked: Asked, text: str, now: datetime) -> bool:
    """The first words after the rating. Who asks something wants an answer."""
    dialog, rating = asked.dialog, asked.rating
    is_right_after = rating.rated_at is not None and now < rating.rated_at + COMMENTED_WITHIN
    return is_right_after and not rating.comment and dialog.line.is_rating_comment_asked and "?" not in text


def _keep(asked: Asked, arrival: Arrival, now: datetime) -> Message:
    """Stored like every word of a client's, so what is delivered again is known."""
    message = clients_message(arrival, {})
    asked.dialog.client_wrote_at = now
    append_all([(asked.dialog, message)], now=now)
    return message
