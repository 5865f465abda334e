"""One frame per dialog and transaction, to those who may see it, after the commit and never before."""

import json
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from common import doorbell
from openlines.access import visible_dialogs
from openlines.changes import note_change
from openlines.console import boot, catch_up, digest
from openlines.models import Dialog, Line, Message
from openlines.presenters import dialog_json, message_json, messages_json
from openlines.services.closing import finish_dialog
from openlines.services.delivering import record_delivery
from openlines.services.lifecycle import pin_dialog
from openlines.services.locking import lock_dialog, save_changes
from openlines.services.messages import add_service_line
from openlines.streams import audience_of, streams_of
from routing.models import Queue
from routing.services.answering import answer_dialog
from tests.bells import Bells, Frame
from tests.scenes import Scene, active, anna_writes, hand_to, offered, queued, reply, sent

pytestmark = pytest.mark.row("D12")


def changed(bells: Bells) -> list[dict[str, Any]]:
    return bells.bodies("dialog.changed")


def heard_by(frames: list[Frame], user: Any) -> list[str]:
    streams = streams_of(user)
    return [frame.body["type"] for frame in frames if frame.reaches(streams)]


# When


def test_a_transaction_with_many_changes_is_one_frame(scene, commit, bells):
    with commit():
        anna_writes(scene)

    (frame,) = changed(bells)
    assert (frame["from_revision"], frame["dialog"]["revision"]) == (0, scene.dialog.revision)
    assert [message["seq"] for message in frame["messages"]] == [1, 2, 3, 4, 5]
    assert bells.rung.count(doorbell.FRAMES) == 1


def test_each_dialog_of_a_transaction_has_its_frame(scene, commit, bells):
    with commit():
        anna_writes(scene)
        anna_writes(scene, chat_external_id="group")

    ids = list(Dialog.objects.order_by("pk").values_list("pk", flat=True))
    assert [frame["dialog"]["id"] for frame in changed(bells)] == ids


def test_nothing_is_heard_before_the_commit(scene, commit, bells):
    with commit():
        anna_writes(scene)
        assert bells.frames == []

    assert len(changed(bells)) == 1


def pin_and_fail(scene: Scene) -> None:
    pin_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.sergey, is_pinned=True, now=scene.now)
    raise ZeroDivisionError


def test_what_was_rolled_back_is_never_announced(scene, commit, bells):
    offered(scene)
    with pytest.raises(ZeroDivisionError), commit():
        pin_and_fail(scene)

    with commit():
        pass

    assert bells.frames == []


def test_after_a_rollback_the_next_transaction_is_announced_as_ever(scene, commit, bells):
    offered(scene)
    with pytest.raises(ZeroDivisionError), commit():
        pin_and_fail(scene)

    with commit():
        answer_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)

    (frame,) = changed(bells)
    assert not frame["dialog"]["is_pinned"]


def test_a_savepoint_that_was_rolled_back_is_not_announced_but_the_rest_is(scene, commit, bells):
    active(scene)
    with commit():
        dialog = lock_dialog(scene.dialog.pk)
        before = dialog.revision
        with transaction.atomic():
            add_service_line(dialog, "CLIENT_BLOCKED_US", now=scene.now)
            transaction.set_rollback(True)
        add_service_line(lock_dialog(dialog.pk), "CLIENT_UNBLOCKED_US", now=scene.now)

    (frame,) = changed(bells)
    assert [message["service"]["code"] for message in frame["messages"]] == ["CLIENT_UNBLOCKED_US"]
    assert (frame["from_revision"], frame["dialog"]["revision"]) == (before, before + 1)


def test_a_change_in_an_inner_block_is_announced_with_the_outer_ones(scene, commit, bells):
    active(scene)
    with commit():
        reply(scene, "One")
        with transaction.atomic():
            reply(scene, "Two")
        reply(scene, "Three")

    (frame,) = changed(bells)
    assert [message["text"] for message in frame["messages"]] == ["One", "Two", "Three"]


def test_a_redis_that_is_away_is_no_trouble(scene, commit, settings, monkeypatch, caplog):
    settings.REDIS_URL = "redis://127.0.0.1:1"
    monkeypatch.setattr(doorbell, "_client", None)

    with commit():
        anna_writes(scene)

    assert scene.dialog.state == "OFFERED"
    assert "a hint is lost" in caplog.text


def test_a_dialog_can_not_be_changed_without_its_lock(scene):
    offered(scene)

    with pytest.raises(IntegrityError, match="without its lock"):
        save_changes(Dialog.objects.get(), "is_pinned")


def test_real_commits_announce_too(transactional_db, bells):
    with transaction.atomic():
        note_change(0, from_revision=0)
        assert len(connection.run_on_commit) == 1

    assert bells.frames == []
    assert bells.rung == [doorbell.FRAMES]


# To whom


STATES = ("offered", "queued", "active", "closed")
ROLES = ("alla", "sergey", "olga", "oleg", "mallory", "stranger")


