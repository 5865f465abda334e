"""Requests for ratings in the best form that a channel has."""

import pytest

from channels_connectors.connector import Capabilities
from channels_connectors.degrading import degraded
from channels_connectors.models import Delivery
from crm.models import Client
from openlines.types import Button, OutgoingMessage
from tests.openlines.rated import asked, payload, press
from tests.scenes import carry_all

pytestmark = pytest.mark.row("A5")

LIKES = ((Button(text="👍", payload="rating:1:1"), Button(text="👎", payload="rating:1:0")),)
FIVE = (tuple(Button(text=str(score), payload=f"rating:1:{score}") for score in range(1, 6)),)


def request(buttons) -> OutgoingMessage:
    return OutgoingMessage(message_id=1, chat_external_id="anna", text="How was it?", buttons=buttons)


def test_a_channel_with_buttons_gets_them(scene):
    message = request(LIKES)

    assert degraded(message, capabilities=Capabilities(buttons="inline"), language="en") is message


@pytest.mark.parametrize(
    ("buttons", "words"),
    [(LIKES, "Reply with a digit:\n1 — 👍\n2 — 👎"), (FIVE, "Reply with a digit from 1 to 5.")],
)
def test_a_channel_without_buttons_gets_words(buttons, words):
    message = degraded(request(buttons), capabilities=Capabilities(), language="en")

    assert (message.text, message.buttons) == (f"How was it?\n\n{words}", ())


def test_what_has_no_buttons_stays_as_it_is():
    message = request(())

    assert degraded(message, capabilities=Capabilities(), language="en") is message


def test_the_words_go_out_in_the_clients_language_and_their_digit_is_the_rating(scene, provider):
    asked(scene)
    Client.objects.update(language="en-GB")

    carry_all(scene)

    assert provider.texts[-1] == "How was it, Anna?\n\nReply with a digit from 1 to 5."


def test_where_there_are_no_buttons_nothing_is_shown_as_pressed(scene, provider):
    dialog = asked(scene)
    carry_all(scene)

    press(scene, payload(dialog, 5))
    carry_all(scene)

    assert "edit" not in [name for name, _said in provider.calls]


def test_the_pressed_button_is_shown_as_pressed(scene):
    dialog = asked(scene)
    carry_all(scene)

    press(scene, payload(dialog, 5))

    assert Delivery.objects.filter(action="EDIT").count() == 1
    carry_all(scene)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"SENT"}
