"""Tags: the list that administrators keep, and what happens to what has them."""

import pytest

from common.errors import InvalidInput, NotAllowed
from crm.models import Client, Tag
from crm.tags import MOST_ON_ONE, change_tag, create_tag, remove_tag
from openlines.models import Dialog
from openlines.services.clients import change_client
from openlines.services.tags import set_dialog_tags, take_off_removed_tags
from tests.api.client import Caller
from tests.pages import get, post, text_of
from tests.scenes import Scene, active

pytestmark = [pytest.mark.django_db, pytest.mark.row("D7")]
PAGE = "/settings/tags/"


@pytest.fixture
def vip(cast) -> Tag:
    return create_tag(actor=cast.alla, name="VIP", color=3)


def tagged(scene: Scene, *tags: Tag) -> Dialog:
    active(scene)
    ids = [tag.pk for tag in tags]
    change_client(client=Client.objects.get(), tag_ids=ids)
    return set_dialog_tags(dialog_id=scene.dialog.pk, operator=scene.cast.olga, tag_ids=ids)


def test_supervisors_add_tags_and_only_administrators_change_them(cast, vip):
    assert create_tag(actor=cast.sergey, name="  Big   order ").name == "Big order"
    for name in ("olga", "mallory", "stranger"):
        with pytest.raises(NotAllowed):
            create_tag(actor=getattr(cast, name), name="Mine")
    for name in ("sergey", "olga", "mallory"):
        user = getattr(cast, name)
        with pytest.raises(NotAllowed):
            change_tag(administrator=user, tag_id=vip.pk, name="Mine")
        with pytest.raises(NotAllowed):
            remove_tag(administrator=user, tag_id=vip.pk)
        assert get(user, PAGE).status_code == 403
        assert post(user, f"{PAGE}{vip.pk}/remove/").status_code == 403
    assert set(Tag.objects.values_list("name", flat=True)) == {"VIP", "Big order"}


def test_a_name_is_needed_and_is_there_once_however_it_is_written(cast, vip):
    for name in ("", "   ", "vip", " VIP ", "x" * 51):
        with pytest.raises(InvalidInput):
            create_tag(actor=cast.alla, name=name)
    with pytest.raises(InvalidInput):
        create_tag(actor=cast.alla, name="Blue", color=12)
    assert change_tag(administrator=cast.alla, tag_id=vip.pk, name="Vip").name == "Vip"


def test_new_tags_take_the_colours_in_turn(cast):
    assert [create_tag(actor=cast.alla, name=str(number)).color for number in range(3)] == [0, 1, 2]


def test_a_dialog_has_the_tags_that_were_given_each_once(scene, vip):
    other = create_tag(actor=scene.cast.alla, name="Wholesale")
    active(scene)
    dialog = set_dialog_tags(dialog_id=scene.dialog.pk, operator=scene.cast.olga, tag_ids=[other.pk, vip.pk, other.pk])
    assert dialog.tag_ids == [other.pk, vip.pk]
    revision = dialog.revision
    assert (
        set_dialog_tags(dialog_id=dialog.pk, operator=scene.cast.olga, tag_ids=[other.pk, vip.pk]).revision == revision
    )


def test_unknown_and_too_many_tags_are_refused(scene, vip):
    active(scene)
    many = [create_tag(actor=scene.cast.alla, name=str(number)).pk for number in range(MOST_ON_ONE + 1)]
    for tag_ids in ([vip.pk, 0], [2**62], many):
        with pytest.raises(InvalidInput):
            set_dialog_tags(dialog_id=scene.dialog.pk, operator=scene.cast.olga, tag_ids=tag_ids)
        with pytest.raises(InvalidInput):
            change_client(client=Client.objects.get(), tag_ids=tag_ids)
    assert scene.dialog.tag_ids == []


def test_a_removed_tag_is_taken_off_everything_and_nothing_else_is(scene, vip):
    other = create_tag(actor=scene.cast.alla, name="Wholesale")
    dialog = tagged(scene, other, vip)

    remove_tag(administrator=scene.cast.alla, tag_id=vip.pk)
    take_off_removed_tags(now=scene.later(minutes=1))

    assert scene.dialog.tag_ids == [other.pk]
    assert Client.objects.get().tag_ids == [other.pk]
    assert scene.dialog.revision == dialog.revision + 1
    take_off_removed_tags(now=scene.later(minutes=2))
    assert scene.dialog.revision == dialog.revision + 1


def test_more_than_a_batch_is_taken_off(scene, vip, monkeypatch):
    monkeypatch.setattr("openlines.services.tags.BATCH", 1)
    monkeypatch.setattr("crm.tags.BATCH", 1)
    tagged(scene, vip)
    Client.objects.create(name="Boris", tag_ids=[vip.pk])
    remove_tag(administrator=scene.cast.alla, tag_id=vip.pk)
    take_off_removed_tags(now=scene.now)
    assert not Client.objects.filter(tag_ids__contains=[vip.pk]).exists()
    assert not Dialog.objects.filter(tag_ids__contains=[vip.pk]).exists()


def test_mallory_tags_nothing(scene, vip):
    active(scene)
    mallory = Caller.by(scene.cast.mallory)
    client = scene.dialog.client_id
    assert mallory.put(f"/dialogs/{scene.dialog.pk}/tags/", {"tag_ids": [vip.pk]}).status_code == 404
    assert mallory.patch(f"/clients/{client}/", {"tag_ids": [vip.pk]}).status_code == 404


def test_consoles_hear_that_the_list_is_another(cast, vip, bells, commit):
    with commit():
        change_tag(administrator=cast.alla, tag_id=vip.pk, color=5)
    assert bells.bodies("dictionaries.changed") == [{"type": "dictionaries.changed"}]
    answer = Caller.by(cast.olga).get("/console/dictionaries/").json()
    assert answer["tags"] == [{"id": vip.pk, "name": "VIP", "color": 5}]


class TestPage:
    def test_tags_are_added_changed_and_removed(self, cast):
        assert post(cast.alla, PAGE, name="Wholesale").headers["Location"] == PAGE
        tag = Tag.objects.get()
        assert post(cast.alla, f"{PAGE}{tag.pk}/", piece=True, name="Retail", color=7).status_code == 200
        tag.refresh_from_db()
        assert (tag.name, tag.color) == ("Retail", 7)
        assert 'value="Retail"' in text_of(get(cast.alla, PAGE))
        assert post(cast.alla, f"{PAGE}{tag.pk}/remove/", piece=True).status_code == 200
        assert not Tag.objects.exists()

    def test_refusals_are_said_where_they_are(self, cast, vip):
        for piece in (True, False):
            answer = post(cast.alla, PAGE, piece=piece, name="vip")
            assert answer.status_code == 422
            assert "There is a tag with this name already." in text_of(answer)
            assert post(cast.alla, PAGE, piece=piece, name="").status_code == 422
            assert post(cast.alla, f"{PAGE}{vip.pk}/", piece=piece, name="VIP", color=12).status_code == 422

    def test_a_name_is_shown_as_text(self, cast):
        create_tag(actor=cast.alla, name="<b>bold</b>")
        assert "<b>bold</b>" not in text_of(get(cast.alla, PAGE))
