"""Ratings: the client is asked when a dialog ends, may change their mind for a while; supervisors rate the work.

A request names its dialog in the buttons, so a press is never taken for another's; what is pressed again, or delivered
again, changes nothing.
"""

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import DomainError, InvalidInput, NotAllowed, NotFound
from common.events import publish
from crm.models import User
from openlines.access import steers, visible_dialog
from openlines.events import ButtonChosen
from openlines.models import Channel, Chat, Dialog, Line, Message, Rating
from openlines.services.automatic_texts import send_automatic_text
from openlines.services.locking import lock_dialog
from openlines.services.machines import told_enough, written_to_by_machines
from openlines.services.messages import add_automatic_text, add_service_line, touch_message
from openlines.texts import spoken_with, words_for
from openlines.types import Button, Buttons, IncomingPress

# How long after the request a client may rate, and how long after that words are its comment and digits another mind.
OPEN_FOR = timedelta(hours=24)
COMMENTED_WITHIN = timedelta(minutes=10)
LONGEST_COMMENT = 2000
PAYLOAD = re.compile(r"rating:([0-9]{1,18}):([0-9])")
SCORES = {Line.RatingScale.LIKE: range(2), Line.RatingScale.FIVE: range(1, 6)}


class RatingIsOver(DomainError):
    code = "rating_is_over"
    message = gettext_lazy("The time to rate this conversation is over.")


def is_rating(payload: str) -> bool:
    return PAYLOAD.fullmatch(payload) is not None


def rated_dialog_id(payload: str) -> int | None:
    found = PAYLOAD.fullmatch(payload)
    return int(found[1]) if found else None


def ask_for_rating(dialog: Dialog, *, now: datetime) -> bool:
    """Ask the client of a locked dialog that ends, if its line wants to know; whether it did.

    Nobody is asked about a talk that nobody took, and nobody twice who has rated this dialog already.
    """
    line = dialog.line
    if not line.is_rating_asked or dialog.owner_id is None or not dialog.client.is_reachable:
        return False
    words = words_for(dialog, "rating_text", now=now)
    if not words or written_to_by_machines([dialog.pk]) or told_enough([dialog], now=now):
        return False
    rating, _is_new = Rating.objects.get_or_create(dialog=dialog, defaults={"scale": line.rating_scale})
    if rating.score is not None:
        return False
    if rating.asked_at is None:
        rating.scale = line.rating_scale
    rating.asked_at = now
    rating.save(update_fields=["scale", "asked_at"])
    add_automatic_text(dialog, words, buttons=_buttons(dialog.pk, rating.scale), now=now)
    Chat.objects.filter(pk=dialog.chat_id).update(rated_dialog=dialog, rating_open_until=now + OPEN_FOR)
    return True


def _buttons(dialog_id: int, scale: str) -> Buttons:
    if scale == Line.RatingScale.LIKE:
        texts = {1: "👍", 0: "👎"}
    else:
        texts = {score: str(score) for score in SCORES[Line.RatingScale.FIVE]}
    return (tuple(Button(text=text, payload=_payload(dialog_id, score)) for score, text in texts.items()),)


def _payload(dialog_id: int, score: int) -> str:
    return f"rating:{dialog_id}:{score}"


def rate_by_press(*, channel: Channel, press: IncomingPress, now: datetime) -> str:
    """What a client pressed below a request; returns what they are told at the button, in their language."""
    chat = Chat.objects.select_related("client").filter(
        channel=channel, external_id=press.chat_external_id
    ).first()  # fmt: skip
    found = PAYLOAD.fullmatch(press.payload)
    if chat is None or found is None:
        return ""
    with translation.override(spoken_with(chat.client)):
        try:
            rate_dialog(chat=chat, dialog_id=int(found[1]), score=int(found[2]), now=now)
        except DomainError as refusal:
            return str(refusal)
        return _("Thank you for the rating!")


