"""Every service that changes settings, and a run of it that must leave an entry: what tests/crm/test_audit.py walks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from channels_connectors.custom.services import drop_previous_secret, renew_secret
from channels_connectors.livechat.widgets import change_widget
from channels_connectors.models import RawEvent
from channels_connectors.services.channels import (
    connect_channel,
    connect_own,
    disconnect_channel,
    move_channel,
    pause_channels_of_line,
    set_channel_state,
)
from channels_connectors.services.raw_events import replay_event
from channels_connectors.services.upkeep import change_channel, change_credentials, check_channel
from crm.dictionaries import (
    add_source,
    add_stage,
    change_source,
    change_stage,
    order_stages,
    remove_source,
    remove_stage,
)
from crm.models import AccessToken, LeadSource, LeadStage, StaffGroup, Tag
from crm.services import issue_token
from crm.staff import add_member, change_member, give_token, revoke_token, set_active, set_password
from crm.staff_groups import change_group, create_group, remove_group
from crm.tags import change_tag, create_tag, remove_tag
from openlines.models import LineGroup, QuickReply, Topic
from openlines.services.line_groups import change_line_group, create_line_group, remove_line_group
from openlines.services.line_lifecycle import archive_line, copy_line, restore_line
from openlines.services.lines import Place, change_line, create_line, set_queue, set_queue_members
from openlines.services.quick_replies import change_quick_reply, create_quick_reply, remove_quick_reply
from openlines.services.topics import change_topic, create_topic, order_topics, remove_topic
from routing.models import Absence, Queue
from routing.services.absences import add_absence, change_absence, remove_absence
from routing.services.hours import NewHours, change_hours
from routing.services.line_settings import save_line_settings
from routing.services.queues import change_queue
from tests.factories import make_channel, make_line
from tests.scenes import Scene

PASSWORD = "a long enough pass phrase"
Run = Callable[[Scene], Any]


@dataclass(frozen=True, slots=True)
class Audited:
    service: Callable[..., Any]
    run: Run

    @property
    def name(self) -> str:
        return self.service.__name__


SERVICES: list[Audited] = []

# Services that administrators call and that leave no entry of their own, with the reason.
EXCEPTIONS: dict[Callable[..., Any], str] = {
    check_channel: "asks the provider how the channel does; what it notes is no setting",
    connect_channel: "shown by the whole way in test_a_bot_that_is_connected_is_in_the_log",
    renew_secret: "shown in test_the_log_says_that_it_changed_and_not_to_what",
    drop_previous_secret: "shown in test_the_log_says_that_it_changed_and_not_to_what",
    change_credentials: "shown by the whole way in test_a_new_token_is_in_the_log_without_its_text",
}


def audited(service: Callable[..., Any]) -> Callable[[Run], Run]:
    def keep(run: Run) -> Run:
        SERVICES.append(Audited(service, run))
        return run

    return keep


# Lines


@audited(create_line)
def a_line_is_made(scene: Scene) -> None:
    create_line(administrator=scene.cast.alla, name="Support")


@audited(change_line)
def a_line_is_changed(scene: Scene) -> None:
    change_line(administrator=scene.cast.alla, line=scene.line, name="Support")


@audited(set_queue)
def a_queue_is_filled(scene: Scene) -> None:
    places = [Place(operator_id=scene.cast.oleg.pk, dialog_limit=3)]
    set_queue(administrator=scene.cast.alla, line=scene.line, places=places)


@audited(set_queue_members)
def a_queue_is_ordered(scene: Scene) -> None:
    order = [scene.cast.oleg.pk, scene.cast.olga.pk]
    set_queue_members(administrator=scene.cast.alla, line=scene.line, operator_ids=order)


@audited(change_queue)
def rules_are_changed(scene: Scene) -> None:
    change_queue(administrator=scene.cast.alla, queue=Queue.objects.get(line=scene.line), offer_seconds=5)


@audited(save_line_settings)
def a_page_of_a_line_is_saved(scene: Scene) -> None:
    save_line_settings(
        administrator=scene.cast.alla,
        line=scene.line,
        line_changes={},
        queue_changes={"offer_seconds": 5},
        places=[Place(operator_id=scene.cast.oleg.pk)],
        now=scene.now,
    )


@audited(copy_line)
def a_line_is_copied(scene: Scene) -> None:
    copy_line(administrator=scene.cast.alla, line=scene.line, now=scene.now)


@audited(archive_line)
def a_line_is_archived(scene: Scene) -> None:
    archive_line(administrator=scene.cast.alla, line=scene.line, now=scene.now)


@audited(restore_line)
def a_line_is_restored(scene: Scene) -> None:
    archive_line(administrator=scene.cast.alla, line=scene.line, now=scene.now)
    restore_line(administrator=scene.cast.alla, line=scene.line, now=scene.now)


@audited(change_hours)
def the_hours_of_a_line_are_changed(scene: Scene) -> None:
    week = [[["09:00", "18:00"]]] * 7
    hours = NewHours(is_enabled=True, time_zone="Europe/Moscow", weekly=week)
    change_hours(administrator=scene.cast.alla, line=scene.line, hours=hours, now=scene.now)


# Groups of lines


def _group(scene: Scene) -> LineGroup:
    return create_line_group(
        administrator=scene.cast.alla, name="VIP", supervisor_ids=[scene.cast.sergey.pk], now=scene.now
    )


@audited(create_line_group)
def a_group_of_lines_is_made(scene: Scene) -> None:
    _group(scene)


@audited(change_line_group)
def a_group_of_lines_is_renamed(scene: Scene) -> None:
    change_line_group(administrator=scene.cast.alla, group_id=_group(scene).pk, name="Moscow", now=scene.now)


@audited(remove_line_group)
def a_group_of_lines_is_removed(scene: Scene) -> None:
    remove_line_group(administrator=scene.cast.alla, group_id=_group(scene).pk, now=scene.now)


# Channels


@audited(pause_channels_of_line)
def all_channels_of_a_line_are_paused(scene: Scene) -> None:
    pause_channels_of_line(administrator=scene.cast.alla, line_id=scene.line.pk)


@audited(connect_own)
def a_channel_is_connected(scene: Scene) -> None:
    connect_own(administrator=scene.cast.alla, line=scene.line, kind="sandbox")


@audited(set_channel_state)
def a_channel_is_paused(scene: Scene) -> None:
    set_channel_state(administrator=scene.cast.alla, channel=scene.channel, state="PAUSED")


@audited(disconnect_channel)
def a_channel_is_disconnected(scene: Scene) -> None:
    disconnect_channel(administrator=scene.cast.alla, channel=scene.channel)


@audited(move_channel)
def a_channel_is_moved(scene: Scene) -> None:
    move_channel(administrator=scene.cast.alla, channel=scene.channel, line=make_line(scene.cast, name="Support"))


@audited(change_channel)
def a_channel_is_renamed(scene: Scene) -> None:
    change_channel(administrator=scene.cast.alla, channel=scene.channel, name="Another")


@audited(replay_event)
def an_event_is_processed_once_more(scene: Scene) -> None:
    event = RawEvent.objects.create(channel=scene.channel, key="1", body=b"{}", state=RawEvent.State.DONE)
    replay_event(administrator=scene.cast.alla, event_id=event.pk, now=scene.now)


@audited(change_widget)
def a_website_chat_is_changed(scene: Scene) -> None:
    channel = make_channel(scene.cast, scene.line, kind="livechat")
    change_widget(administrator=scene.cast.alla, channel=channel, title="Ask us")


# Quick replies: supervisors keep those of their lines, too


def _quick_reply(scene: Scene) -> QuickReply:
    return create_quick_reply(
        actor=scene.cast.alla, text="Hello!", scope="LINE", line_id=scene.line.pk, now=scene.now
    )  # fmt: skip


@audited(create_quick_reply)
def a_quick_reply_is_made(scene: Scene) -> None:
    _quick_reply(scene)


@audited(change_quick_reply)
def a_quick_reply_is_renamed(scene: Scene) -> None:
    change_quick_reply(quick_reply_id=_quick_reply(scene).pk, actor=scene.cast.alla, title="Greeting", now=scene.now)


@audited(remove_quick_reply)
def a_quick_reply_is_removed(scene: Scene) -> None:
    remove_quick_reply(quick_reply_id=_quick_reply(scene).pk, actor=scene.cast.alla, now=scene.now)


# Staff


@audited(add_member)
def somebody_joins(scene: Scene) -> None:
    add_member(
        administrator=scene.cast.alla, username="ivan", first_name="Ivan", last_name="", role="OPERATOR",
        password=PASSWORD,
    )  # fmt: skip


@audited(change_member)
def somebody_gets_a_role(scene: Scene) -> None:
    change_member(
        administrator=scene.cast.alla, member_id=scene.cast.oleg.pk, first_name="Oleg", last_name="", role="SUPERVISOR"
    )


@audited(create_group)
def a_group_of_staff_is_made(scene: Scene) -> None:
    create_group(administrator=scene.cast.alla, name="Evening", member_ids=[scene.cast.olga.pk])


@audited(change_group)
def a_group_of_staff_gets_a_member(scene: Scene) -> None:
    group = StaffGroup.objects.create(name="Evening")
    change_group(administrator=scene.cast.alla, group_id=group.pk, member_ids=[scene.cast.olga.pk])


@audited(remove_group)
def a_group_of_staff_is_removed(scene: Scene) -> None:
    remove_group(administrator=scene.cast.alla, group_id=StaffGroup.objects.create(name="Evening").pk)


@audited(set_password)
def somebody_gets_a_password(scene: Scene) -> None:
    set_password(administrator=scene.cast.alla, member_id=scene.cast.oleg.pk, password=PASSWORD)


@audited(set_active)
def somebody_leaves(scene: Scene) -> None:
    set_active(administrator=scene.cast.alla, member_id=scene.cast.oleg.pk, is_active=False)


@audited(give_token)
def somebody_gets_a_token(scene: Scene) -> None:
    give_token(administrator=scene.cast.alla, member_id=scene.cast.oleg.pk, name="Shop")


@audited(revoke_token)
def a_token_is_revoked(scene: Scene) -> None:
    issue_token(user=scene.cast.oleg, name="Shop")
    revoke_token(administrator=scene.cast.alla, token_id=AccessToken.objects.get().pk, now=scene.now)


# Absences: supervisors arrange them, too


def _absence(scene: Scene) -> Absence:
    day = scene.later(days=30).date()
    return add_absence(
        actor=scene.cast.alla, operator_id=scene.cast.olga.pk, kind="SICK", first_date=day, last_date=day, now=scene.now
    )


@audited(add_absence)
def somebody_is_ill(scene: Scene) -> None:
    _absence(scene)


@audited(change_absence)
def an_absence_gets_a_note(scene: Scene) -> None:
    change_absence(actor=scene.cast.alla, absence_id=_absence(scene).pk, now=scene.now, note="Flu")


@audited(remove_absence)
def an_absence_was_a_mistake(scene: Scene) -> None:
    remove_absence(actor=scene.cast.alla, absence_id=_absence(scene).pk, now=scene.now)


# Stages and sources


@audited(add_stage)
def a_stage_is_added(scene: Scene) -> None:
    add_stage(administrator=scene.cast.alla, name="Talks", kind="OPEN")


def _stage(scene: Scene) -> LeadStage:
    return LeadStage.objects.create(name="Talks", position=LeadStage.objects.count() + 1)


@audited(change_stage)
def a_stage_is_renamed(scene: Scene) -> None:
    change_stage(administrator=scene.cast.alla, stage_id=_stage(scene).pk, name="Offer", kind="OPEN")


@audited(order_stages)
def stages_are_ordered(scene: Scene) -> None:
    _stage(scene)
    ids = list(LeadStage.objects.order_by("-position").values_list("pk", flat=True))
    order_stages(administrator=scene.cast.alla, stage_ids=ids)


@audited(remove_stage)
def a_stage_is_removed(scene: Scene) -> None:
    remove_stage(administrator=scene.cast.alla, stage_id=_stage(scene).pk)


@audited(add_source)
def a_source_is_added(scene: Scene) -> None:
    add_source(administrator=scene.cast.alla, name="Fair")


@audited(change_source)
def a_source_is_renamed(scene: Scene) -> None:
    change_source(administrator=scene.cast.alla, source_id=LeadSource.objects.latest("pk").pk, name="Fair")


@audited(remove_source)
def a_source_is_removed(scene: Scene) -> None:
    remove_source(administrator=scene.cast.alla, source_id=LeadSource.objects.create(name="Fair").pk)


# Tags and topics: supervisors make tags, too


def _tag() -> Tag:
    return Tag.objects.create(name="VIP")


@audited(create_tag)
def a_tag_is_made(scene: Scene) -> None:
    create_tag(actor=scene.cast.alla, name="Wholesale")


@audited(change_tag)
def a_tag_is_renamed(scene: Scene) -> None:
    change_tag(administrator=scene.cast.alla, tag_id=_tag().pk, name="Big", color=4)


@audited(remove_tag)
def a_tag_is_removed(scene: Scene) -> None:
    remove_tag(administrator=scene.cast.alla, tag_id=_tag().pk)


def _topic(name: str = "Delivery") -> Topic:
    return Topic.objects.create(name=name)


@audited(create_topic)
def a_topic_is_made(scene: Scene) -> None:
    create_topic(administrator=scene.cast.alla, name="Complaint", line_id=scene.line.pk)


@audited(change_topic)
def a_topic_is_renamed(scene: Scene) -> None:
    change_topic(administrator=scene.cast.alla, topic_id=_topic().pk, name="Shipping")


@audited(order_topics)
def topics_are_ordered(scene: Scene) -> None:
    ids = [_topic("Delivery").pk, _topic("Complaint").pk]
    order_topics(administrator=scene.cast.alla, line_id=None, topic_ids=ids[::-1])


@audited(remove_topic)
def a_topic_is_removed(scene: Scene) -> None:
    remove_topic(administrator=scene.cast.alla, topic_id=_topic().pk)
