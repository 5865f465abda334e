"""One history per client over all of their dialogs and channels: whose it is to read, page by page, and live."""

from typing import Any

import pytest
from django.utils import timezone

from crm.models import User
from openlines.access import readable_dialogs, visible_message
from openlines.history import message_page
from openlines.models import Chat, Dialog, Line, Message
from openlines.services.closing import finish_dialog
from openlines.services.replies import send_reply
from routing.models import Queue
from routing.services.answering import answer_dialog
from tests.api.client import Caller
from tests.console_state import Verify
from tests.factories import make_channel, make_line, write
from tests.scenes import Scene, active, anna_writes, hand_to, reply

pytestmark = [pytest.mark.row("D1"), pytest.mark.row("K8")]


def elsewhere(scene: Scene, text: str = "From the website", *, line: Line | None = None, number: int = 1) -> Dialog:
    """Anna writes in her other chat; the profile is one."""
    line = line or scene.line
    channel = line.channels.exclude(pk=scene.channel.pk).first() or make_channel(scene.cast, line)
    anna = scene.dialog.client
    known = Chat.objects.filter(channel=channel, external_id="anna-web").first()
    dialog = write(channel, text, sender="Anna-Web", number=number, now=scene.now)
    if known is None:
        Chat.objects.filter(pk=dialog.chat_id).update(client=anna)
        Dialog.objects.filter(pk=dialog.pk).update(client=anna)
    dialog.refresh_from_db()
    return dialog


def texts(page: dict[str, Any]) -> list[str]:
    return [message["text"] for message in page["messages"] if message["text"]]


def page_of(dialog: Dialog, reader: User, **edges: Any) -> dict[str, Any]:
    return message_page(dialog, reader=reader, **{"limit": 50} | edges)


@pytest.fixture
def told(scene: Scene) -> tuple[Dialog, Dialog]:
    """Olga's talk with Anna in one channel, and Oleg's in another one of the line, over by now."""
    Queue.objects.update(distribution=Queue.Distribution.STRICTLY)
    Line.objects.update(welcome_text="", closing_text="")
    active(scene)
    other = elsewhere(scene)
    answer_dialog(dialog_id=other.pk, operator=User.objects.get(pk=other.offered_to[0]), now=scene.now)
    if other.offered_to[0] != scene.cast.oleg.pk:
        hand_over = Dialog.objects.get(pk=other.pk)
        Dialog.objects.filter(pk=hand_over.pk).update(owner=scene.cast.oleg)
    send_reply(dialog_id=other.pk, operator=scene.cast.oleg, text="Oleg here", now=scene.now)
    finish_dialog(dialog_id=other.pk, operator=scene.cast.oleg, now=scene.now)
    reply(scene, "Olga here")
    return scene.dialog, Dialog.objects.get(pk=other.pk)


def test_all_channels_of_the_client_stand_in_one_history(told, scene):
    dialog, other = told

    page = page_of(dialog, scene.cast.olga)

    assert texts(page) == ["Hello", "From the website", "Oleg here", "Olga here"]
    ids = [message["id"] for message in page["messages"]]
    assert ids == sorted(ids)
    spans = {span["id"]: span for span in page["dialogs"]}
    assert spans.keys() == {dialog.pk, other.pk}
    assert spans[other.pk]["channel"]["id"] == other.channel_id
    assert (spans[other.pk]["operator"]["name"], spans[other.pk]["close_reason"]) == ("Oleg", "OPERATOR")


@pytest.mark.row("P1")
def test_dialogs_of_lines_that_the_reader_does_not_work_with_stay_out(told, scene):
    dialog, other = told
    foreign = make_line(scene.cast, name="Warehouse")
    foreign.queue_members.all().delete()
    foreign.supervisors.clear()
    Dialog.objects.filter(pk=other.pk).update(line=foreign)
    said = Message.objects.get(text="Oleg here")

    assert texts(page_of(dialog, scene.cast.olga)) == ["Hello", "Olga here"]
    assert texts(page_of(dialog, scene.cast.alla)) == ["Hello", "From the website", "Oleg here", "Olga here"]
    assert Caller.by(scene.cast.olga).call("PATCH", f"/messages/{said.pk}/", {"text": "x"}).status_code == 404
    assert visible_message(scene.cast.oleg, said.pk) == said


@pytest.mark.row("P1")
def test_without_a_dialog_of_the_client_nothing_is_read(told, scene):
    client_id = told[0].client_id

    assert not readable_dialogs(scene.cast.mallory, client_id).exists()
    assert not readable_dialogs(scene.cast.stranger, client_id).exists()
    assert readable_dialogs(scene.cast.olga, client_id).count() == 2


