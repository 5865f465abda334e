"""Topics: what dialogs were about."""

import pytest

from common.errors import InvalidInput, NotAllowed
from openlines.models import Dialog, Line, Topic
from openlines.services.closing import finish_dialog
from openlines.services.line_lifecycle import copy_line
from openlines.services.topics import (
    TopicRequired,
    change_topic,
    create_topic,
    order_topics,
    remove_topic,
    set_dialog_topic,
    topics_of,
)
from tests.api.client import Caller
from tests.factories import make_line
from tests.pages import get, post, text_of
from tests.scenes import Scene, active, sent

pytestmark = pytest.mark.row("D7")


@pytest.fixture
def delivery(cast) -> Topic:
    return create_topic(administrator=cast.alla, name="Delivery")


def finished(scene: Scene, **how) -> Dialog:
    return finish_dialog(dialog_id=scene.dialog.pk, operator=scene.cast.olga, now=scene.now, **how)


def names(line: Line) -> list[str]:
    return [topic.name for topic in topics_of(line)]


def test_a_line_has_its_own_topics_and_then_those_of_all(cast, line, delivery):
    other = make_line(cast, name="Support")
    create_topic(administrator=cast.alla, name="Oak", line_id=line.pk)
    create_topic(administrator=cast.alla, name="Broken", line_id=other.pk)
    assert (names(line), names(other)) == (["Oak", "Delivery"], ["Broken", "Delivery"])


def test_a_dialog_is_finished_with_a_topic(scene, delivery):
    sent(scene)
    dialog = finished(scene, topic_id=delivery.pk)
    assert (dialog.state, dialog.topic) == (Dialog.State.CLOSED, delivery)


def test_where_the_line_insists_nobody_finishes_without_one(scene, delivery):
    Line.objects.update(topic_rule=Line.TopicRule.MUST)
    sent(scene)
    with pytest.raises(TopicRequired):
        finished(scene)
    assert scene.dialog.is_open
    answer = Caller.by(scene.cast.olga).post(f"/dialogs/{scene.dialog.pk}/finish/")
    assert (answer.status_code, answer.json()["code"]) == (409, "topic_required")
    assert finished(scene, topic_id=delivery.pk).topic == delivery


def test_spam_and_lines_without_topics_are_asked_for_none(scene):
    Line.objects.update(topic_rule=Line.TopicRule.MUST)
    sent(scene)
    assert not finished(scene).is_open


def test_spam_needs_no_topic(scene, delivery):
    Line.objects.update(topic_rule=Line.TopicRule.MUST)
    sent(scene)
    assert finished(scene, as_spam=True).close_reason == Dialog.CloseReason.SPAM


def test_a_topic_that_was_chosen_before_the_end_counts(scene, delivery):
    Line.objects.update(topic_rule=Line.TopicRule.MUST)
    sent(scene)
    set_dialog_topic(dialog_id=scene.dialog.pk, operator=scene.cast.olga, topic_id=delivery.pk)
    assert finished(scene).topic == delivery


def test_topics_of_other_lines_and_those_put_away_are_refused(scene, delivery):
    elsewhere = create_topic(
        administrator=scene.cast.alla, name="Broken", line_id=make_line(scene.cast, name="Support").pk
    )
    sent(scene)
    finished(scene, topic_id=delivery.pk)
    remove_topic(administrator=scene.cast.alla, topic_id=delivery.pk)
    for topic_id in (elsewhere.pk, 0):
        with pytest.raises(InvalidInput):
            set_dialog_topic(dialog_id=scene.dialog.pk, operator=scene.cast.olga, topic_id=topic_id)
    # What it has, it keeps.
    assert set_dialog_topic(dialog_id=scene.dialog.pk, operator=scene.cast.olga, topic_id=delivery.pk).topic == delivery


def test_a_topic_changes_afterwards_by_its_operator_or_a_supervisor(scene, delivery):
    sent(scene)
    finished(scene)
    for operator in (scene.cast.olga, scene.cast.sergey, scene.cast.alla):
        set_dialog_topic(dialog_id=scene.dialog.pk, operator=operator, topic_id=None)
        set_dialog_topic(dialog_id=scene.dialog.pk, operator=operator, topic_id=delivery.pk)
        assert scene.dialog.topic == delivery
    Line.objects.update(access=Line.Access.LINE)
    with pytest.raises(NotAllowed):
        set_dialog_topic(dialog_id=scene.dialog.pk, operator=scene.cast.oleg, topic_id=None)
    Line.objects.update(topic_rule=Line.TopicRule.MUST)
    with pytest.raises(TopicRequired):
        set_dialog_topic(dialog_id=scene.dialog.pk, operator=scene.cast.olga, topic_id=None)


def test_what_is_used_is_put_away_and_comes_back_with_its_dialogs(scene, delivery):
    sent(scene)
    finished(scene, topic_id=delivery.pk)
    remove_topic(administrator=scene.cast.alla, topic_id=delivery.pk)
    assert names(scene.line) == []
    assert scene.dialog.topic == delivery
    assert create_topic(administrator=scene.cast.alla, name="delivery").pk == delivery.pk
    assert names(scene.line) == ["Delivery"]


def test_what_nobody_used_is_gone(cast, line, delivery):
    remove_topic(administrator=cast.alla, topic_id=delivery.pk)
    assert not Topic.objects.exists()


def test_names_are_unique_in_their_line(cast, line, delivery):
    create_topic(administrator=cast.alla, name="Delivery", line_id=line.pk)
    oak = create_topic(administrator=cast.alla, name="Oak")
    for name in ("", "DELIVERY"):
        with pytest.raises(InvalidInput):
            create_topic(administrator=cast.alla, name=name)
        with pytest.raises(InvalidInput):
            change_topic(administrator=cast.alla, topic_id=oak.pk, name=name)


def test_an_order_names_all_of_them_once(cast, line, delivery):
    oak = create_topic(administrator=cast.alla, name="Oak")
    order_topics(administrator=cast.alla, line_id=None, topic_ids=[oak.pk, delivery.pk])
    assert names(line) == ["Oak", "Delivery"]
    for ids in ([oak.pk], [oak.pk, oak.pk], [oak.pk, delivery.pk, 0]):
        with pytest.raises(InvalidInput):
            order_topics(administrator=cast.alla, line_id=None, topic_ids=ids)


def test_a_copied_line_has_topics_of_its_own(cast, line, scene):
    create_topic(administrator=cast.alla, name="Oak", line_id=line.pk)
    copy = copy_line(administrator=cast.alla, line=line, now=scene.now)
    assert names(copy) == ["Oak"]
    assert Topic.objects.filter(name="Oak").count() == 2


def test_closed_dialogs_are_found_by_their_topic(scene, delivery):
    sent(scene)
    finished(scene, topic_id=delivery.pk)
    olga = Caller.by(scene.cast.olga)
    found = olga.get("/dialogs/", tab="closed", topic=delivery.pk).json()["results"]
    assert [dialog["topic"] for dialog in found] == [{"id": delivery.pk, "name": "Delivery"}]
    assert olga.get("/dialogs/", topic=delivery.pk + 1).json()["results"] == []


class TestPages:
    def test_administrators_arrange_topics_of_the_company_and_of_a_line(self, cast, line):
        page = f"/settings/lines/{line.pk}/"
        assert post(cast.alla, "/settings/topics/add/", name="Delivery").headers["Location"] == "/settings/topics/"
        for name in ("Oak", "Pine"):
            assert post(cast.alla, "/settings/topics/add/", name=name, line=line.pk).headers["Location"] == page
        oak, pine = Topic.objects.filter(line=line)
        move = {"line": line.pk, "order": [oak.pk, pine.pk], "move": f"up:{pine.pk}"}
        assert post(cast.alla, "/settings/topics/order/", piece=True, **move).status_code == 200
        assert names(line) == ["Pine", "Oak", "Delivery"]
        assert post(cast.alla, f"/settings/topics/{oak.pk}/", piece=True, name="Ash").status_code == 200
        assert post(cast.alla, f"/settings/topics/{pine.pk}/remove/", piece=True).status_code == 200
        assert names(line) == ["Ash", "Delivery"]
        assert 'value="Ash"' in text_of(get(cast.alla, page))
        assert "Ash" in text_of(get(cast.alla, "/settings/topics/"))

    def test_refusals_are_said(self, cast, line, delivery):
        for address in ("add/", f"{delivery.pk}/"):
            assert post(cast.alla, f"/settings/topics/{address}", piece=True, name="").status_code == 422
        refused = post(cast.alla, "/settings/topics/add/", piece=True, name="delivery")
        assert (refused.status_code, "already" in text_of(refused)) == (422, True)
        for values in ({}, {"order": "x", "move": "up:1"}, {"order": delivery.pk, "move": f"left:{delivery.pk}"}):
            assert post(cast.alla, "/settings/topics/order/", piece=True, **values).status_code == 422
        assert post(cast.alla, "/settings/topics/add/", name="").headers["Location"] == "/settings/topics/"
        assert post(cast.alla, "/settings/topics/add/", name="Oak", line="0").status_code == 404

    def test_they_are_the_administrators_pages(self, cast, line, delivery):
        for name in ("sergey", "olga", "mallory"):
            user = getattr(cast, name)
            assert get(user, "/settings/topics/").status_code == 403
            for address in ("add/", "order/", f"{delivery.pk}/", f"{delivery.pk}/remove/"):
                assert post(user, f"/settings/topics/{address}").status_code == 403

    def test_the_rule_is_a_setting_of_the_line(self, cast, line):
        page = get(cast.alla, f"/settings/lines/{line.pk}/").context["page"]
        assert page.closing["topic_rule"].value() == "MAY"
        alla = Caller.by(cast.alla)
        assert alla.patch(f"/lines/{line.pk}/", {"topic_rule": "MUST"}).json()["topic_rule"] == "MUST"
        assert alla.patch(f"/lines/{line.pk}/", {"topic_rule": "ALWAYS"}).status_code == 400


def test_an_operator_finishes_over_the_api_with_a_topic(scene, delivery):
    active(scene)
    answer = Caller.by(scene.cast.olga).post(f"/dialogs/{scene.dialog.pk}/finish/", {"topic_id": delivery.pk}).json()
    assert (answer["state"], answer["topic"]["name"]) == ("CLOSED", "Delivery")
