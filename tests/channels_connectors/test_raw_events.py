"""Raw events as administrators see them: listed, looked into, replayed, and forgotten in time."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from channels_connectors.inbox import GIVE_UP_AFTER, keep_event, process_everything
from channels_connectors.models import RawEvent
from channels_connectors.queries import PAGE_OF_EVENTS
from channels_connectors.services import raw_events
from channels_connectors.services.raw_events import drop_old_events, replay_event
from crm.models import User
from openlines.models import Attachment, Message
from openlines.services.lines import NotAllowed
from tests.providers.scripted import Scripted
from tests.scenes import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.row("C17")]


def keep(scene: Scene, number: int, **fields: Any) -> RawEvent:
    body = {"chat": "anna", "id": f"anna-{number}", "sender": {"name": "Anna"}, "text": f"Text {number}"} | fields
    keep_event(channel_id=scene.channel.pk, key=f"k{number}", body=json.dumps(body).encode())
    return RawEvent.objects.get(key=f"k{number}")


def texts() -> list[str]:
    return list(Message.objects.filter(author_kind="CLIENT").order_by("pk").values_list("text", flat=True))


def test_what_failed_is_read_once_more_when_an_administrator_says_so(scene, monkeypatch, bells, caplog, commit):
    with monkeypatch.context() as broken:
        broken.setattr(Scripted, "parse", lambda *_, **__: 1 / 0)
        broken.setattr("channels_connectors.own_channel.OwnChannel.parse", lambda *_, **__: 1 / 0)
        event = keep(scene, 1)
        process_everything(now=scene.now + GIVE_UP_AFTER + timedelta(hours=1))
    event.refresh_from_db()
    assert (event.state, texts()) == ("FAILED", [])

    with commit():
        replay_event(administrator=scene.cast.alla, event_id=event.pk, now=scene.now)
    assert "openlines:inbox" in bells.rung
    process_everything(now=scene.later(minutes=1))

    event.refresh_from_db()
    assert (event.state, event.error, texts()) == ("DONE", "", ["Text 1"])


def test_what_is_stored_already_is_not_stored_twice(scene):
    event = keep(scene, 1)
    process_everything(now=scene.later(minutes=1))

    replay_event(administrator=scene.cast.alla, event_id=event.pk, now=scene.now)
    process_everything(now=scene.later(minutes=1))

    assert texts() == ["Text 1"]
    assert RawEvent.objects.get().state == "DONE"


def test_only_administrators_replay(scene):
    event = keep(scene, 1)

    for user in (scene.cast.sergey, scene.cast.olga, scene.cast.mallory):
        with pytest.raises(NotAllowed):
            replay_event(administrator=user, event_id=event.pk, now=scene.now)


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def test_events_are_listed_page_by_page_newest_first(scene):
    for number in range(PAGE_OF_EVENTS + 5):
        keep(scene, number)
    alla = api(scene.cast.alla)

    first = alla.get(f"/api/v1/channels/{scene.channel.pk}/raw-events/").json()
    second = alla.get(f"/api/v1/channels/{scene.channel.pk}/raw-events/?before={first['next_before']}").json()

    keys = [event["key"] for event in first["results"] + second["results"]]
    assert keys == [f"k{number}" for number in range(PAGE_OF_EVENTS + 4, -1, -1)]
    assert second["next_before"] is None
    assert first["results"][0]["size"] > 10
    assert "body" not in first["results"][0]


def test_only_those_of_a_state_are_listed(scene):
    keep(scene, 1)
    failed = keep(scene, 2)
    RawEvent.objects.filter(pk=failed.pk).update(state="FAILED", error="KeyError: 'chat'")
    alla = api(scene.cast.alla)

    listed = alla.get(f"/api/v1/channels/{scene.channel.pk}/raw-events/?state=FAILED").json()["results"]

    assert [(event["key"], event["error"]) for event in listed] == [("k2", "KeyError: 'chat'")]


def test_an_event_is_shown_as_it_came(scene):
    event = keep(scene, 1)
    RawEvent.objects.filter(pk=event.pk).update(body=b'{"text": "half \xff"}')

    shown = api(scene.cast.alla).get(f"/api/v1/raw-events/{event.pk}/").json()

    assert shown["body"] == '{"text": "half \N{REPLACEMENT CHARACTER}"}'
    assert api(scene.cast.olga).get(f"/api/v1/raw-events/{event.pk}/").status_code == 403
    assert api(scene.cast.alla).get("/api/v1/raw-events/0/").status_code == 404


def age(event: RawEvent, now: datetime, *, days: int, state: str = "DONE") -> None:
    RawEvent.objects.filter(pk=event.pk).update(received_at=now - timedelta(days=days), state=state)


def test_old_events_are_forgotten_and_their_messages_stay(scene, settings, monkeypatch):
    monkeypatch.setattr(raw_events, "BATCH", 2)
    settings.RAW_EVENT_DAYS = 30
    events = [keep(scene, number) for number in range(8)]
    process_everything(now=scene.later(minutes=1))
    for event in events[:5]:
        age(event, scene.now, days=31)
    age(events[5], scene.now, days=29)
    age(events[6], scene.now, days=100, state="FAILED")

    assert drop_old_events(now=scene.now) == 5

    assert list(RawEvent.objects.order_by("pk").values_list("key", flat=True)) == ["k5", "k6", "k7"]
    assert len(texts()) == 8


def test_an_event_whose_media_are_still_to_be_fetched_is_not_forgotten(scene):
    event = keep(scene, 1)
    process_everything(now=scene.later(minutes=1))
    age(event, scene.now, days=31)
    awaited = Attachment.objects.create(
        message=Message.objects.get(author_kind="CLIENT"), uploaded_in=scene.channel, state="PENDING",
        source_reference="r", fetch_at=scene.now,
    )  # fmt: skip

    assert drop_old_events(now=scene.now) == 0
    awaited.delete()
    assert drop_old_events(now=scene.now) == 1
