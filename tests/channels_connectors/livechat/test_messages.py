import uuid

import pytest
import time_machine
from django.utils import timezone

from channels_connectors import inbox
from channels_connectors.livechat.presenters import COLUMNS, public_messages
from channels_connectors.models import RawEvent
from crm.models import Client, Identity, Lead
from openlines.models import Chat, Message
from openlines.services.closing import finish_dialog
from openlines.services.replies import delete_reply, edit_reply, send_reply
from routing.services.answering import answer_dialog
from tests.channels_connectors.livechat.visitors import Visitor

WHISPER = "Ask for the discount code first"


def answer(cast, dialog, text="Hi, this is Olga", **fields):
    answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
    return reply(cast, dialog, text, **fields)


def reply(cast, dialog, text, **fields):
    return send_reply(dialog_id=dialog.pk, operator=cast.olga, text=text, now=timezone.now(), **fields)[0]


@pytest.mark.row("C3")
def test_what_a_visitor_writes_is_answered_as_it_is_stored(anna):
    number = str(uuid.uuid4())

    answer = anna.write("  Hello, is the oak table in stock?  ", message_id=number)

    assert answer.status_code == 201
    written = answer.json()["message"]
    assert written["client_message_id"] == number
    assert written["text"] == "Hello, is the oak table in stock?"
    assert written["author"] == {"kind": "VISITOR", "name": ""}
    assert (written["seq"], written["attachments"], written["deleted_at"]) == (1, [], None)
    assert answer.json()["dialog"]["is_open"] is True


def test_it_goes_the_way_of_every_channel(anna, cast):
    anna.write("Hello")

    event = RawEvent.objects.get()
    assert event.state == RawEvent.State.DONE
    assert anna.dialog.offered_to == [cast.olga.pk]


@pytest.mark.row("C3")
def test_the_same_message_again_is_the_same_message(anna):
    number = str(uuid.uuid4())
    first = anna.write("Hello", message_id=number)
    again = anna.write("Hello", message_id=number)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["message"] == again.json()["message"]
    assert Message.objects.filter(author_kind="CLIENT").count() == 1


def test_two_visitors_may_make_the_same_number(anna, boris):
    number = str(uuid.uuid4())
    anna.write("I am Anna", message_id=number)
    boris.write("I am Boris", message_id=number)

    assert (anna.texts(), boris.texts()) == (["I am Anna"], ["I am Boris"])


