"""Call-backs: who is to be called when, by whom, and that it is not forgotten."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from common.errors import InvalidInput, NotFound
from crm.models import Client
from openlines.models import CallBack
from openlines.services.call_backs import (
    change_call_back,
    create_call_back,
    remind_of_call_backs,
    remove_call_back,
)
from openlines.streams import user_stream
from tests.api.client import Caller
from tests.factories import make_cast, write
from tests.scenes import Scene, active

pytestmark = pytest.mark.row("D7")
PHONE = "+7 916 123-45-67"


def noted(scene: Scene, *, by=None, **fields) -> CallBack:
    """Anna is to be called in an hour, by Olga."""
    if not scene.line.dialogs.exists():
        active(scene)
    values: dict[str, Any] = {"phone": PHONE, "due_at": scene.later(hours=1), "dialog_id": scene.dialog.pk} | fields
    return create_call_back(actor=by or scene.cast.olga, client_id=scene.dialog.client_id, now=scene.now, **values)


def test_a_call_is_the_callers_own_unless_they_name_a_colleague(scene):
    call_back = noted(scene)
    assert (call_back.operator, call_back.created_by, call_back.phone) == (
        scene.cast.olga, scene.cast.olga, "+79161234567",
    )  # fmt: skip
    assert noted(scene, operator_id=scene.cast.oleg.pk).operator == scene.cast.oleg


@pytest.mark.parametrize(
    "fields",
    [
        {"phone": "soon"},
        {"phone": ""},
        {"phone": "1" * 40},
        {"comment": "x" * 501},
        {"operator_id": 2**62},
    ],
)
def test_what_can_not_be_is_refused_at_its_field(scene, fields):
    with pytest.raises(InvalidInput) as refusal:
        noted(scene, **fields)
    assert set(refusal.value.fields) == set(fields)
    assert not CallBack.objects.exists()


def test_times_are_from_now_on_within_a_year(scene):
    for hours in (-1, 24 * 400):
        with pytest.raises(InvalidInput):
            noted(scene, due_at=scene.later(hours=hours))
    noted(scene, due_at=scene.later(minutes=-1))


def test_nobody_without_a_role_calls(scene):
    with pytest.raises(InvalidInput):
        noted(scene, operator_id=scene.cast.stranger.pk)


def test_only_clients_whom_one_sees_can_be_called(scene):
    active(scene)
    for fields in ({}, {"dialog_id": None}):
        with pytest.raises(NotFound):
            noted(scene, by=scene.cast.mallory, **fields)


def test_the_operator_is_reminded_once_when_it_is_time(scene, bells, commit):
    call_back = noted(scene)
    remind_of_call_backs(now=scene.later(minutes=59))
    assert not bells.bodies("call_back.due")

    with commit():
        assert remind_of_call_backs(now=scene.later(hours=1)) == 1
        assert remind_of_call_backs(now=scene.later(hours=2)) == 0

    frames = [frame for frame in bells.frames if frame.body["type"] == "call_back.due"]
    assert [frame.to for frame in frames] == [frozenset({user_stream(scene.cast.olga.pk)})]
    assert frames[0].body["call_back"]["id"] == call_back.pk
    assert frames[0].body["call_back"]["client"]["name"] == "Anna"
    call_back.refresh_from_db()
    assert call_back.reminded_at == scene.later(hours=1)


def test_what_is_put_off_or_given_to_another_reminds_anew(scene):
    call_back = noted(scene)
    for changes in ({"due_at": scene.later(hours=2)}, {"operator_id": scene.cast.oleg.pk}):
        remind_of_call_backs(now=scene.later(hours=3))
        change_call_back(actor=scene.cast.olga, call_back_id=call_back.pk, changes=changes, now=scene.now)
        assert remind_of_call_backs(now=scene.later(hours=3)) == 1


def test_what_is_done_reminds_of_nothing(scene):
    call_back = noted(scene)
    done = change_call_back(actor=scene.cast.olga, call_back_id=call_back.pk, changes={"is_done": True}, now=scene.now)
    assert done.done_at == scene.now
    assert remind_of_call_backs(now=scene.later(hours=1)) == 0
    again = change_call_back(
        actor=scene.cast.olga, call_back_id=call_back.pk, changes={"is_done": False}, now=scene.now
    )
    assert again.done_at is None
    assert remind_of_call_backs(now=scene.later(hours=1)) == 1


def test_they_are_seen_by_who_calls_who_noted_them_and_who_steers_the_line(scene):
    call_back = noted(scene, operator_id=scene.cast.oleg.pk)
    path = f"/call-backs/{call_back.pk}/"
    statuses = {
        name: Caller.by(getattr(scene.cast, name)).get(path).status_code
        for name in ("olga", "oleg", "sergey", "alla", "mallory", "stranger")
    }
    assert statuses == {"olga": 200, "oleg": 200, "sergey": 200, "alla": 200, "mallory": 404, "stranger": 403}
    mallory = Caller.by(scene.cast.mallory)
    assert mallory.get("/call-backs/").json()["results"] == []
    assert mallory.patch(path, {"is_done": True}).status_code == 404
    assert mallory.delete(path).status_code == 404
    scene.line.supervisors.clear()
    assert Caller.by(scene.cast.sergey).get(path).status_code == 404


def test_lists_say_what_is_open_due_and_done(scene):
    due, later, done = noted(scene, due_at=scene.now), noted(scene), noted(scene)
    change_call_back(actor=scene.cast.olga, call_back_id=done.pk, changes={"is_done": True}, now=scene.now)
    noted(scene, operator_id=scene.cast.oleg.pk)
    olga = Caller.by(scene.cast.olga)

    def ids(**query):
        return [row["id"] for row in olga.get("/call-backs/", mine=1, **query).json()["results"]]

    assert ids(state="open") == [due.pk, later.pk]
    assert ids(state="due") == [due.pk]
    assert ids(state="done") == [done.pk]
    assert len(olga.get("/call-backs/", client=scene.dialog.client_id).json()["results"]) == 4
    first = olga.get("/call-backs/", state="open", limit=1).json()
    second = olga.http.get(first["next"]).json()
    assert [row["id"] for row in (*first["results"], *second["results"])] == [due.pk, later.pk]


def test_the_card_shows_what_is_still_to_be_done(scene):
    call_back = noted(scene, comment="About oak")
    olga = Caller.by(scene.cast.olga)
    card = f"/clients/{scene.dialog.client_id}/"
    assert [row["comment"] for row in olga.get(card).json()["call_backs"]] == ["About oak"]
    remove_call_back(actor=scene.cast.olga, call_back_id=call_back.pk)
    assert olga.get(card).json()["call_backs"] == []


def test_a_dialog_of_another_client_is_refused(scene):
    active(scene)
    boris = write(scene.channel, "Hello", sender="Boris", now=scene.now)
    with pytest.raises(InvalidInput):
        noted(scene, by=scene.cast.alla, dialog_id=boris.pk)


def test_words_of_clients_are_kept_as_they_are(scene):
    olga = Caller.by(scene.cast.olga)
    active(scene)
    body = {
        "client_id": scene.dialog.client_id, "phone": PHONE, "due_at": scene.later(hours=1).isoformat(),
        "comment": "<img src=x onerror=alert(1)>",
    }  # fmt: skip
    assert olga.post("/call-backs/", body).json()["comment"] == body["comment"]


@pytest.mark.django_db(transaction=True)
def test_workers_who_ask_at_once_remind_once():
    cast = make_cast()
    now = timezone.now()
    client = Client.objects.create(name="Anna")
    for number in range(20):
        CallBack.objects.create(client=client, operator=cast.olga, phone=str(number), due_at=now)
    totals: list[int] = []

    def work() -> None:
        try:
            totals.append(remind_of_call_backs(now=now))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sum(totals) == 20