@transaction.atomic
def rate_dialog(*, chat: Chat, dialog_id: int, score: int, comment: str | None = None, now: datetime) -> Rating:
    """The client's rating of a dialog in their own chat, given or changed; ``None`` leaves the comment as it is.

    Raises ``NotFound`` (not theirs, or never asked), ``InvalidInput``, ``RatingIsOver``.
    """
    if not Rating.objects.filter(dialog=dialog_id, dialog__chat=chat, asked_at__isnull=False).exists():
        raise NotFound
    dialog = lock_dialog(dialog_id)
    rating = Rating.objects.get(dialog=dialog)
    if score not in SCORES[Line.RatingScale(rating.scale)]:
        raise InvalidInput(fields={"score": [_("There is no such rating.")]})
    if not is_open(rating, now=now):
        raise RatingIsOver
    record_score(dialog, rating, score, now=now)
    comment = rating.comment if comment is None else comment.strip()[:LONGEST_COMMENT]
    if comment != rating.comment and dialog.line.is_rating_comment_asked:
        record_comment(dialog, rating, comment)
        add_service_line(dialog, "RATING_COMMENTED", now=now, comment=rating.comment)
    return rating


def is_open(rating: Rating, *, now: datetime) -> bool:
    return rating.asked_at is not None and now < rating.asked_at + OPEN_FOR


def record_score(dialog: Dialog, rating: Rating, score: int, *, now: datetime) -> None:
    """The locked dialog's rating is this from now on; the first one is thanked for."""
    if rating.score == score:
        return
    is_first = rating.score is None
    rating.score, rating.rated_at = score, now
    rating.save(update_fields=["score", "rated_at"])
    add_service_line(dialog, "CLIENT_RATED", now=now, scale=rating.scale, score=score)
    _show_at_request(dialog, chosen=_payload(dialog.pk, score))
    Chat.objects.filter(pk=dialog.chat_id, rated_dialog=dialog).update(rating_open_until=now + COMMENTED_WITHIN)
    if is_first:
        send_automatic_text(dialog, "rating_thanks_text", now=now)


def record_comment(dialog: Dialog, rating: Rating, comment: str) -> None:
    rating.comment = comment[:LONGEST_COMMENT]
    rating.save(update_fields=["comment"])
    _show_at_request(dialog)


def _show_at_request(dialog: Dialog, **changes: str) -> None:
    """Where the client was asked they see what they said."""
    requests = Message.objects.filter(dialog=dialog, author_kind=Message.Author.BOT, payload__has_key="buttons")
    request = requests.order_by("-seq").first()
    if request is not None:
        touch_message(dialog, request, payload=request.payload | changes)
        if changes:
            publish(ButtonChosen(request.pk))


@transaction.atomic
def rate_as_supervisor(*, dialog_id: int, supervisor: User, score: int, comment: str = "", now: datetime) -> Dialog:
    """What a supervisor thinks of the work on a dialog, open or closed; its operator sees it.

    Raises ``NotFound``, ``NotAllowed``, ``InvalidInput``.
    """
    visible_dialog(supervisor, dialog_id)
    comment = comment.strip()
    if not 1 <= score <= max(SCORES[Line.RatingScale.FIVE]) or len(comment) > LONGEST_COMMENT:
        raise InvalidInput(fields={"score": [_("Rate from 1 to 5, with at most 2000 characters.")]})
    dialog = lock_dialog(dialog_id)
    if not steers(supervisor, dialog.line_id):
        raise NotAllowed(_("Only a supervisor of the line can rate how its dialogs were led."))
    rating, _is_new = Rating.objects.get_or_create(dialog=dialog, defaults={"scale": dialog.line.rating_scale})
    if (rating.supervisor_score, rating.supervisor_comment) == (score, comment):
        return dialog
    rating.supervisor, rating.supervisor_score, rating.supervisor_comment = supervisor, score, comment
    rating.supervisor_rated_at = now
    rating.save(update_fields=["supervisor", "supervisor_score", "supervisor_comment", "supervisor_rated_at"])
    add_service_line(dialog, "SUPERVISOR_RATED", now=now, supervisor=supervisor.name, score=score, comment=comment)
    return dialog
