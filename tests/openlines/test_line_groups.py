"""Supervisors of a group of lines supervise each of its lines, in pages, in the API and on sockets."""

import pytest

from common.errors import InvalidInput, NotAllowed
from crm.models import User
from openlines.access import lines_of, steers, visible_dialogs, watched_lines
from openlines.models import Dialog, Line, LineGroup
from openlines.services.line_groups import change_line_group, create_line_group, remove_line_group
from openlines.streams import line_stream, queue_stream, streams_of, user_stream
from tests.factories import make_line, make_user
from tests.pages import get, post, text_of
from tests.scenes import Scene, active

pytestmark = pytest.mark.row("L4")


@pytest.fixture
def galina(cast) -> User:
    """She supervises nothing yet."""
    return make_user("galina", User.Role.SUPERVISOR)


@pytest.fixture
def group(scene: Scene, galina: User) -> LineGroup:
    return create_line_group(
        administrator=scene.cast.alla,
        name="VIP",
        supervisor_ids=[galina.pk],
        line_ids=[scene.line.pk],
        now=scene.now,
    )


def sees(user: User, scene: Scene) -> list[bool]:
    """By every rule that says who sees a line's dialogs; they never differ."""
    user = User.objects.get(pk=user.pk)
    pk = scene.line.pk
    return [
        visible_dialogs(user).filter(pk=scene.dialog.pk).exists(),
        watched_lines(user).filter(pk=pk).exists(),
        lines_of(user).filter(pk=pk).exists(),
        steers(user, pk),
        {line_stream(pk), queue_stream(pk)} <= streams_of(user),
    ]


def test_a_supervisor_of_the_group_supervises_its_lines(scene, galina):
    active(scene)
    assert sees(galina, scene) == [False] * 5

    create_line_group(
        administrator=scene.cast.alla, name="VIP", supervisor_ids=[galina.pk], line_ids=[scene.line.pk], now=scene.now
    )

    assert sees(galina, scene) == [True] * 5
    assert watched_lines(galina).count() == 1


def test_a_line_that_leaves_takes_its_dialogs_along(scene, galina, group):
    active(scene)

    change_line_group(administrator=scene.cast.alla, group_id=group.pk, line_ids=[], now=scene.now)

    assert sees(galina, scene) == [False] * 5
    assert sees(scene.cast.sergey, scene) == [True] * 5


def test_without_the_role_nobody_supervises(scene, galina, group):
    active(scene)
    User.objects.filter(pk=galina.pk).update(role=User.Role.OPERATOR)

    assert sees(galina, scene) == [False] * 5


def test_a_removed_group_leaves_its_lines_in_peace(scene, galina, group):
    active(scene)

    remove_line_group(administrator=scene.cast.alla, group_id=group.pk, now=scene.now)

    assert sees(galina, scene) == [False] * 5
    assert Line.objects.get(pk=scene.line.pk).group is None


def test_a_line_is_in_one_group_at_a_time(scene, group):
    other = create_line_group(administrator=scene.cast.alla, name="New", line_ids=[scene.line.pk], now=scene.now)

    assert Line.objects.get(pk=scene.line.pk).group == other


@pytest.mark.parametrize(
    "change",
    [
        lambda scene, group: change_line_group(
            administrator=scene.cast.alla, group_id=group.pk, supervisor_ids=[], now=scene.now
        ),
        lambda scene, group: change_line_group(
            administrator=scene.cast.alla, group_id=group.pk, line_ids=[], now=scene.now
        ),
        lambda scene, group: remove_line_group(administrator=scene.cast.alla, group_id=group.pk, now=scene.now),
        lambda scene, group: create_line_group(
            administrator=scene.cast.alla, name="New", line_ids=[scene.line.pk], now=scene.now
        ),
    ],
    ids=["supervisors", "lines", "removed", "taken by another"],
)
def test_sockets_of_those_whose_rights_change_come_back(change, scene, galina, group, commit, bells):
    with commit():
        change(scene, group)

    heard = [frame for frame in bells.frames if frame.body["type"] == "reconnect"]
    assert any(frame.reaches({user_stream(galina.pk)}) for frame in heard)
    assert not any(frame.reaches({user_stream(scene.cast.mallory.pk)}) for frame in heard)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "VIP"}, "name"),
        ({"name": "New", "supervisor_ids": ["olga"]}, "supervisors"),
        ({"name": "New", "supervisor_ids": [0]}, "supervisors"),
        ({"name": "New", "line_ids": [0]}, "lines"),
    ],
)
def test_mistakes_are_told_at_their_field(values, field, scene, group):
    ids = [scene.cast.olga.pk if pk == "olga" else pk for pk in values.get("supervisor_ids", [])]

    with pytest.raises(InvalidInput) as refusal:
        create_line_group(
            administrator=scene.cast.alla, now=scene.now, **(values | ({"supervisor_ids": ids} if ids else {}))
        )

    assert list(refusal.value.fields) == [field]


def test_only_administrators_arrange_groups(scene, group):
    for name in ("sergey", "olga", "mallory", "stranger"):
        user = getattr(scene.cast, name)
        with pytest.raises(NotAllowed):
            change_line_group(administrator=user, group_id=group.pk, name="Mine", now=scene.now)
        for address in ("", "new/", f"{group.pk}/"):
            assert get(user, f"/settings/line-groups/{address}").status_code == 403
        assert post(user, f"/settings/line-groups/{group.pk}/remove/").status_code == 403


# Pages


def test_a_group_is_made_renamed_and_removed_in_pages(scene, galina):
    alla = scene.cast.alla
    assert "No groups yet" in text_of(get(alla, "/settings/line-groups/"))

    post(alla, "/settings/line-groups/new/", name="VIP", supervisors=[galina.pk], lines=[scene.line.pk])
    group = LineGroup.objects.get()
    page = text_of(get(alla, "/settings/line-groups/"))
    assert "VIP" in page
    assert "Sales" in page
    assert f"/settings/line-groups/{group.pk}/" in page

    make_line(scene.cast, name="Support")
    changed = post(alla, f"/settings/line-groups/{group.pk}/", piece=True, name="Best", supervisors=[galina.pk])
    assert changed.headers["HX-Trigger"]
    assert (LineGroup.objects.get().name, LineGroup.objects.get().lines.count()) == ("Best", 0)

    post(alla, f"/settings/line-groups/{group.pk}/remove/")
    assert not LineGroup.objects.exists()
    assert Line.objects.count() == 2


def test_a_taken_name_is_said_in_the_drawer(scene, group):
    response = post(scene.cast.alla, "/settings/line-groups/new/", piece=True, name="VIP")

    assert response.status_code == 422
    assert "There is a group with this name already." in text_of(response)


def test_a_lone_group_of_the_dialog_is_not_enough(scene, group):
    """Groups make supervisors of supervisors alone: Mallory in the same company sees nothing."""
    active(scene)

    assert sees(scene.cast.mallory, scene) == [False] * 5
    assert Dialog.objects.count() == 1
