"""A line is copied, archived and restored; nothing of it is ever lost."""

from datetime import date
from typing import Any

import pytest

from channels_connectors.inbox import keep_event, process_everything
from channels_connectors.services.channels import connect_own, move_channel, set_channel_state
from common.errors import NotAllowed
from openlines.models import Channel, Dialog, Line, Message
from openlines.services.line_lifecycle import DialogsAreOpen, archive_line, copy_line, restore_line
from openlines.services.lines import LineIsArchived, Place, change_line, set_queue, set_queue_members
from routing.models import Queue, Schedule, SpecialDay
from routing.services.queues import change_queue
from tests.api.client import Caller
from tests.factories import make_line
from tests.pages import get, post, text_of
from tests.scenes import Scene, active, offered, queued

pytestmark = pytest.mark.row("L4")


def copied(scene: Scene) -> Line:
    return copy_line(administrator=scene.cast.alla, line=scene.line, now=scene.now)


def archived(scene: Scene, **how: Any) -> Line:
    return archive_line(administrator=scene.cast.alla, line=scene.line, now=scene.now, **how)


def settings_of(row: Any, *without: str) -> dict[str, Any]:
    own = {"id", "line_id", *without}
    values = type(row).objects.filter(pk=row.pk).values().get()
    return {name: value for name, value in values.items() if name not in own}


# Copies


def test_a_copy_has_the_same_settings_queue_hours_and_texts(scene):
    cast, line = scene.cast, scene.line
    change_line(administrator=cast.alla, line=line, welcome_text="Hi, {client}", access="LINE", priority=3)
    places = [Place(operator_id=cast.oleg.pk, dialog_limit=4), Place(operator_id=cast.olga.pk)]
    set_queue(administrator=cast.alla, line=line, places=places)
    change_queue(administrator=cast.alla, queue=Queue.objects.get(line=line), distribution="STRICTLY", offer_seconds=7)
    Schedule.objects.filter(line=line).update(is_enabled=True, weekly=[[["09:00", "18:00"]]], country="RU")
    hours = Schedule.objects.get(line=line)
    SpecialDay.objects.create(schedule=hours, date=date(2027, 1, 1), is_yearly=True, name="New Year")

    copy = copied(scene)

    own = ("name", "public_key", "archived_at", "created_at")
    assert settings_of(copy, *own) == settings_of(line, *own)
    assert list(copy.supervisors.all()) == [cast.sergey]
    assert settings_of(copy.queue) == settings_of(Queue.objects.get(line=line))
    assert settings_of(copy.schedule) == settings_of(hours)
    assert list(copy.queue_entries.values_list("operator_id", "dialog_limit")) == [
        (cast.oleg.pk, 4),
        (cast.olga.pk, None),
    ]
    assert list(copy.queue_members.values_list("operator_id", flat=True)) == [cast.oleg.pk, cast.olga.pk]
    assert settings_of(copy.schedule.special_days.get(), "schedule_id") == settings_of(
        hours.special_days.get(), "schedule_id"
    )


def test_a_copy_has_no_channels_and_a_key_of_its_own(scene):
    copy = copied(scene)

    assert not copy.channels.exists()
    assert copy.public_key != scene.line.public_key
    assert list(scene.line.channels.all()) == [scene.channel]


def test_copies_are_told_apart_by_their_names(scene):
    assert [copied(scene).name for _number in range(3)] == ["Sales (copy)", "Sales (copy 2)", "Sales (copy 3)"]


def test_the_longest_name_has_room_for_the_word(scene):
    change_line(administrator=scene.cast.alla, line=scene.line, name="x" * 255)

    names = {copied(scene).name for _number in range(2)}

    assert all(len(name) == 255 for name in names)
    assert len(names) == 2


def test_a_copy_goes_its_own_way(scene):
    copy = copied(scene)

    change_queue(administrator=scene.cast.alla, queue=copy.queue, offer_seconds=7)
    set_queue_members(administrator=scene.cast.alla, line=copy, operator_ids=[scene.cast.mallory.pk])

    assert Queue.objects.get(line=scene.line).offer_seconds == 60
    assert scene.line.queue_members.count() == 2


# Archived


def test_an_archived_line_is_off_the_list_until_it_is_asked_for(scene):
    archived(scene)

    assert f"/settings/lines/{scene.line.pk}/" not in text_of(get(scene.cast.alla, "/settings/lines/"))
    assert "Show 1 archived line" in text_of(get(scene.cast.alla, "/settings/lines/"))
    assert f"/settings/lines/{scene.line.pk}/" in text_of(get(scene.cast.alla, "/settings/lines/", archived=1))
    alla = Caller.by(scene.cast.alla)
    assert alla.get("/lines/").json() == []
    assert [line["id"] for line in alla.get("/lines/", archived=1).json()] == [scene.line.pk]


def test_an_archived_line_cannot_be_configured(scene):
    cast, line = scene.cast, archived(scene)
    other = make_line(cast, name="Support")
    foreign = connect_own(administrator=cast.alla, line=other, kind="sandbox")
    channel = Channel.objects.get(pk=scene.channel.pk)
    for refused in (
        lambda: change_line(administrator=cast.alla, line=line, is_active=True),
        lambda: set_queue(administrator=cast.alla, line=line, places=[]),
        lambda: change_queue(administrator=cast.alla, queue=Queue.objects.get(line=line), offer_seconds=5),
        lambda: connect_own(administrator=cast.alla, line=line, kind="sandbox"),
        lambda: move_channel(administrator=cast.alla, channel=foreign, line=line),
        lambda: set_channel_state(administrator=cast.alla, channel=channel, state="CONNECTED"),
        lambda: archived(scene),
    ):
        with pytest.raises(LineIsArchived):
            refused()


