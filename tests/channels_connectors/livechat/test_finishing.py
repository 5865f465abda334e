"""The visitor ends the conversation."""

import pytest
from django.utils import timezone

from openlines.models import Line
from routing.services.answering import answer_dialog
from tests.channels_connectors.livechat.visitors import Visitor

pytestmark = pytest.mark.row("A4")


def test_a_visitor_finishes_what_nobody_has_answered(anna):
    anna.write("Never mind")

    response = anna.call("POST", "finish/")

    assert response.status_code == 204
    assert (anna.dialog.state, anna.dialog.close_reason) == ("CLOSED", "CLIENT")
    (dialog,) = anna.messages()["dialogs"]
    assert (dialog["is_open"], dialog["is_closing"]) == (False, False)
    anna.write("Hello again")
    assert anna.dialog.is_open


def test_a_visitor_finishes_with_an_operator_and_may_think_again(anna, cast):
    Line.objects.update(client_closing_action="TEXT", client_closing_text="Come again", grace_seconds=600)
    anna.write("Hello")
    answer_dialog(dialog_id=anna.dialog.pk, operator=cast.olga, now=timezone.now())

    anna.call("POST", "finish/")

    assert anna.texts() == ["Hello", "Come again"]
    (dialog,) = anna.messages()["dialogs"]
    assert (dialog["is_open"], dialog["is_closing"]) == (True, True)
    anna.write("Wait!")
    (dialog,) = anna.messages()["dialogs"]
    assert (dialog["is_open"], dialog["is_closing"]) == (True, False)


def test_finishing_again_or_nothing_is_no_trouble(anna):
    assert anna.call("POST", "finish/").status_code == 204
    anna.write("Hello")
    anna.call("POST", "finish/")
    before = anna.dialog.revision

    assert anna.call("POST", "finish/").status_code == 204
    assert anna.dialog.revision == before


def test_nobody_finishes_for_another(anna, boris, widget):
    anna.write("Hello")

    boris.call("POST", "finish/")
    stranger = Visitor(widget).call("POST", "finish/")

    assert stranger.status_code == 401
    assert anna.dialog.is_open
