"""Clients are asked how it was, answer in the form that their channel has, and may think better of it."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowed, NotFound
from crm.models import Client
from openlines.models import Chat, Dialog, Line, Message
from openlines.services.closing import close_by_client, finish_dialog
from openlines.services.rating import rate_as_supervisor, rate_dialog
from openlines.services.rating_answers import score_in
from openlines.services.receiving import receive_messages
from openlines.services.timers import fire_due_timers
from openlines.types import IncomingAttachment, IncomingClosing, IncomingMessage, Person
from tests.factories import write
from tests.openlines.rated import asked, asks, payload, press, rating_of, request_of
from tests.scenes import Scene, active, anna_writes, offered, reply, sent

pytestmark = pytest.mark.row("A5")


def feed(dialog: Dialog) -> list[str]:
    return [m.text or m.payload["service"]["code"] for m in dialog.messages.order_by("seq")]


def later(scene: Scene, text: str, number: int, **how: float) -> list[Message]:
    message = IncomingMessage(
        chat_external_id="anna", external_id=f"late-{number}", sender=Person(external_id="anna"), text=text
    )
    return receive_messages(channel=scene.channel, incoming=[message], now=scene.later(**how))


# Asking


def test_who_finishes_asks_with_the_goodbye(scene):
    dialog = asked(scene)

    assert feed(dialog)[-3:] == ["Bye", "How was it, Anna?", "DIALOG_FINISHED"]
    texts = [[button["text"] for button in row] for row in request_of(dialog).payload["buttons"]]
    assert texts == [["1", "2", "3", "4", "5"]]
    assert rating_of(dialog).score is None
    assert dialog.state == "CLOSED"


def test_likes_are_two_buttons(scene):
    dialog = asked(scene, "LIKE")

    assert request_of(dialog).payload["buttons"] == [
        [{"text": "👍", "payload": payload(dialog, 1)}, {"text": "👎", "payload": payload(dialog, 0)}]
    ]


def test_silence_and_the_client_ask_as_well(scene):
    asks()
    sent(scene)
    fire_due_timers(now=scene.later(hours=2))
    first = scene.dialog
    assert first.close_reason == "SILENCE"
    assert request_of(first)

    anna_writes(scene, "Here again")
    active_dialog = scene.dialog
    Dialog.objects.filter(pk=active_dialog.pk).update(owner=scene.cast.olga, state="ACTIVE", offered_to=[])
    close_by_client(channel=scene.channel, closing=IncomingClosing(chat_external_id="anna"), now=scene.later(hours=3))
    assert request_of(scene.dialog).dialog_id == active_dialog.pk


def test_spam_is_not_asked(scene):
    asks()
    sent(scene)

    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, as_spam=True, now=scene.now)

    assert not scene.dialog.messages.filter(payload__has_key="buttons").exists()


def test_nobody_is_asked_about_a_talk_that_nobody_took(scene):
    asks()
    offered(scene)

    close_by_client(channel=scene.channel, closing=IncomingClosing(chat_external_id="anna"), now=scene.now)

    assert not scene.dialog.messages.filter(payload__has_key="buttons").exists()


def test_who_can_not_be_reached_is_not_asked(scene):
    asks()
    sent(scene)
    Client.objects.update(is_reachable=False)

    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    assert not hasattr(scene.dialog, "rating")


def test_a_line_may_not_ask(scene):
    sent(scene)

    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    assert not scene.dialog.messages.filter(payload__has_key="buttons").exists()


@pytest.mark.row("A6")
def test_the_client_is_asked_in_their_language(scene):
    asks(translations={"de": {"rating_text": "Wie war es?"}})
    sent(scene)
    Client.objects.update(language="de")

    dialog = finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    assert request_of(dialog).text == "Wie war es?"


# Pressing


def test_a_press_is_the_rating_and_is_thanked_for(scene):
    dialog = asked(scene)

    press(scene, payload(dialog, 4))

    assert rating_of(dialog).score == 4
    assert feed(dialog)[-2:] == ["CLIENT_RATED", "Thank you, Anna!"]
    assert Dialog.objects.count() == 1
    assert request_of(dialog).payload["chosen"] == payload(dialog, 4)


def test_the_same_press_again_changes_nothing(scene):
    dialog = asked(scene)
    press(scene, payload(dialog, 4), key="k")
    before = Dialog.objects.get().revision

    press(scene, payload(dialog, 4), key="k")
    press(scene, payload(dialog, 4))

    assert Dialog.objects.get().revision == before


def test_the_client_may_think_better_of_it_and_is_thanked_once(scene):
    dialog = asked(scene)
    press(scene, payload(dialog, 2))

    press(scene, payload(dialog, 5), now=scene.later(hours=23))

    assert rating_of(dialog).score == 5
    assert feed(dialog).count("Thank you, Anna!") == 1
    assert feed(dialog).count("CLIENT_RATED") == 2


def test_after_a_day_it_is_too_late(scene):
    dialog = asked(scene)

    press(scene, payload(dialog, 5), now=scene.later(hours=24))

    assert rating_of(dialog).score is None
    assert Dialog.objects.count() == 1, "and a late press is no question to anybody"


def test_nobody_rates_the_dialog_of_another(scene):
    dialog = asked(scene)
    write(scene.channel, "Hi", sender="Boris", now=scene.now)

    press(scene, payload(dialog, 1), chat="boris")

    assert rating_of(dialog).score is None
    chat = Chat.objects.get(external_id="boris")
    with pytest.raises(NotFound):
        rate_dialog(chat=chat, dialog_id=dialog.pk, score=1, now=scene.now)


@pytest.mark.parametrize("forged", ["rating:999999999999999999:5", "rating:0:5", "rating:{pk}:6", "rating:{pk}:0"])
def test_forged_payloads_do_nothing(scene, forged):
    dialog = asked(scene)

    press(scene, forged.format(pk=dialog.pk))

    assert rating_of(dialog).score is None
    assert Dialog.objects.count() == 1


def test_a_dialog_that_was_not_asked_about_can_not_be_rated(scene):
    sent(scene)
    dialog = finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    press(scene, payload(dialog, 5))

    assert not hasattr(Dialog.objects.get(), "rating")


def test_a_press_after_a_new_dialog_began_still_rates_the_old_one(scene):
    old = asked(scene)
    anna_writes(scene, "Something else")
    new = scene.dialog

    press(scene, payload(old, 3))

    assert rating_of(old).score == 3
    assert (new.pk == old.pk, Dialog.objects.get(pk=new.pk).waiting_since) == (False, scene.now)


def test_a_button_that_is_no_rating_says_what_stands_on_it(scene):
    sent(scene)

    press(scene, "deliver:monday")

    assert scene.dialog.messages.filter(author_kind="CLIENT").latest("seq").text == "👍"


# Saying


@pytest.mark.parametrize(
    ("text", "scale", "score"),
    [
        ("5", "FIVE", 5), (" 3 ", "FIVE", 3), ("4!", "FIVE", 4), ("5/5", "FIVE", 5), ("⭐⭐⭐", "FIVE", 3),
        ("4\ufe0f\u20e3", "FIVE", 4),
        ("6", "FIVE", None), ("0", "FIVE", None), ("55", "FIVE", None), ("5 o'clock", "FIVE", None),
        ("👍", "FIVE", None),
        ("👍", "LIKE", 1), ("👍🏽", "LIKE", 1), ("+", "LIKE", 1), ("1", "LIKE", 1), ("2", "LIKE", 0), ("-", "LIKE", 0),
        ("👎", "LIKE", 0), ("0", "LIKE", 0), ("5", "LIKE", None), ("fine", "LIKE", None), ("", "LIKE", None),
    ],
)  # fmt: skip
def test_a_rating_is_read_from_a_text_that_is_nothing_else(text, scale, score):
    assert score_in(text, scale) == score


def test_a_digit_is_the_rating_and_waits_for_no_answer(scene):
    dialog = asked(scene)

    anna_writes(scene, "5")

    stored = Dialog.objects.get()
    assert (stored.state, stored.waiting_since, stored.unread) == ("CLOSED", None, 0)
    assert rating_of(dialog).score == 5
    assert feed(dialog)[-3:] == ["5", "CLIENT_RATED", "Thank you, Anna!"]


def test_a_digit_delivered_twice_is_one(scene):
    dialog = asked(scene)
    later(scene, "5", 1, minutes=1)
    before = Dialog.objects.get().revision

    later(scene, "5", 1, minutes=2)

    assert Dialog.objects.get().revision == before
    assert dialog.messages.filter(text="5").count() == 1


def test_words_right_after_the_rating_are_its_comment(scene):
    dialog = asked(scene)
    later(scene, "5", 1, minutes=1)

    later(scene, "Very quick, thank you", 2, minutes=5)

    assert rating_of(dialog).comment == "Very quick, thank you"
    assert Dialog.objects.count() == 1
    assert feed(dialog)[-1] == "Very quick, thank you"


def test_words_after_a_press_are_its_comment_too(scene):
    dialog = asked(scene)
    press(scene, payload(dialog, 5), now=scene.later(hours=12))

    later(scene, "Very quick", 1, hours=12, minutes=9)

    assert rating_of(dialog).comment == "Very quick"


def test_the_rating_and_its_comment_may_come_at_once(scene):
    dialog = asked(scene)
    sender = Person(external_id="anna")
    texts = ["4", "Good", "And where is my parcel", "5"]

    receive_messages(
        channel=scene.channel,
        incoming=[
            IncomingMessage(chat_external_id="anna", external_id=f"b{n}", sender=sender, text=text)
            for n, text in enumerate(texts)
        ],
        now=scene.now,
    )

    assert (rating_of(dialog).score, rating_of(dialog).comment) == (4, "Good")
    said = scene.dialog.messages.filter(author_kind="CLIENT").order_by("seq").values_list("text", flat=True)
    assert list(said) == ["And where is my parcel", "5"], "what follows a new question belongs to it"
    assert scene.dialog.pk != dialog.pk


@pytest.mark.parametrize("words", ["And when does it arrive?", "5 pieces, please"])
def test_other_words_begin_a_dialog_before_a_rating(scene, words):
    dialog = asked(scene)

    anna_writes(scene, words)

    assert Dialog.objects.count() == 2
    assert rating_of(dialog).score is None


def test_who_asks_something_after_the_rating_wants_an_answer(scene):
    dialog = asked(scene)
    later(scene, "5", 1, minutes=1)

    later(scene, "And when does it arrive?", 2, minutes=2)

    assert rating_of(dialog).comment == ""
    assert scene.dialog.waiting_since == scene.later(minutes=2)


def test_only_the_first_words_are_the_comment_and_only_for_ten_minutes(scene):
    asked(scene)
    later(scene, "5", 1, minutes=1)
    later(scene, "Quick", 2, minutes=2)

    later(scene, "I forgot something", 3, minutes=3)

    assert Dialog.objects.count() == 2


def test_words_much_later_begin_a_dialog(scene):
    dialog = asked(scene)
    later(scene, "5", 1, minutes=1)

    later(scene, "Hello again", 2, minutes=11)

    assert rating_of(dialog).comment == ""
    assert Dialog.objects.count() == 2


def test_a_line_that_wants_no_comments_takes_words_as_words(scene):
    dialog = asked(scene, is_rating_comment_asked=False)
    later(scene, "5", 1, minutes=1)

    later(scene, "Thanks", 2, minutes=2)

    assert rating_of(dialog).comment == ""
    assert Dialog.objects.count() == 2


def test_a_picture_is_no_comment(scene):
    asked(scene)
    later(scene, "5", 1, minutes=1)

    anna_writes(scene, "", kind="IMAGE", attachments=(IncomingAttachment(kind="IMAGE", reference="r"),))

    assert Dialog.objects.count() == 2


def test_a_digit_after_the_window_is_a_word_like_any_other(scene):
    dialog = asked(scene)

    later(scene, "5", 1, hours=25)

    assert rating_of(dialog).score is None
    assert scene.dialog.pk != dialog.pk


def test_a_digit_in_a_new_dialog_is_no_rating(scene):
    old = asked(scene)
    anna_writes(scene, "Which sizes are there")

    anna_writes(scene, "2")

    assert rating_of(old).score is None
    assert scene.dialog.messages.filter(text="2").exists()


def test_nor_after_the_new_dialog_has_ended_unasked(scene):
    old = asked(scene)
    anna_writes(scene, "Something else")
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.sergey, as_spam=True, now=scene.now)

    anna_writes(scene, "2")

    assert rating_of(old).score is None
    assert Dialog.objects.count() == 3


# While the goodbye may still be answered


def test_a_rating_does_not_take_the_dialog_back(scene):
    dialog = asked(scene, grace_seconds=600)
    assert dialog.closing_at is not None

    later(scene, "5", 1, minutes=1)
    later(scene, "Quick", 2, minutes=2)
    fire_due_timers(now=scene.later(seconds=600))

    stored = Dialog.objects.get()
    assert (stored.state, stored.close_reason, stored.closing_at) == ("CLOSED", "OPERATOR", None)
    assert (rating_of(dialog).score, rating_of(dialog).comment) == (5, "Quick")


def test_a_dialog_that_goes_on_takes_digits_as_words(scene):
    dialog = asked(scene, grace_seconds=600)
    later(scene, "One more thing", 1, minutes=1)

    later(scene, "2", 2, minutes=2)

    assert rating_of(dialog).score is None
    assert scene.dialog.waiting_since is not None


def test_a_press_in_a_dialog_that_goes_on_is_a_rating_still(scene):
    dialog = asked(scene, grace_seconds=600)
    later(scene, "One more thing", 1, minutes=1)

    press(scene, payload(dialog, 2), now=scene.later(minutes=2))

    assert rating_of(dialog).score == 2
    assert scene.dialog.state == "ACTIVE"


def test_who_has_rated_a_dialog_is_not_asked_about_it_again(scene):
    dialog = asked(scene, grace_seconds=600)
    press(scene, payload(dialog, 5))
    reply(scene, "One more thing from me")

    finish_dialog(dialog_id=dialog.pk, operator=scene.cast.olga, now=scene.later(minutes=5))

    assert dialog.messages.filter(payload__has_key="buttons").count() == 1


def test_who_has_not_is_asked_anew_and_for_another_day(scene):
    dialog = asked(scene, grace_seconds=600)
    later(scene, "One more thing", 1, minutes=1)
    finish_dialog(dialog_id=dialog.pk, operator=scene.cast.olga, now=scene.later(hours=20))

    press(scene, payload(dialog, 5), now=scene.later(hours=30))

    assert dialog.messages.filter(payload__has_key="buttons").count() == 2
    assert rating_of(dialog).score == 5


def test_another_scale_does_not_change_what_was_asked(scene):
    dialog = asked(scene, "LIKE", grace_seconds=600)
    Line.objects.update(rating_scale="FIVE")
    later(scene, "One more thing", 1, minutes=1)
    finish_dialog(dialog_id=dialog.pk, operator=scene.cast.olga, now=scene.later(minutes=2))

    press(scene, payload(dialog, 1), now=scene.later(minutes=3))

    assert (rating_of(dialog).scale, rating_of(dialog).score) == ("LIKE", 1)


# What it costs others


def test_clients_who_owe_no_rating_cost_nothing_more(scene, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    sent(scene)
    with CaptureQueriesContext(connection) as before:
        anna_writes(scene, "5")
    assert not [query for query in before if "openlines_rating" in query["sql"]]


# Supervisors


def test_a_supervisor_rates_the_work_and_its_operator_sees_it(scene):
    sent(scene)
    revision = scene.dialog.revision

    dialog = rate_as_supervisor(
        dialog_id=scene.dialog.pk, supervisor=scene.cast.sergey, score=4, comment=" Greet first ", now=scene.now
    )

    rating = rating_of(dialog)
    assert (rating.supervisor, rating.supervisor_score, rating.supervisor_comment) == (
        scene.cast.sergey, 4, "Greet first",
    )  # fmt: skip
    assert (rating.score, rating.asked_at) == (None, None)
    assert feed(dialog)[-1] == "SUPERVISOR_RATED"
    assert scene.dialog.revision > revision
    assert scene.dialog.state == "ACTIVE"


def test_the_same_again_changes_nothing_and_another_mind_does(scene):
    sent(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    rate = {"dialog_id": scene.dialog.pk, "supervisor": scene.cast.sergey, "now": scene.now}
    rate_as_supervisor(score=4, **rate)
    revision = scene.dialog.revision

    rate_as_supervisor(score=4, **rate)
    assert scene.dialog.revision == revision
    rate_as_supervisor(score=5, **rate)
    assert rating_of(scene.dialog).supervisor_score == 5


@pytest.mark.parametrize(("who", "refusal"), [("olga", NotAllowed), ("oleg", NotFound), ("mallory", NotFound)])
def test_only_those_who_steer_the_line_rate_the_work(scene, who, refusal):
    active(scene)

    with pytest.raises(refusal):
        rate_as_supervisor(
            dialog_id=scene.dialog.pk, supervisor=getattr(scene.cast, who), score=1, now=scene.now
        )  # fmt: skip


@pytest.mark.parametrize(("score", "comment"), [(0, ""), (6, ""), (3, "x" * 2001)])
def test_what_is_no_rating_is_refused(scene, score, comment):
    active(scene)

    with pytest.raises(InvalidInput):
        rate_as_supervisor(
            dialog_id=scene.dialog.pk, supervisor=scene.cast.alla, score=score, comment=comment, now=scene.now
        )


def test_the_clients_comment_is_kept_as_long_as_it_may_be(scene):
    dialog = asked(scene)
    chat = Chat.objects.get()

    rate_dialog(chat=chat, dialog_id=dialog.pk, score=1, comment="x" * 3000, now=scene.now + timedelta(hours=1))

    assert len(rating_of(dialog).comment) == 2000
