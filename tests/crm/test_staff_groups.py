"""Groups of staff: who changes them, and the queues that follow them."""

import pytest

from common.errors import InvalidInput, NotAllowed, NotFound
from crm.models import StaffGroup, User
from crm.staff import set_active
from crm.staff_groups import change_group, create_group, remove_group
from openlines.models import Dialog, Line, QueueMember
from openlines.services.lines import GroupInUse, Place, set_queue
from tests.committing import committed
from tests.factories import Cast, write
from tests.pages import get, post, text_of

pytestmark = pytest.mark.row("R1")


@pytest.fixture
def evening(cast: Cast) -> StaffGroup:
    return create_group(administrator=cast.alla, name="Evening", member_ids=[cast.olga.pk])


def queue_of(line: Line) -> list[str]:
    members = QueueMember.objects.filter(line=line).order_by("position")
    return list(members.values_list("operator__username", flat=True))


def test_a_queue_follows_its_group(cast: Cast, line: Line, evening: StaffGroup):
    places = [Place(group_id=evening.pk), Place(operator_id=cast.oleg.pk)]
    set_queue(administrator=cast.alla, line=line, places=places)
    assert queue_of(line) == ["olga", "oleg"]

    change_group(administrator=cast.alla, group_id=evening.pk, member_ids=[cast.olga.pk, cast.sergey.pk])
    assert queue_of(line) == ["olga", "sergey", "oleg"]
    change_group(administrator=cast.alla, group_id=evening.pk, member_ids=[])
    assert queue_of(line) == ["oleg"]


def test_who_joins_the_group_is_offered_what_waits(scene, evening: StaffGroup):
    cast = scene.cast
    set_queue(administrator=cast.alla, line=scene.line, places=[Place(group_id=evening.pk)])
    User.objects.filter(pk=cast.olga.pk).update(presence="OFFLINE")
    dialog = write(scene.channel, "Hello", now=scene.now)
    assert Dialog.objects.get(pk=dialog.pk).offered_to == []

    with committed():
        change_group(administrator=cast.alla, group_id=evening.pk, member_ids=[cast.olga.pk, cast.oleg.pk])

    assert Dialog.objects.get(pk=dialog.pk).offered_to == [cast.oleg.pk]


def test_a_group_in_a_queue_is_not_removed_and_the_line_is_named(cast: Cast, line: Line, evening: StaffGroup):
    set_queue(administrator=cast.alla, line=line, places=[Place(group_id=evening.pk)])

    with pytest.raises(GroupInUse) as refusal:
        remove_group(administrator=cast.alla, group_id=evening.pk)

    assert "Sales" in str(refusal.value)
    assert StaffGroup.objects.filter(pk=evening.pk).exists()
    set_queue(administrator=cast.alla, line=line, places=[Place(operator_id=cast.oleg.pk)])
    remove_group(administrator=cast.alla, group_id=evening.pk)
    assert not StaffGroup.objects.exists()


def test_a_group_that_a_dialog_waits_for_is_not_removed(scene, evening: StaffGroup):
    dialog = write(scene.channel, "Hello", now=scene.now)
    Dialog.objects.filter(pk=dialog.pk).update(group=evening)

    with pytest.raises(GroupInUse):
        remove_group(administrator=scene.cast.alla, group_id=evening.pk)


def test_who_leaves_the_company_leaves_the_group(cast: Cast, evening: StaffGroup):
    set_active(administrator=cast.alla, member_id=cast.olga.pk, is_active=False)

    assert list(evening.members.all()) == []


def test_bad_input_is_refused_at_its_field(cast: Cast, evening: StaffGroup):
    for changes, field in (({"name": "Evening"}, "name"), ({"name": "B", "member_ids": [cast.stranger.pk]}, "members")):
        with pytest.raises(InvalidInput) as refusal:
            create_group(administrator=cast.alla, **changes)
        assert list(refusal.value.fields) == [field]
    with pytest.raises(NotFound):
        change_group(administrator=cast.alla, group_id=999_999, name="A")


def test_only_administrators_change_groups(cast: Cast, evening: StaffGroup):
    for user in (cast.sergey, cast.olga, cast.mallory, cast.stranger):
        with pytest.raises(NotAllowed):
            create_group(administrator=user, name="Mine")
        with pytest.raises(NotAllowed):
            change_group(administrator=user, group_id=evening.pk, name="Mine")
        with pytest.raises(NotAllowed):
            remove_group(administrator=user, group_id=evening.pk)
        for address in ("/settings/staff/groups/", f"/settings/staff/groups/{evening.pk}/"):
            assert get(user, address).status_code == 403


def test_the_page_makes_fills_and_removes_a_group(cast: Cast, line: Line):
    assert "No groups yet" in text_of(get(cast.alla, "/settings/staff/groups/"))

    post(cast.alla, "/settings/staff/groups/new/", name="Night", members=[cast.olga.pk])
    group = StaffGroup.objects.get(name="Night")
    page = text_of(get(cast.alla, "/settings/staff/groups/"))
    assert "Night" in page
    assert "Olga" in page

    address = f"/settings/staff/groups/{group.pk}/"
    post(cast.alla, address, name="Nights", members=[cast.oleg.pk])
    assert list(group.members.all()) == [cast.oleg]
    assert f'value="{cast.oleg.pk}" checked' in text_of(get(cast.alla, address, piece=True))

    set_queue(administrator=cast.alla, line=line, places=[Place(group_id=group.pk)])
    refused = post(cast.alla, f"{address}remove/", piece=True)
    assert refused.status_code == 422
    assert "Sales" in text_of(refused)
    set_queue(administrator=cast.alla, line=line, places=[])
    post(cast.alla, f"{address}remove/", piece=True)
    assert not StaffGroup.objects.exists()


def test_a_name_that_is_taken_is_said_at_the_field(cast: Cast, evening: StaffGroup):
    response = post(cast.alla, "/settings/staff/groups/new/", piece=True, name="Evening")

    assert response.status_code == 422
    assert "There is a group with this name." in text_of(response)