def test_pages_meet_without_gaps_and_doubles_in_both_directions(told, scene):
    dialog, _other = told
    for number in range(2, 9):
        elsewhere(scene, f"Web {number}", number=number)
        anna_writes(scene, f"Chat {number}")
    whole = [message["id"] for message in page_of(dialog, scene.cast.olga, limit=200)["messages"]]

    back = page_of(dialog, scene.cast.olga, limit=5)
    upwards = [message["id"] for message in back["messages"]]
    while back["has_earlier"]:
        back = page_of(dialog, scene.cast.olga, limit=5, before=upwards[0])
        upwards = [message["id"] for message in back["messages"]] + upwards
    forth = page_of(dialog, scene.cast.olga, limit=5, around=whole[3])
    downwards = whole[:2] + [message["id"] for message in forth["messages"] if message["id"] > whole[1]]
    while forth["has_later"]:
        forth = page_of(dialog, scene.cast.olga, limit=5, after=downwards[-1])
        downwards += [message["id"] for message in forth["messages"]]

    assert upwards == whole
    assert downwards == whole


def test_a_page_around_a_message_has_both_sides(told, scene):
    dialog, _other = told
    whole = [message["id"] for message in page_of(dialog, scene.cast.olga)["messages"]]

    page = page_of(dialog, scene.cast.olga, around=whole[4], limit=4)

    assert [message["id"] for message in page["messages"]] == whole[3:7]
    assert (page["has_earlier"], page["has_later"]) == (True, True)


def test_the_newest_page_has_nothing_later(told, scene):
    page = Caller.by(scene.cast.olga).get(f"/dialogs/{told[0].pk}/messages/", limit=3).json()

    assert (len(page["messages"]), page["has_earlier"], page["has_later"]) == (3, True, False)


# Live


def with_two_open_dialogs(scene: Scene) -> Dialog:
    Line.objects.update(welcome_text="")
    active(scene)
    other = elsewhere(scene)
    answer_dialog(dialog_id=other.pk, operator=User.objects.get(pk=other.offered_to[0]), now=timezone.now())
    Dialog.objects.filter(pk=other.pk).update(owner=scene.cast.oleg)
    return Dialog.objects.get(pk=other.pk)


def everybody(scene: Scene) -> tuple[User, ...]:
    return tuple(getattr(scene.cast, name) for name in ("alla", "sergey", "olga", "oleg", "mallory"))


@pytest.mark.row("D12")
def test_what_a_colleague_says_in_another_channel_is_heard_by_who_reads_it(scene, verify: Verify):
    other = with_two_open_dialogs(scene)

    with verify(*everybody(scene)):
        send_reply(dialog_id=other.pk, operator=scene.cast.oleg, text="Hello from Oleg", now=scene.now)


@pytest.mark.row("D12")
def test_a_second_channel_s_first_word_comes_up_where_the_first_one_is_open(scene, verify: Verify):
    active(scene)
    make_channel(scene.cast, scene.line)

    with verify(*everybody(scene)):
        first = elsewhere(scene)
        assert first.client_id == scene.dialog.client_id


@pytest.mark.row("D12")
@pytest.mark.row("P1")
def test_words_of_a_line_that_others_serve_go_to_nobody_else(scene, verify: Verify, bells):
    active(scene)
    foreign = make_line(scene.cast, name="Warehouse")
    foreign.queue_members.exclude(operator=scene.cast.oleg).delete()
    foreign.supervisors.clear()
    other = elsewhere(scene, line=foreign)
    Dialog.objects.filter(pk=other.pk).update(
        state=Dialog.State.ACTIVE, owner=scene.cast.oleg, offered_to=[], offer_started_at=None
    )

    with verify(*everybody(scene)):
        send_reply(dialog_id=other.pk, operator=scene.cast.oleg, text="Not for Olga", now=scene.now)


@pytest.mark.row("D12")
def test_the_end_of_another_channel_s_dialog_is_seen(scene, verify: Verify):
    other = with_two_open_dialogs(scene)

    with verify(*everybody(scene)):
        finish_dialog(dialog_id=other.pk, operator=scene.cast.oleg, now=scene.now)


@pytest.mark.row("D12")
def test_a_dialog_that_changes_hands_keeps_both_histories_true(scene, verify: Verify):
    with_two_open_dialogs(scene)

    with verify(*everybody(scene)):
        hand_to(scene, scene.cast.oleg, by=scene.cast.olga)