def test_its_channels_are_paused_with_it_and_keep_what_comes(scene):
    archived(scene)

    keep_event(channel_id=scene.channel.pk, key="k", body=b'{"chat": "anna", "id": "1", "sender": {}, "text": "Hello"}')
    process_everything(now=scene.now)

    assert Channel.objects.get().state == Channel.State.PAUSED
    assert not Dialog.objects.exists()


def test_a_channel_that_was_moved_first_goes_on(scene):
    other = make_line(scene.cast, name="Support")
    move_channel(administrator=scene.cast.alla, channel=scene.channel, line=other)

    archived(scene)

    assert Channel.objects.get().state == Channel.State.CONNECTED


@pytest.mark.parametrize("before", [offered, active, queued])
def test_open_dialogs_must_be_seen_to_first(before, scene, commit):
    before(scene)

    with pytest.raises(DialogsAreOpen) as refusal, commit():
        archived(scene)

    assert str(refusal.value) == "1 dialog of the line is open. Finish or transfer it first."
    assert Line.objects.get().archived_at is None
    assert Channel.objects.get().state == Channel.State.CONNECTED


@pytest.mark.parametrize("before", [offered, active, queued])
def test_or_they_are_finished_without_a_word(before, scene):
    before(scene)
    said = Message.objects.filter(visibility=Message.Visibility.PUBLIC).count()

    archived(scene, finishes_dialogs=True)

    assert (scene.dialog.state, scene.dialog.offered_to) == (Dialog.State.CLOSED, [])
    assert Message.objects.filter(visibility=Message.Visibility.PUBLIC).count() == said


def test_nothing_is_deleted(scene):
    active(scene)
    messages = Message.objects.count()

    archived(scene, finishes_dialogs=True)

    assert Message.objects.count() == messages + 1
    assert get(scene.cast.alla, f"/dialogs/{scene.dialog.pk}/").status_code == 200
    assert Caller.by(scene.cast.alla).get(f"/dialogs/{scene.dialog.pk}/").json()["line"]["id"] == scene.line.pk


def test_a_restored_line_waits_to_be_switched_on(scene):
    archived(scene)

    line = restore_line(administrator=scene.cast.alla, line=scene.line, now=scene.now)

    assert (line.archived_at, line.is_active) == (None, False)
    change_line(administrator=scene.cast.alla, line=line, is_active=True)
    set_channel_state(
        administrator=scene.cast.alla, channel=Channel.objects.select_related("line").get(), state="CONNECTED"
    )
    offered(scene)


def test_only_administrators_copy_archive_and_restore(scene):
    for name in ("sergey", "olga", "mallory", "stranger"):
        user = getattr(scene.cast, name)
        for service in (copy_line, archive_line, restore_line):
            with pytest.raises(NotAllowed):
                service(administrator=user, line=scene.line, now=scene.now)
        for action in ("copy", "archive", "restore"):
            assert post(user, f"/settings/lines/{scene.line.pk}/{action}/").status_code == 403


# Pages


def test_the_menu_of_a_line_copies_it(scene):
    assert f"/settings/lines/{scene.line.pk}/copy/" in text_of(
        get(scene.cast.alla, f"/settings/lines/{scene.line.pk}/")
    )
    assert f"/settings/lines/{scene.line.pk}/copy/" in text_of(get(scene.cast.alla, "/settings/lines/"))

    response = post(scene.cast.alla, f"/settings/lines/{scene.line.pk}/copy/")

    copy = Line.objects.latest("pk")
    assert response.headers["Location"] == f"/settings/lines/{copy.pk}/"


def test_the_drawer_says_what_archiving_means(scene):
    active(scene)
    address = f"/settings/lines/{scene.line.pk}/archive/"

    page = text_of(get(scene.cast.alla, address, piece=True))
    assert "1 dialog is open in this line." in page
    assert "A channel is paused with it." in page

    refused = post(scene.cast.alla, address, piece=True, confirmed="1")
    assert refused.status_code == 422
    assert "Finish or transfer it first." in text_of(refused)

    done = post(scene.cast.alla, address, piece=True, finishes_dialogs="on")
    assert done.headers["HX-Redirect"] == "/settings/lines/"
    page = text_of(get(scene.cast.alla, f"/settings/lines/{scene.line.pk}/"))
    assert "Archived on" in page
    assert "save-bar" not in page

    post(scene.cast.alla, f"/settings/lines/{scene.line.pk}/restore/")
    assert "Archived on" not in text_of(get(scene.cast.alla, f"/settings/lines/{scene.line.pk}/"))


@pytest.mark.row("L1")
def test_the_list_says_the_group_and_how_many_are_on_the_line(scene):
    from openlines.models import LineGroup

    scene.line.group = LineGroup.objects.create(name="VIP")
    scene.line.save(update_fields=["group"])

    page = text_of(get(scene.cast.alla, "/settings/lines/"))

    assert "VIP" in page
    assert "on the line: 2" in page