@pytest.mark.row("L4")
@pytest.mark.parametrize(("state", "access"), list(product(STATES, Line.Access.values)))
def test_who_hears_of_a_dialog_is_who_may_see_it(scene: Scene, state: str, access: str):
    Line.objects.update(access=access)
    {"offered": offered, "queued": queued, "active": active, "closed": closed}[state](scene)
    audience = audience_of(scene.dialog)

    for name in ROLES:
        user = type(scene.cast.olga).objects.get(username=name)
        may_see = visible_dialogs(user).filter(pk=scene.dialog.pk).exists()
        hears = bool(audience & streams_of(user)) and user.works_with_clients
        assert hears == may_see, name


def closed(scene: Scene) -> None:
    active(scene)
    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)


def test_who_may_no_longer_see_a_dialog_is_told_to_forget_it(scene, commit, bells):
    Queue.objects.update(moves_responsible=False)
    active(scene)
    bells.taken()
    with commit():
        hand_to(scene, scene.cast.oleg, by=scene.cast.olga)

    frames = bells.taken()
    heard = {name: heard_by(frames, getattr(scene.cast, name)) for name in ("sergey", "olga", "oleg", "mallory")}
    assert heard == {
        "sergey": ["dialog.changed"],
        "olga": ["dialog.gone"],
        "oleg": ["dialog.changed"],
        "mallory": [],
    }


def test_nobody_is_told_to_forget_what_they_still_see(scene, commit, bells):
    Queue.objects.update(moves_responsible=False)
    Line.objects.update(access=Line.Access.LINE)
    active(scene)
    bells.taken()
    with commit():
        hand_to(scene, scene.cast.oleg, by=scene.cast.olga)

    frames = bells.taken()
    assert heard_by(frames, scene.cast.olga) == ["dialog.changed"]


def test_a_new_dialog_takes_nothing_from_anybody(scene, commit, bells):
    with commit():
        anna_writes(scene)

    assert bells.bodies("dialog.gone") == []


# What


def test_frames_do_not_speak_the_language_of_whoever_caused_them(scene, commit, bells):
    active(scene)
    reply(scene, "Hi")
    with translation.override("ru"), commit():
        record_delivery(message_id=scene.last_reply.pk, state=Message.Delivery.FAILED, error="BLOCKED")

    with translation.override("en"):
        (message,) = messages_json(Message.objects.filter(pk=scene.last_reply.pk))
    (told,) = changed(bells)[0]["messages"]
    assert told["delivery"]["error"] == message["delivery"]["error"]


def test_a_frame_is_the_same_json_as_the_api_s(scene, commit, bells):
    active(scene)
    with commit():
        reply(scene, "Good morning")

    (frame,) = changed(bells)
    assert frame["dialog"] == json.loads(json.dumps(dialog_json(scene.dialog.pk)))
    assert frame["messages"] == [json.loads(json.dumps(message_json(scene.last_reply.pk)))]


def test_a_deleted_message_tells_nothing_of_what_it_said(scene):
    sent(scene)
    Message.objects.filter(pk=scene.last_reply.pk).update(
        deleted_at=scene.now, payload={"location": {"latitude": 1, "longitude": 2}, "contact": {"name": "B"}}
    )

    told = message_json(scene.last_reply.pk)

    assert (told["text"], told["attachments"], told["location"], told["contact"]) == ("", [], None, None)


def test_a_deleted_message_is_not_quoted_either(scene):
    active(scene)
    first = reply(scene, "Secret")
    reply(scene, "As I said", reply_to_id=first.pk)
    Message.objects.filter(pk=first.pk).update(deleted_at=scene.now)

    assert message_json(scene.last_reply.pk)["reply_to"] == {"id": first.pk, "text": "", "author_name": "Olga"}


def test_times_are_utc_with_microseconds(scene):
    offered(scene)

    opened_at = dialog_json(scene.dialog.pk)["opened_at"]

    assert opened_at == scene.now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# Reading


def test_a_console_that_knows_everything_is_told_nothing(scene):
    active(scene)
    known = {dialog["id"]: dialog["revision"] for dialog in boot(scene.cast.olga)["dialogs"]}

    answer = catch_up(scene.cast.olga, known)

    assert (answer["dialogs"], answer["gone"]) == ([], [])
    assert answer["digest"] == digest(scene.cast.olga) == boot(scene.cast.olga)["digest"]


def test_a_console_that_knows_more_than_we_do_is_corrected(scene):
    active(scene)

    answer = catch_up(scene.cast.olga, {scene.dialog.pk: 10**6})

    assert [dialog["id"] for dialog in answer["dialogs"]] == [scene.dialog.pk]


def test_closed_and_unknown_dialogs_are_gone(scene):
    closed(scene)

    answer = catch_up(scene.cast.olga, {scene.dialog.pk: 1, 10**9: 1})

    assert answer["gone"] == [scene.dialog.pk, 10**9]


def test_a_console_knows_the_channels_of_its_lines_and_their_goals(scene):
    (line,) = boot(scene.cast.olga)["lines"]

    assert line["reply_goal_seconds"] == 300
    assert line["channels"] == [{"id": scene.channel.pk, "kind": scene.channel.kind, "name": scene.channel.name}]