def test_a_message_that_could_not_be_worked_on_waits_and_is_not_doubled(anna, monkeypatch):
    number = str(uuid.uuid4())
    with monkeypatch.context() as broken:
        broken.setattr(inbox, "store_incoming", lambda *_: 1 / 0)
        failed = anna.write("Hello", message_id=number)
    assert (failed.status_code, failed.json()["code"]) == (503, "not_yet_shown")

    RawEvent.objects.update(due_at=timezone.now())
    again = anna.write("Hello", message_id=number)
    assert again.status_code == 200
    assert anna.texts() == ["Hello"]
    assert RawEvent.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "client_message_id"),
        ({"client_message_id": "5", "text": "x"}, "client_message_id"),
        ({"client_message_id": str(uuid.uuid4())}, "text"),
        ({"client_message_id": str(uuid.uuid4()), "text": "   "}, "text"),
        ({"client_message_id": str(uuid.uuid4()), "text": "x" * 10_001}, "text"),
        ({"client_message_id": str(uuid.uuid4()), "text": "a\0b"}, "text"),
        ({"client_message_id": str(uuid.uuid4()), "text": ["x"]}, "text"),
        ({"client_message_id": str(uuid.uuid4()), "text": "x", "email": "nobody"}, "email"),
        ({"client_message_id": str(uuid.uuid4()), "text": "x", "phone": "12"}, "phone"),
        ({"client_message_id": str(uuid.uuid4()), "attachments": [str(uuid.uuid4())]}, "attachments"),
        ({"client_message_id": str(uuid.uuid4()), "attachments": ["x"]}, "attachments"),
        ({"client_message_id": str(uuid.uuid4()), "attachments": [str(uuid.uuid4())] * 11}, "attachments"),
    ],
)
def test_bad_input_is_refused_by_name(anna, body, field):
    answer = anna.call("POST", "messages/", body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert field in answer.json()["fields"]
    assert not RawEvent.objects.exists()


NO_JSON = ("", "{", "[1]", '"x"', "[" * 100_000, '{"text": "\\ud800"}', b"\xff\xfe", '{"a":"' + "x" * 300_000 + '"}')


@pytest.mark.parametrize("body", NO_JSON, ids=range(len(NO_JSON)))
def test_what_is_no_json_is_refused(anna, body):
    assert anna.call("POST", "messages/", body or " ").status_code == 400


def test_a_text_of_ten_thousand_characters_is_taken(anna):
    assert anna.write("ы" * 10_000).status_code == 201


def test_refusals_are_in_the_visitors_language(widget, bells):
    visitor = Visitor(widget, language="ru").arrive()

    assert visitor.write("").json()["message"] == "Напишите что-нибудь или прикрепите файл."


@pytest.mark.row("C3")
def test_ten_messages_in_ten_seconds_are_enough(anna, boris):
    with time_machine.travel("2026-11-23T12:00:03Z", tick=False):
        anna.arrive()
        answers = [anna.write(str(number)) for number in range(11)]
        assert boris.arrive().write("Hello").status_code == 201
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert answers[10].json()["code"] == "too_fast"
    assert answers[10]["Retry-After"] == "7"

    with time_machine.travel("2026-11-23T12:00:10Z", tick=False):
        assert anna.write("Now?").status_code == 201


class TestReading:
    def test_visitors_see_their_own_conversation_only(self, anna, boris):
        anna.write("I am Anna")
        boris.write("I am Boris")

        assert anna.texts() == ["I am Anna"]
        assert boris.texts() == ["I am Boris"]

    @pytest.mark.row("C3")
    def test_an_operators_answer_is_there(self, anna, cast, commit):
        anna.write("Hello")
        with commit():
            answer(cast, anna.dialog)

        newest = anna.messages()["messages"][-1]
        assert newest["text"] == "Hi, this is Olga"
        assert newest["author"] == {"kind": "OPERATOR", "name": "Olga"}

    def test_a_user_name_is_nobodys_business(self, anna, cast, commit):
        cast.olga.first_name = ""
        cast.olga.save()
        anna.write("Hello")
        with commit():
            answer(cast, anna.dialog)

        assert anna.messages()["messages"][-1]["author"]["name"] == ""

    @pytest.mark.row("C3")
    def test_whispers_and_service_lines_are_not(self, anna, cast, commit):
        anna.write("Hello")
        with commit():
            answer(cast, anna.dialog)
            reply(cast, anna.dialog, WHISPER, visibility="STAFF")
        stored = Message.objects.filter(dialog=anna.dialog)
        assert stored.filter(visibility="STAFF").count() >= 3

        for query in ("", "?after_revision=", f"?after_revision={anna.dialog.pk}:0", "?before=99999999"):
            answered = anna.call("GET", f"messages/{query}")
            texts = [message["text"] for message in answered.json()["messages"]]
            assert texts == ["Hello", "Hi, this is Olga"]
            assert WHISPER not in answered.content.decode()

    def test_a_presenter_can_not_hold_a_staff_message(self, anna, cast, widget, commit):
        anna.write("Hello")
        rows = Message.objects.filter(visibility="STAFF").values(*COLUMNS)

        with pytest.raises(ValueError, match="Staff-only"):
            public_messages(rows, key=widget.key, now=timezone.now())

    def test_a_deleted_message_is_there_without_its_words(self, anna, cast, commit):
        anna.write("Hello")
        with commit():
            message = answer(cast, anna.dialog, "Wrong chat, sorry")
            delete_reply(message_id=message.pk, operator=cast.olga, now=timezone.now())

        newest = anna.messages()["messages"][-1]
        assert (newest["text"], newest["attachments"]) == ("", [])
        assert newest["deleted_at"] is not None

    def test_an_answer_may_quote(self, anna, cast, commit):
        number = anna.write("How much is it?").json()["message"]["id"]
        with commit():
            answer(cast, anna.dialog, "390", reply_to_id=number)

        assert anna.messages()["messages"][-1]["reply_to"] == {
            "id": number,
            "text": "How much is it?",
            "author": {"kind": "VISITOR", "name": ""},
        }

    def test_pages_go_back_in_time(self, anna, monkeypatch):
        monkeypatch.setattr("channels_connectors.livechat.queries.PAGE", 4)
        for number in range(6):
            anna.write(str(number))
        newest = anna.messages()
        earlier = anna.messages(f"?before={newest['messages'][0]['id']}")

        assert ([message["text"] for message in newest["messages"]], newest["has_earlier"]) == (list("2345"), True)
        assert ([message["text"] for message in earlier["messages"]], earlier["has_earlier"]) == (list("01"), False)

    @pytest.mark.parametrize(
        "query", ["before=x", "before=-1", "after_revision=x", "after_revision=1", "after_revision=1:2:3"]
    )
    def test_a_question_that_makes_no_sense_is_refused(self, anna, query):
        assert anna.call("GET", f"messages/?{query}").status_code == 400

    def test_nobody_asks_with_a_thousand_dialogs(self, anna):
        query = ",".join(f"{number}:1" for number in range(101))

        assert anna.call("GET", f"messages/?after_revision={query}").status_code == 400

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    def test_there_are_no_other_ways(self, anna, method):
        assert anna.call(method, "messages/").status_code == 405


class TestCatchingUp:
    def known(self, anna):
        return ",".join(f"{dialog['number']}:{dialog['revision']}" for dialog in anna.messages()["dialogs"])

    def test_only_what_changed_comes(self, anna, cast, commit):
        anna.write("One")
        with commit():
            first = answer(cast, anna.dialog, "Two")
        known = self.known(anna)
        with commit():
            reply(cast, anna.dialog, "Three")
            edit_reply(message_id=first.pk, operator=cast.olga, text="Two!", now=timezone.now())

        answered = anna.messages(f"?after_revision={known}")
        assert [message["text"] for message in answered["messages"]] == ["Two!", "Three"]
        assert answered["is_reset"] is False

    def test_nothing_new_is_nothing(self, anna, cast, commit):
        anna.write("One")
        with commit():
            answer(cast, anna.dialog)

        assert anna.messages(f"?after_revision={self.known(anna)}")["messages"] == []

    def test_what_staff_do_among_themselves_is_no_change(self, anna, cast, commit):
        anna.write("One")
        with commit():
            answer(cast, anna.dialog)
        before = anna.messages()["dialogs"]
        with commit():
            reply(cast, anna.dialog, WHISPER, visibility="STAFF")

        assert anna.messages()["dialogs"] == before

    @pytest.mark.row("C3")
    def test_a_new_dialog_goes_on_where_the_last_one_ended(self, anna, cast, commit):
        anna.write("One")
        with commit():
            answer(cast, anna.dialog, "Two")
            finish_dialog(dialog_id=anna.dialog.pk, operator=cast.olga, now=timezone.now())
        known = self.known(anna)
        anna.write("Me again")

        answered = anna.messages(f"?after_revision={known}")
        assert [message["text"] for message in answered["messages"]] == ["Me again"]
        assert [dialog["is_open"] for dialog in answered["dialogs"]] == [False, True]
        assert Chat.objects.count() == 1

    def test_after_a_very_long_time_the_newest_page_is_enough(self, anna, monkeypatch):
        monkeypatch.setattr("channels_connectors.livechat.queries.MOST_CHANGES", 2)
        for number in range(3):
            anna.write(str(number))

        answered = anna.messages(f"?after_revision={anna.dialog.pk}:0")
        assert answered["is_reset"] is True
        assert len(answered["messages"]) == 3

    def test_dialogs_of_others_can_not_be_asked_for(self, anna, boris):
        boris.write("Secret")
        anna.write("Hello")

        answered = anna.messages(f"?after_revision={boris.dialog.pk - 1}:0,{boris.dialog.pk}:0")
        assert "Secret" not in str(answered)


class TestWhoTheyAre:
    @pytest.mark.row("K3")
    def test_without_an_address_a_visitor_is_anonymous_and_no_lead(self, anna):
        anna.write("Hello", name="Anna")

        client = Client.objects.get()
        assert (client.name, client.is_anonymous) == ("Anna", True)
        assert not Lead.objects.exists()

    @pytest.mark.row("K3")
    @pytest.mark.parametrize(
        ("given", "kept"),
        [({"email": "Anna@Example.org"}, "anna@example.org"), ({"phone": "+7 916 123-45-67"}, "+79161234567")],
    )
    def test_a_later_address_makes_the_lead(self, anna, given, kept):
        anna.write("Hello")
        anna.write("Write me, please", name="Anna", **given)

        client = Client.objects.get()
        assert not client.is_anonymous
        assert kept in client.identities.values_list("value", flat=True)
        assert Lead.objects.get().client == client

    def test_a_russian_number_needs_no_country_code_in_russian(self, widget, bells):
        visitor = Visitor(widget, language="ru").arrive()
        visitor.write("Позвоните", phone="8 (916) 123-45-67")

        assert Client.objects.get().identities.filter(value="+79161234567").exists()

    @pytest.mark.row("C3")
    def test_the_page_they_write_from_is_known(self, anna):
        visit = {"url": "https://shop.example/oak", "title": "Oak " * 200, "time_zone": "Europe/Moscow"}
        body = {"client_message_id": str(uuid.uuid4()), "text": "Hi", "visit": visit | {"secret": "x", "referrer": 5}}
        anna.call("POST", "messages/", body, **{"User-Agent": "Firefox"})

        assert Identity.objects.get(kind="livechat").title == "shop.example"
        kept = Chat.objects.get().context["visit"]
        assert kept["url"] == "https://shop.example/oak"
        assert len(kept["title"]) == 300
        assert (kept["time_zone"], kept["user_agent"]) == ("Europe/Moscow", "Firefox")
        assert set(kept) == {"url", "title", "time_zone", "user_agent"}

    @pytest.mark.parametrize("visit", [{"url": "https://[x"}, "x", [], 5, {"url": "\0"}, None])
    def test_a_strange_visit_stops_no_message(self, anna, visit):
        assert anna.write("Hello", visit=visit).status_code == 201
