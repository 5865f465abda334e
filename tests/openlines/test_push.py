"""Operators away from their console are woken: whom, when, with which words, and never by what is not theirs."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from common.errors import InvalidInput
from common.events import publish
from common.runtime.keys import new_key
from crm.models import User
from crm.preferences import change_settings
from crm.staff import change_member, set_active
from openlines import checks
from openlines.attention import is_looking, note_look
from openlines.events import ColleaguesMentioned
from openlines.models import Dialog, PushSubscription
from openlines.push.asking import forget_who_has_devices
from openlines.push.keys import public_key
from openlines.push.waking import push_to
from openlines.services.devices import MOST_DEVICES, PushIsOff, subscribe_device
from openlines.services.lines import set_queue_members
from openlines.services.participants import invite_operators
from openlines.tasks import push_to_device, wake_people
from tests.api.client import Caller
from tests.committing import committed
from tests.providers.push_service import Device, PushService, running_push_service
from tests.scenes import Scene, active, anna_writes, hand_to, offered, reply

pytestmark = pytest.mark.row("D11")


@pytest.fixture
def service(settings, monkeypatch) -> Iterator[PushService]:
    """The worker is at hand: what is asked of it after a commit is done at once, what it puts off is noted."""
    with running_push_service() as running:
        settings.VAPID_PRIVATE_KEY = new_key()
        settings.OUTGOING_PRIVATE_HOSTS = [running.host]
        forget_who_has_devices()
        worker = SimpleNamespace(send_task=lambda _name, arguments, **_: wake_people(*arguments))
        monkeypatch.setattr("openlines.push.asking.current_app", worker)
        monkeypatch.setattr(push_to_device, "delay", lambda **push: push_to_device(**push))
        yield running
    forget_who_has_devices()


@pytest.fixture
def later(monkeypatch) -> list[dict[str, Any]]:
    """What is to be tried again, and when."""
    put_off: list[dict[str, Any]] = []
    monkeypatch.setattr(push_to_device, "apply_async", lambda **call: put_off.append(call))
    return put_off


@pytest.fixture
def olgas_phone(service: PushService, scene: Scene) -> Device:
    return subscribed(service, scene.cast.olga)


def subscribed(service: PushService, user: User) -> Device:
    device = service.device(user.username)
    subscribe_device(user=user, device="Firefox on Android", **device.subscription)
    return device


def happens(what: Callable[..., object], *arguments: Any, **fields: Any) -> None:
    with committed():
        what(*arguments, **fields)


def read(service: PushService, device: Device) -> list[dict[str, Any]]:
    mine = [pushed for pushed in service.pushed if device.endpoint.endswith(pushed.path)]
    return [device.reads(pushed.body) for pushed in mine]


def test_an_offer_wakes_its_operator(scene, service, olgas_phone):
    happens(offered, scene)

    (notification,) = read(service, olgas_phone)
    assert notification.pop("title").endswith(": Anna")
    assert notification == {"body": "Hello", "dialog_id": scene.dialog.pk, "occasion": "offer"}
    (pushed,) = service.pushed
    assert b"Hello" not in pushed.body
    assert pushed.headers["content-encoding"] == "aes128gcm"
    assert pushed.headers["topic"] == f"dialog-{scene.dialog.pk}"
    assert pushed.headers["urgency"] == "high"
    assert 0 < int(pushed.headers["ttl"]) <= 120
    assert pushed.claims["aud"] == service.address
    assert pushed.claims["key"] == public_key()
    assert pushed.claims["exp"] > datetime.now(UTC).timestamp()


def test_a_clients_message_wakes_the_owner_alone(scene, service, olgas_phone):
    olegs_phone = subscribed(service, scene.cast.oleg)
    happens(active, scene)
    service.pushed.clear()

    happens(anna_writes, scene, "Are you there?")

    assert [one["occasion"] for one in read(service, olgas_phone)] == ["message"]
    assert read(service, olgas_phone)[0]["body"] == "Are you there?"
    assert read(service, olegs_phone) == []


def test_a_dialog_that_becomes_ones_own_wakes(scene, service):
    happens(active, scene)
    olegs_phone = subscribed(service, scene.cast.oleg)

    happens(hand_to, scene, scene.cast.oleg, by=scene.cast.olga)

    assert [one["occasion"] for one in read(service, olegs_phone)] == ["assigned"]


def test_a_mention_wakes_whoever_is_called(scene, service):
    happens(active, scene)
    phones = {name: subscribed(service, getattr(scene.cast, name)) for name in ("sergey", "oleg", "olga")}
    called = [scene.cast.sergey.pk, scene.cast.oleg.pk, scene.cast.olga.pk]

    happens(reply, scene, "Have a look", visibility="STAFF", mentions=called)

    assert {name: [one["occasion"] for one in read(service, phone)] for name, phone in phones.items()} == {
        "sergey": ["mention"],
        "oleg": ["mention"],
        "olga": [],
    }


def test_an_invitation_wakes_and_so_does_the_client_afterwards(scene, service):
    happens(active, scene)
    phone = subscribed(service, scene.cast.mallory)

    def invite() -> None:
        who = [scene.cast.mallory.pk]
        invite_operators(dialog_id=scene.dialog.pk, actor=scene.cast.olga, operator_ids=who, now=scene.now)

    happens(invite)
    happens(anna_writes, scene, "Are you there?")

    assert [one["occasion"] for one in read(service, phone)] == ["invited", "message"]


def test_who_may_not_see_the_dialog_hears_nothing_of_it(scene, service):
    happens(active, scene)
    subscribed(service, scene.cast.mallory)

    happens(publish, ColleaguesMentioned(scene.dialog.pk, (scene.cast.mallory.pk,)))

    assert service.pushed == []


def test_who_looks_at_a_console_is_not_woken(scene, service, olgas_phone):
    console, another = uuid4(), uuid4()
    note_look(user_id=scene.cast.olga.pk, connection_id=console, is_visible=True)
    note_look(user_id=scene.cast.olga.pk, connection_id=another, is_visible=True)
    note_look(user_id=scene.cast.olga.pk, connection_id=another, is_visible=False)

    happens(active, scene)
    assert service.pushed == []

    note_look(user_id=scene.cast.olga.pk, connection_id=console, is_visible=False)
    happens(anna_writes, scene)
    assert len(service.pushed) == 1


def test_a_console_that_fell_silent_is_not_looked_at(scene):
    note_look(user_id=scene.cast.olga.pk, connection_id=uuid4(), is_visible=True)
    assert is_looking(scene.cast.olga.pk)

    with time_machine.travel(scene.later(seconds=46), tick=False):
        assert not is_looking(scene.cast.olga.pk)


@pytest.mark.parametrize(
    "changes",
    [
        {"notifications": False},
        {"notify_of": {"offer": False}},
        {"quiet_hours": {"from": "00:00", "until": "23:59", "time_zone": "UTC"}},
    ],
)
def test_who_does_not_want_to_know_sleeps_on(scene, service, olgas_phone, changes):
    change_settings(user=scene.cast.olga, changes=changes)
    with time_machine.travel(scene.now.replace(hour=12), tick=False):
        happens(offered, scene)

    assert service.pushed == []


def test_a_right_withdrawn_ends_it(scene, service, olgas_phone):
    subscribed(service, scene.cast.oleg)
    happens(set_active, administrator=scene.cast.alla, member_id=scene.cast.olga.pk, is_active=False)
    happens(
        change_member,
        administrator=scene.cast.alla,
        member_id=scene.cast.oleg.pk,
        first_name="Oleg",
        last_name="",
        role=User.Role.NONE,
    )

    assert not PushSubscription.objects.exists()


def test_a_browser_that_is_gone_is_forgotten(scene, service, olgas_phone):
    service.answer_once(410)

    happens(offered, scene)

    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [(429, {"Retry_After": "30"}, 30), (503, {}, 2), (500, {"Retry_After": "9999"}, 45)],
)
def test_a_busy_push_service_is_asked_again(scene, service, olgas_phone, later, status, headers, seconds):
    service.answer_once(status, **headers)

    happens(offered, scene)

    (again,) = later
    assert again["countdown"] == seconds
    push_to_device(**again["kwargs"])
    assert [one["occasion"] for one in read(service, olgas_phone)] == ["offer", "offer"]
    assert later == [again]


@pytest.mark.parametrize("loses", ["the dialog", "the browser"])
def test_what_waits_to_be_tried_again_is_not_sent_to_who_lost_sight_of_it(
    scene, service, olgas_phone, later, loses: str
):
    service.answer_once(503)
    happens(offered, scene)
    (again,) = later
    service.pushed.clear()

    if loses == "the dialog":
        happens(set_queue_members, administrator=scene.cast.alla, line=scene.line, operator_ids=[scene.cast.oleg.pk])
        Dialog.objects.update(offered_to=[scene.cast.oleg.pk])
    else:
        subscribe_device(user=scene.cast.mallory, device="", **olgas_phone.subscription)
    push_to_device(**again["kwargs"])

    assert service.pushed == []
    assert later == [again]


def test_one_that_is_away_is_asked_less_and_less(scene, service, olgas_phone, settings):
    offered(scene)
    settings.OUTGOING_PRIVATE_HOSTS = ["127.0.0.1:1"]
    PushSubscription.objects.update(endpoint="http://127.0.0.1:1/")

    assert [pushed_again(scene, attempt) for attempt in range(4)] == [2, 8, 32, 45]


def test_an_address_that_we_no_longer_call_is_a_failed_device(scene, service, olgas_phone, settings):
    offered(scene)
    settings.OUTGOING_PRIVATE_HOSTS = []

    assert pushed_again(scene, 0) is None
    assert service.pushed == []
    assert PushSubscription.objects.get().failed_at == scene.now


def pushed_again(scene: Scene, attempt: int) -> int | None:
    subscription = PushSubscription.objects.get()
    expires_at = scene.later(hours=1).isoformat()
    return push_to(
        subscription_id=subscription.pk, user_id=scene.cast.olga.pk, notification={"dialog_id": scene.dialog.pk},
        expires_at=expires_at, attempt=attempt, now=scene.now,
    )  # fmt: skip


def test_old_news_is_not_pushed(scene, service, olgas_phone):
    expired = (scene.now - timedelta(seconds=1)).isoformat()

    again = push_to(
        subscription_id=PushSubscription.objects.get().pk, user_id=scene.cast.olga.pk, notification={"dialog_id": 1},
        expires_at=expired, attempt=0, now=scene.now,
    )  # fmt: skip

    assert again is None
    assert service.pushed == []


def test_a_refusal_is_shown_at_the_device(scene, service, olgas_phone):
    service.answer_once(403)

    happens(offered, scene)

    devices = Caller.by(scene.cast.olga).call("GET", "/push-subscriptions/").json()["devices"]
    assert [device["failed_at"] is not None for device in devices] == [True]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "http://push.example/1"),
        ("endpoint", "https://user:secret@push.example/1"),
        ("public_key", "AAAA"),
        ("public_key", "ключ"),
        ("secret", "AAAA"),
        ("secret", "!"),
    ],
)
def test_what_could_never_be_reached_is_refused(cast, service, field: str, value: str):
    given = service.device("olga").subscription | {field: value}

    with pytest.raises(InvalidInput) as refusal:
        subscribe_device(user=cast.olga, device="", **given)
    assert list(refusal.value.fields) == [field]


def test_without_a_key_nobody_subscribes(cast, service, settings):
    settings.VAPID_PRIVATE_KEY = ""

    with pytest.raises(PushIsOff):
        subscribe_device(user=cast.olga, device="", **service.device("olga").subscription)


def test_a_shared_browser_belongs_to_who_signed_in_last(cast, service):
    for user in (cast.olga, cast.oleg):
        subscribe_device(user=user, device="", **service.device("shared").subscription)

    assert [subscription.user for subscription in PushSubscription.objects.all()] == [cast.oleg]


def test_the_oldest_of_many_devices_makes_room(cast, service):
    for number in range(MOST_DEVICES + 1):
        subscribe_device(user=cast.olga, device=str(number), **service.device(f"phone-{number}").subscription)

    assert PushSubscription.objects.count() == MOST_DEVICES
    assert not PushSubscription.objects.filter(device="0").exists()


def test_devices_are_their_owners_business(cast, service):
    olga, mallory = Caller.by(cast.olga), Caller.by(cast.mallory)
    made = olga.call("POST", "/push-subscriptions/", service.device("olga").subscription | {"device": "Phone"})
    assert made.status_code == 201

    assert mallory.call("GET", "/push-subscriptions/").json()["devices"] == []
    assert mallory.call("DELETE", f"/push-subscriptions/{made.json()['id']}/").status_code == 404
    assert olga.call("DELETE", f"/push-subscriptions/{made.json()['id']}/").status_code == 204
    assert olga.call("GET", "/push-subscriptions/").json() == {"public_key": public_key(), "devices": []}


@pytest.mark.parametrize(("key", "is_wrong"), [("", False), ("AAAA", True), ("not a key!", True), ("A" * 43, True)])
def test_a_key_that_is_none_is_told_to_the_self_hoster(settings, key: str, is_wrong: bool):
    settings.VAPID_PRIVATE_KEY = key

    assert [error.id for error in checks.the_key_for_push_services_is_one(None)] == ["openlines.E001"] * is_wrong
