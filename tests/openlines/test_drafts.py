"""What was begun and not sent: private, on all devices of whoever began it, the newest wins."""

from datetime import timedelta
from typing import Any

import pytest

from common.errors import InvalidInput, NotFound
from openlines.console import boot
from openlines.models import Draft
from openlines.services.closing import finish_dialog
from openlines.services.drafts import LONGEST, drop_old_drafts, keep_draft
from openlines.streams import user_stream
from tests.committing import committed
from tests.scenes import Scene, active, reply, sent

pytestmark = [pytest.mark.row("D10"), pytest.mark.row("D12")]


def begin(scene: Scene, text: str, **fields: Any) -> None:
    values: dict[str, Any] = {
        "operator": scene.cast.olga,
        "visibility": "PUBLIC",
        "written_at": scene.now,
        "now": scene.now,
    } | fields
    keep_draft(dialog_id=scene.dialog.pk, text=text, **values)


def drafts_of(user: Any) -> list[str]:
    return [draft["text"] for draft in boot(user)["drafts"]]


def test_a_draft_is_kept_for_its_writer_alone(scene, bells):
    active(scene)

    with committed():
        begin(scene, "Good morn", visibility="STAFF")

    assert boot(scene.cast.olga)["drafts"][0]["visibility"] == "STAFF"
    assert [drafts_of(user) for user in (scene.cast.sergey, scene.cast.alla, scene.cast.mallory)] == [[], [], []]
    told = [frame for frame in bells.frames if frame.body["type"] == "draft.changed"]
    assert [frame.to for frame in told] == [{user_stream(scene.cast.olga.pk)}]


def test_the_newest_wins_whatever_arrives_last(scene):
    active(scene)
    begin(scene, "newer", written_at=scene.now)

    begin(scene, "older", written_at=scene.now - timedelta(minutes=5))
    assert drafts_of(scene.cast.olga) == ["newer"]
    begin(scene, "", written_at=scene.now - timedelta(minutes=5))
    assert drafts_of(scene.cast.olga) == ["newer"]
    later = scene.later(minutes=1)
    begin(scene, "newest", written_at=later, now=later)
    assert drafts_of(scene.cast.olga) == ["newest"]


def test_a_clock_that_is_ahead_does_not_win_for_ever(scene):
    active(scene)
    begin(scene, "from tomorrow", written_at=scene.later(days=1))

    later = scene.later(minutes=1)
    begin(scene, "from now", written_at=later, now=later)

    assert drafts_of(scene.cast.olga) == ["from now"]


def test_an_empty_draft_is_none(scene):
    active(scene)
    begin(scene, "Good morn")

    begin(scene, " \n", written_at=scene.later(seconds=1), now=scene.later(seconds=1))

    assert not Draft.objects.exists()


def test_what_is_sent_is_no_draft_any_more_and_the_next_thought_is(scene):
    active(scene)
    begin(scene, "Good morning")
    reply(scene, "Good morning")
    assert not Draft.objects.exists()

    begin(scene, "And")
    reply(scene, "Wait, please")
    assert drafts_of(scene.cast.olga) == ["And"]


def test_a_quote_is_kept_and_a_foreign_one_is_left_out(scene):
    sent(scene)
    quoted = scene.last_reply

    begin(scene, "About that", reply_to_id=quoted.pk)
    assert boot(scene.cast.olga)["drafts"][0]["reply_to"]["id"] == quoted.pk
    later = scene.later(seconds=1)
    begin(scene, "About that", reply_to_id=quoted.pk + 1000, written_at=later, now=later)
    assert boot(scene.cast.olga)["drafts"][0]["reply_to"] is None


def test_strangers_keep_nothing_and_endless_texts_are_refused(scene):
    active(scene)

    with pytest.raises(NotFound):
        begin(scene, "Hi", operator=scene.cast.mallory)
    with pytest.raises(InvalidInput):
        begin(scene, "x" * (LONGEST + 1))
    begin(scene, "x" * LONGEST)


def test_old_drafts_and_those_of_closed_dialogs_go(scene):
    active(scene)
    begin(scene, "Good morn")
    drop_old_drafts(now=scene.later(days=29))
    assert Draft.objects.exists()

    finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now)
    assert drafts_of(scene.cast.olga) == []
    drop_old_drafts(now=scene.later(days=2))
    assert not Draft.objects.exists()
