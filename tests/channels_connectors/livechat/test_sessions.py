import pytest
import time_machine
from django.core import signing

from channels_connectors.livechat.tokens import VISITOR_SALT, issue_token
from channels_connectors.livechat.widgets import widget_of
from openlines.models import Channel
from tests.channels_connectors.livechat.conftest import SHOP
from tests.channels_connectors.livechat.visitors import Visitor
from tests.factories import make_channel


def test_each_visitor_is_another(anna, boris):
    assert anna.token != boris.token


def test_a_token_is_renewed_for_the_same_visitor(anna):
    anna.write("Hello")
    old = anna.token
    with time_machine.travel("2026-12-24", tick=False):
        anna.arrive()

    assert anna.token != old
    assert anna.texts() == ["Hello"]


NO_TOKENS = ("", "nonsense", "a:b:c", signing.dumps(["x"], salt=VISITOR_SALT), signing.dumps(5, salt=VISITOR_SALT))


@pytest.mark.parametrize("token", NO_TOKENS, ids=range(len(NO_TOKENS)))
def test_a_token_that_is_not_ours_opens_nothing(widget, token):
    visitor = Visitor(widget)
    visitor.token = token

    answer = visitor.call("GET", "messages/")
    assert answer.status_code == 401
    assert answer.json()["code"] == "unknown_visitor"


def test_a_token_for_something_else_opens_nothing(widget):
    visitor = Visitor(widget)
    visitor.token = signing.dumps([widget.channel.pk, "anna"], salt="something.else")

    assert visitor.call("GET", "messages/").status_code == 401


def test_the_token_of_another_chat_opens_nothing(cast, line, anna):
    anna.widget = widget_of(make_channel(cast, line, kind="livechat"))

    assert anna.call("GET", "messages/").status_code == 401


def test_a_token_is_good_for_a_year(widget):
    visitor = Visitor(widget)
    with time_machine.travel("2025-11-01", tick=False):
        visitor.token = issue_token(channel_id=widget.channel.pk, visitor="anna")

    with time_machine.travel("2026-10-31", tick=False):
        assert visitor.call("GET", "messages/").status_code == 200
    with time_machine.travel("2026-11-02", tick=False):
        assert visitor.call("GET", "messages/").status_code == 401


@pytest.mark.parametrize("path", ["session/", "messages/", "receipts/", "files/"])
def test_other_sites_are_kept_away(shop_only, path):
    foreign = Visitor(shop_only, origin="https://evil.example")
    foreign.token = issue_token(channel_id=shop_only.channel.pk, visitor="anna")

    answer = foreign.call("POST", path)
    assert answer.status_code == 403
    assert answer.json()["code"] == "foreign_site"


@pytest.mark.parametrize("origin", [SHOP, "http://testserver", ""])
def test_named_sites_and_our_own_pages_are_let_in(shop_only, origin):
    assert Visitor(shop_only, origin=origin).call("POST", "session/").status_code == 201


def test_sessions_are_not_given_without_end(widget):
    visitor = Visitor(widget)
    with time_machine.travel("2026-11-23T12:00:00Z", tick=False):
        answers = [visitor.call("POST", "session/") for _ in range(31)]

    assert {answer.status_code for answer in answers[:30]} == {201}
    assert answers[30].status_code == 429


@pytest.mark.parametrize("state", [Channel.State.PAUSED, Channel.State.DISCONNECTED])
def test_a_closed_chat_takes_nothing(anna, state):
    Channel.objects.update(state=state)

    answer = anna.write("Hello?")
    assert answer.status_code == 409
    assert answer.json()["code"] == "chat_closed"


def test_a_stranger_to_the_server_is_answered_in_json(widget):
    assert Visitor(widget).call("POST", "/chat/unknown-key/session/").json()["code"] == "not_found"
