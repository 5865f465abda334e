"""The pages over all channels, and what went through one of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from channels_connectors.models import Delivery, DeliveryReport, RawEvent
from openlines.models import Channel, Message
from openlines.services.replies import send_reply
from routing.services.answering import answer_dialog
from tests.api.client import Caller
from tests.factories import make_channel, write
from tests.pages import get, post, text_of

pytestmark = pytest.mark.row("C17")


def an_event(channel, key, **values):
    return RawEvent.objects.create(channel=channel, key=key, **{"body": b"{}", "state": "DONE"} | values)


@pytest.fixture
def talk(cast, line, channel, commit):
    with commit():
        dialog = write(channel, "Where is my parcel?")
        answer_dialog(dialog_id=dialog.pk, operator=cast.olga, now=timezone.now())
        reply, _is_new = send_reply(dialog_id=dialog.pk, operator=cast.olga, text="On its way", now=timezone.now())
    return dialog, reply


def test_all_channels_are_on_one_page_with_how_they_do(cast, line, channel, django_assert_max_num_queries):
    tired = make_channel(cast, line, kind="livechat")
    Channel.objects.filter(pk=tired.pk).update(state="DEGRADED", last_error="Out of breath", name="Tired")
    an_event(channel, "1", state="FAILED", error="unreadable")

    page = text_of(get(cast.alla, "/settings/channels/"))
    assert "Out of breath" in page
    assert f"/settings/channels/{channel.pk}/events/?state=FAILED" in page
    only = text_of(get(cast.alla, "/settings/channels/", piece=True, tone="warn"))
    assert "Tired" in only
    assert f"/settings/channels/{channel.pk}/" not in only
    assert "Tired" not in text_of(get(cast.alla, "/settings/channels/", piece=True, kind="sandbox", line=line.pk))
    assert get(cast.alla, "/settings/channels/", line="x").status_code == 400


@pytest.mark.parametrize("who", ["sergey", "olga", "mallory"])
def test_the_pages_of_channels_are_for_administrators(cast, line, channel, who):
    event = an_event(channel, "1")
    for address in ("", f"{channel.pk}/events/", f"{channel.pk}/events/{event.pk}/", f"{channel.pk}/deliveries/"):
        assert get(getattr(cast, who), f"/settings/channels/{address}").status_code == 403


def test_events_are_found_by_state_words_and_day(cast, channel):
    an_event(channel, "first")
    bad = an_event(channel, "second", state="FAILED", error="KeyError: <b>text</b>")
    old = an_event(channel, "third", received_at=timezone.now() - timedelta(days=40))
    address = f"/settings/channels/{channel.pk}/events/"

    def found(**query):
        page = text_of(get(cast.alla, address, piece=True, **query))
        return [key for key in ("first", "second", "third") if f"<code>{key}</code>" in page]

    assert found() == ["first", "second", "third"]
    assert found(state="FAILED") == found(words="keyerror") == ["second"]
    assert found(since=(timezone.now() - timedelta(days=2)).date()) == ["first", "second"]
    assert found(until=(timezone.now() - timedelta(days=2)).date()) == ["third"]
    assert found(before=old.pk) == ["first", "second"]
    assert found(before=bad.pk) == ["first"]
    assert "KeyError: &lt;b&gt;text&lt;/b&gt;" in text_of(get(cast.alla, address))


def test_a_long_log_comes_page_by_page(cast, channel):
    for number in range(51):
        an_event(channel, f"event-{number}")
    address = f"/settings/channels/{channel.pk}/events/"
    first = text_of(get(cast.alla, address, piece=True))
    last = RawEvent.objects.filter(channel=channel).order_by("-pk")[49].pk

    assert "event-50" in first
    assert "event-0<" not in first
    assert f"before={last}" in first
    rest = text_of(get(cast.alla, address, piece=True, before=last))
    assert "event-0<" in rest
    assert "before=" not in rest


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"text": "<script>alert(1)</script>"}', "&lt;script&gt;"),
        (b"\xff\xfe no text", "no text"),
        ('{"text": "Привет"}'.encode(), "Привет"),
    ],
)
def test_the_body_of_an_event_is_shown_as_text_alone(cast, channel, body, shown):
    event = an_event(channel, "1", body=body)

    page = text_of(get(cast.alla, f"/settings/channels/{channel.pk}/events/{event.pk}/"))

    assert shown in page
    assert "<script>" not in page


def test_secrets_in_a_body_are_hidden(cast, channel):
    account = channel.account
    account.credentials = {"token": "very-secret-token"}
    account.save()
    body = f'{{"secret": "{account.webhook_secret}", "token": "very-secret-token"}}'.encode()
    event = an_event(channel, "1", body=body)

    page = text_of(get(cast.alla, f"/settings/channels/{channel.pk}/events/{event.pk}/"))

    assert "very-secret-token" not in page
    assert account.webhook_secret not in page


def test_an_event_of_another_channel_is_not_found(cast, line, channel):
    event = an_event(make_channel(cast, line), "1")

    assert get(cast.alla, f"/settings/channels/{channel.pk}/events/{event.pk}/").status_code == 404


def test_a_failed_delivery_is_found_by_its_class_and_sent_again(cast, channel, talk):
    _dialog, reply = talk
    Delivery.objects.filter(message=reply).update(state="FAILED", error="Nobody there", error_kind="BLOCKED")
    Message.objects.filter(pk=reply.pk).update(delivery_state="FAILED")
    delivery = Delivery.objects.get(message=reply)
    address = f"/settings/channels/{channel.pk}/deliveries/"
    assert "Nobody there" in text_of(get(cast.alla, address, piece=True, state="FAILED", error_kind="BLOCKED"))
    assert "Nobody there" not in text_of(get(cast.alla, address, piece=True, error_kind="TOKEN"))

    post(cast.alla, f"{address}{delivery.pk}/retry/")

    assert Message.objects.get(pk=reply.pk).delivery_state == "QUEUED"
    again = post(cast.alla, f"{address}{delivery.pk}/retry/")
    assert again.status_code == 302


def test_an_event_is_read_once_more(cast, channel):
    event = an_event(channel, "1", state="FAILED", error="KeyError", attempts=9)
    address = f"/settings/channels/{channel.pk}/events/{event.pk}/replay/"
    assert post(cast.sergey, address).status_code == 403

    assert post(cast.alla, address).status_code == 302

    event.refresh_from_db()
    assert (event.state, event.error, event.attempts) == ("NEW", "", 0)


def test_the_trace_of_what_a_client_wrote(cast, line, channel, talk):
    dialog, _reply = talk
    message = dialog.messages.get(author_kind="CLIENT")
    event = an_event(channel, "update 7", error="once")
    Message.objects.filter(pk=message.pk).update(source_event_id=event.pk)

    for user in (cast.alla, cast.sergey):
        page = text_of(get(user, f"/settings/messages/{message.pk}/trace/"))
        assert "Received from the provider, event update 7" in page
        assert "Stored as message" in page
        assert "Put before" in page
        assert "Accepted" in page
    assert get(cast.olga, f"/settings/messages/{message.pk}/trace/").status_code == 403
    assert get(cast.mallory, f"/settings/messages/{message.pk}/trace/").status_code == 404


def test_the_trace_of_what_an_operator_wrote(cast, line, channel, talk):
    _dialog, reply = talk
    now = timezone.now()
    Delivery.objects.filter(message=reply).update(
        state="SENT", attempts=2, sent_parts=[["771"], ["772"]], finished_at=now
    )
    DeliveryReport.objects.create(message=reply, state="READ", at=now + timedelta(seconds=5))

    steps = Caller.by(cast.sergey).get(f"/messages/{reply.pk}/trace/").json()["steps"]

    assert [step["code"] for step in steps] == ["WRITTEN", "QUEUED", "SENT", "READ"]
    assert "771, 772" in steps[2]["detail"]
    assert "Olga" in steps[0]["words"]
