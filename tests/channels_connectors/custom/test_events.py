"""What partners bring over the API: proven, checked, stored before the answer, each once."""

import json
import time
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from channels_connectors.custom import throttles
from channels_connectors.custom.signing import signature
from channels_connectors.inbox import process_channel
from channels_connectors.models import RawEvent, Refusal
from openlines.models import Attachment, Channel, Message

pytestmark = pytest.mark.row("C16")


def texts(channel) -> list[str]:
    process_channel(channel_id=channel.pk, now=timezone.now())
    written = Message.objects.filter(chat__channel=channel, author_kind=Message.Author.CLIENT)
    return list(written.order_by("pk").values_list("text", flat=True))


def test_a_batch_is_stored_when_it_is_answered_and_processed_in_its_order(driver, partner, shop, bring):
    events = [driver.text(f"No {number}", number=number) for number in range(1, 6)]

    answer = bring(partner.signed(*events))

    assert answer.status_code == 202
    assert [event["is_new"] for event in answer.json()["events"]] == [True] * 5
    assert [event["id"] for event in answer.json()["events"]] == list(
        RawEvent.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert texts(shop) == [f"No {number}" for number in range(1, 6)]


def test_what_comes_again_is_taken_once_and_said_so(driver, partner, shop, bring):
    first = bring(partner.signed(driver.text("Hello"))).json()["events"][0]
    again = bring(partner.signed(driver.text("Hello"), driver.text("Two", number=2))).json()["events"]

    assert (again[0]["id"], [event["is_new"] for event in again]) == (first["id"], [False, True])
    assert texts(shop) == ["Hello", "Two"]


def test_another_content_under_a_known_id_is_refused_and_none_of_the_batch_is_taken(driver, partner, shop, bring):
    bring(partner.signed(driver.text("Hello")))

    answer = bring(partner.signed(driver.text("Two", number=2), driver.text("Good bye")))

    assert (answer.status_code, answer.json()["code"]) == (409, "another_body")
    assert list(answer.json()["fields"]) == ["events.1"]
    assert texts(shop) == ["Hello"]


def test_the_same_in_another_order_of_names_is_the_same(driver, partner, shop, bring):
    event = dict(driver.text("Hello"))
    bring(partner.signed(event))

    assert bring(partner.signed(dict(reversed(event.items())))).status_code == 202


def test_an_id_of_the_partner_s_own_makes_an_event_one(partner, shop, bring):
    typing = {"type": "client.typing", "chat_id": "c"}
    said = [typing | {"event_id": "1"}, typing | {"event_id": "1"}, typing | {"event_id": "2"}]

    events = bring(partner.signed(*said)).json()["events"]

    assert [event["is_new"] for event in events] == [True, True, True]
    assert len({event["id"] for event in events}) == RawEvent.objects.count() == 2


def test_wrong_proofs_all_read_alike_store_nothing_and_are_counted(driver, shop, bring):
    answers = [bring(request) for request in driver.forged(driver.text("Hello"))]
    answers.append(bring(driver.request(driver.text("Hello")), channel_id=shop.pk + 1000))

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert not RawEvent.objects.exists()
    counted = dict(Refusal.objects.filter(channel=shop).values_list("reason", "number"))
    assert counted == {"signature": 5, "timestamp": 2}


def test_the_secret_of_another_channel_is_no_proof_here(driver, partner, shop, bring):
    stranger = partner.signed(dict(driver.text("Hello")), secret="the secret of Mallory's channel")

    assert bring(stranger).status_code == 401


def test_a_channel_of_another_kind_takes_no_events(driver, channel, bring, partner):
    assert bring(partner.signed(dict(driver.text("Hello"))), channel_id=channel.pk).status_code == 401


def test_a_disconnected_channel_takes_none(driver, partner, shop, bring):
    Channel.objects.filter(pk=shop.pk).update(state=Channel.State.DISCONNECTED)

    assert bring(partner.signed(dict(driver.text("Hello")))).status_code == 401


@pytest.mark.parametrize(
    ("event", "place"),
    [
        ({"type": "nonsense", "chat_id": "c"}, "type"),
        ({"type": "message.created", "chat_id": "c", "message_id": "m"}, "sender"),
        ({"type": "message.created", "chat_id": "", "message_id": "m", "sender": {"id": "1"}}, "chat_id"),
        ({"type": "message.created", "chat_id": "c" * 201, "message_id": "m", "sender": {"id": "1"}}, "chat_id"),
        ({"type": "client.typing"}, "chat_id"),
        ({"type": "message.status", "state": "eaten", "id": "1.0"}, "state"),
        ({"type": "message.status", "state": "read"}, "message_id"),
        ({"type": "chat.read", "chat_id": "c", "up_to": "yesterday"}, "up_to"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(driver, partner, shop, bring, event, place):
    answer = bring(partner.signed(dict(driver.text("Hello")), event))

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert place in json.dumps(answer.json()["fields"]["events"])
    assert not RawEvent.objects.exists()
    assert Refusal.objects.get(channel=shop).reason == "malformed"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"events": []}', b'{"events": "all"}', b'{"events": [1]}']
)
def test_bodies_that_are_no_events_are_refused(partner, shop, bring, body):
    timestamp = str(int(time.time()))
    headers = {"x-cc-timestamp": timestamp, "x-cc-signature": signature(partner.secret, timestamp, body)}

    assert bring(replace(partner.signed(), body=body, headers=headers)).status_code == 400
    assert not RawEvent.objects.exists()


def test_more_than_a_hundred_at_once_are_refused(driver, partner, shop, bring):
    events = [dict(driver.text("Hi", number=1), message_id=f"m-{number}") for number in range(101)]

    assert bring(partner.signed(*events)).status_code == 400


def test_who_calls_without_a_pause_is_slowed_down(driver, partner, shop, bring, monkeypatch):
    monkeypatch.setattr(throttles, "CALLS", replace(throttles.CALLS, times=2))

    statuses = [bring(partner.signed(dict(driver.text("Hi")))).status_code for _ in range(3)]

    assert statuses == [202, 202, 429]


def test_a_file_is_uploaded_before_the_message_that_names_it(driver, partner, shop, bring):
    body, content_type = multipart(chat_id=driver.chat, file=SimpleUploadedFile("bill.pdf", b"%PDF-1.4"))
    timestamp = str(int(time.time()))
    headers = {"x-cc-timestamp": timestamp, "x-cc-signature": signature(partner.secret, timestamp, body)}
    uploaded = Client().generic(
        "POST", f"/api/v1/channels/{shop.pk}/files/", body, content_type=content_type, headers=headers
    )
    assert uploaded.status_code == 201

    file = {"kind": "file", "file_id": uploaded.json()["file_id"]}
    assert bring(partner.signed(dict(driver.text("The bill"), attachments=[file]))).status_code == 202

    assert texts(shop) == ["The bill"]
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.state, attachment.message is not None) == ("bill.pdf", "READY", True)


def multipart(**fields) -> tuple[bytes, str]:
    return encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT
