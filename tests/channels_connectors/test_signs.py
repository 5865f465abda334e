"""What comes in beside messages: typing, reactions, hidden comments, other ids of the same person, machines' words."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_connectors.connector import Account
from channels_connectors.inbox import keep_event, process_everything
from channels_connectors.models import RawEvent
from crm.models import Client, ClientMerge, Identity, IdentityAlias
from openlines.models import Chat, Dialog, Line, Message
from openlines.presenters import message_json
from openlines.services.closing import finish_dialog
from openlines.services.merging import undo_merge
from openlines.types import (
    Incoming,
    IncomingAlias,
    IncomingHiding,
    IncomingMessage,
    IncomingReaction,
    IncomingTyping,
    Person,
)
from tests.committing import committed
from tests.providers.scripted import Scripted
from tests.scenes import Scene, active, answered, carry_all

pytestmark = pytest.mark.row("C18")


@pytest.fixture(autouse=True)
def said(provider: Scripted, monkeypatch: pytest.MonkeyPatch) -> list[list[Incoming]]:
    """Event number n says what stands at place n."""
    said: list[list[Incoming]] = []

    def parse(self: Scripted, payload: Any, *, account: Account) -> list[Incoming]:
        return said[payload["number"]]

    monkeypatch.setattr(Scripted, "parse", parse)
    return said


@pytest.fixture
def come(scene: Scene, said: list[list[Incoming]]) -> Any:
    """Each argument is an event that says this."""

    def come(*events: list[Incoming] | Incoming, later: float = 0) -> None:
        for event in events:
            said.append(event if isinstance(event, list) else [event])
            number = len(said) - 1
            keep_event(channel_id=scene.channel.pk, key=str(number), body=json.dumps({"number": number}).encode())
        with committed():
            process_everything(now=scene.later(seconds=later))
        assert list(RawEvent.objects.exclude(state="DONE").values_list("error", flat=True)) == []

    return come


def hello(sender: str = "anna", text: str = "Hello", *, number: int = 1, **fields: Any) -> IncomingMessage:
    person = Person(external_id=sender, first_name=sender.title())
    return IncomingMessage(
        chat_external_id=sender, external_id=f"{sender}-{number}", sender=person, text=text, **fields
    )


def reaction(emoji: str, *, to: str, person: str = "anna") -> IncomingReaction:
    return IncomingReaction(chat_external_id="anna", message_external_id=to, person_external_id=person, emoji=emoji)


def test_who_types_is_shown_to_those_who_have_the_dialog(scene, bells, come):
    active(scene)
    bells.taken()

    come(IncomingTyping(chat_external_id="anna"), IncomingTyping(chat_external_id="boris"))

    (frame,) = [frame for frame in bells.taken() if frame.body["type"] == "typing"]
    assert frame.body["dialog_id"] == scene.dialog.pk
    assert frame.body["author"]["kind"] == "CLIENT"


def test_who_typed_long_ago_is_not(scene, bells, come):
    active(scene)
    bells.taken()

    come(IncomingTyping(chat_external_id="anna"), later=60)

    assert not [frame for frame in bells.taken() if frame.body["type"] == "typing"]


def test_a_reaction_is_counted_once_for_each_person_and_can_be_taken_back(scene, come):
    answered(scene)
    carry_all(scene)
    reply = Message.objects.get(author_kind="OPERATOR")
    revision = reply.revision

    come(
        reaction("👍", to=reply.external_id), reaction("❤", to=reply.external_id),
        reaction("❤", to=reply.external_id, person="boris"), reaction("👍", to=reply.external_id, person="carla"),
        reaction("👍", to="unknown"),
    )  # fmt: skip

    assert message_json(reply.pk)["reactions"] == [{"emoji": "❤", "number": 2}, {"emoji": "👍", "number": 1}]
    assert message_json(reply.pk)["revision"] > revision

    come(reaction("", to=reply.external_id), reaction("", to=reply.external_id, person="carla"))
    assert message_json(reply.pk)["reactions"] == [{"emoji": "❤", "number": 1}]


def test_a_reaction_to_a_later_part_of_what_we_sent_is_to_our_message(scene, come):
    answered(scene)
    carry_all(scene)
    Message.objects.filter(author_kind="OPERATOR").update(external_parts=["p1", "p2"])

    come(reaction("👍", to="p2"))

    assert message_json(Message.objects.get(author_kind="OPERATOR").pk)["reactions"]


def test_a_hidden_comment_says_so_until_it_is_shown_again(scene, come):
    come(hello())
    comment = Message.objects.get(author_kind="CLIENT")

    come(IncomingHiding(chat_external_id="anna", external_id="anna-1", is_hidden=True))
    assert message_json(comment.pk)["hidden_at"] is not None

    come(IncomingHiding(chat_external_id="anna", external_id="anna-1", is_hidden=False))
    assert message_json(comment.pk)["hidden_at"] is None


def test_what_the_channel_tells_beside_the_text_is_shown(scene, come):
    come(hello(details={"forwarded_from": "Boris", "album": "7"}))

    shown = message_json(Message.objects.get(author_kind="CLIENT").pk)

    assert shown["details"] == {"forwarded_from": "Boris", "album": "7"}
    assert shown["author"]["native_name"] is None


def test_what_staff_wrote_elsewhere_says_by_whom(scene, come):
    come(hello())
    Message.objects.filter(author_kind="CLIENT").update(payload={"details": {"native": True, "author_name": "Vera"}})

    assert message_json(Message.objects.get(author_kind="CLIENT").pk)["author"]["native_name"] == "Vera"


ANNA_IS_A1 = IncomingAlias(person_external_id="anna", alias="a1")


def from_a1(number: int = 1) -> IncomingMessage:
    return hello("a1", number=number)


@pytest.mark.parametrize(
    "events",
    [
        [hello(), ANNA_IS_A1, from_a1()],
        [ANNA_IS_A1, hello(), from_a1()],
        [from_a1(), ANNA_IS_A1, hello()],
        [from_a1(), hello(), ANNA_IS_A1],
        [[ANNA_IS_A1, hello()], [ANNA_IS_A1, from_a1()], [ANNA_IS_A1, hello(number=2)]],
        [from_a1(), IncomingAlias(person_external_id="a1", alias="anna"), hello()],
    ],
    ids=["known", "alias first", "the other way round", "both known", "with every message", "turned round"],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_person_of_two_ids_is_one_client_whichever_is_seen_first(scene, come, events, at_once: bool):
    if at_once:
        come(*events)
    else:
        for event in events:
            come(event)
        # An alias of nobody is forgotten: providers tell it with everything that they write.
        come(ANNA_IS_A1)

    clients = Client.objects.filter(merged_into=None)
    assert clients.count() == 1
    assert {chat.client_id for chat in Chat.objects.all()} == {clients.get().pk}
    assert {dialog.client_id for dialog in Dialog.objects.all()} == {clients.get().pk}
    assert Chat.objects.count() == 2, "both threads are kept"


def test_ids_of_others_are_not_mixed_up(scene, come):
    come(hello(), hello("boris"))
    come(ANNA_IS_A1, IncomingAlias(person_external_id="boris", alias="b1"), hello("b1"))

    assert Client.objects.filter(merged_into=None).count() == 2
    assert {alias.value for alias in IdentityAlias.objects.all()} == {"a1", "b1"}


def test_whom_staff_took_apart_stays_two(scene, come):
    come(hello(), from_a1(), ANNA_IS_A1)
    undo_merge(merge_id=ClientMerge.objects.get().pk, actor=scene.cast.alla, now=scene.now)

    come(ANNA_IS_A1)

    assert Client.objects.filter(merged_into=None).count() == 2


def test_those_who_are_known_cost_no_question_about_aliases(scene, come):
    come(hello(), ANNA_IS_A1)

    with CaptureQueriesContext(connection) as queries:
        come(hello(number=2))
    assert not [query for query in queries if "identityalias" in query["sql"]]
    with CaptureQueriesContext(connection) as queries:
        come([ANNA_IS_A1, hello(number=3)])
    assert len([query for query in queries if "identityalias" in query["sql"]]) == 1
    assert Identity.objects.count() == 1


def automatic_words() -> list[str]:
    return list(Message.objects.filter(author_kind="BOT").values_list("text", flat=True))


@pytest.fixture
def talkative(scene: Scene) -> Line:
    """A line that has something to say on every occasion."""
    Line.objects.update(
        is_welcome_sent=True, welcome_text="Welcome!", is_rating_asked=True, rating_text="How was it?",
        closing_text="Goodbye!", closing_action="TEXT",
    )  # fmt: skip
    return Line.objects.get(pk=scene.line.pk)


def test_nothing_answers_a_machine_by_itself(scene, come, talkative):
    come(hello(text="I am on vacation", is_automatic=True))

    assert scene.dialog.offered_to, "it is routed"
    assert message_json(scene.clients_message.pk)["details"] == {"is_automatic": True}
    dialog = scene.dialog
    Dialog.objects.filter(pk=dialog.pk).update(state="ACTIVE", owner=scene.cast.olga, offered_to=[])
    finish_dialog(dialog_id=dialog.pk, operator=scene.cast.olga, now=scene.later(seconds=5))

    assert automatic_words() == []


def test_a_person_who_writes_after_the_machine_is_answered(scene, come, talkative):
    come(hello(text="I am on vacation", is_automatic=True), hello(text="I am back", number=2))

    assert automatic_words() == ["Welcome!"]
