"""What the API's tests find: Anna's dialog, offered to Olga, and Olga's dialog with Boris. Mallory has nothing."""

from dataclasses import dataclass
from typing import Any

from channels_connectors.models import Delivery, RawEvent
from crm.models import Client, ClientMerge, Identity, Lead, StaffGroup, Tag
from openlines.models import (
    Attachment,
    CallBack,
    Dialog,
    Line,
    LineGroup,
    Message,
    PushSubscription,
    QuickReply,
    Topic,
)
from openlines.services.replies import send_reply
from routing.models import Absence, Queue
from routing.services.answering import answer_dialog
from tests.factories import write
from tests.scenes import Scene


@dataclass(frozen=True, slots=True)
class World:
    scene: Scene
    offered: Dialog
    active: Dialog
    reply: Message
    failed: Message
    doubtful: Message
    client: Client
    lead: Lead
    absence: Absence
    group: StaffGroup
    line_group: LineGroup
    device: PushSubscription
    quick_reply: QuickReply
    address: Identity
    merge: ClientMerge
    lost: Attachment
    tag: Tag
    topic: Topic
    call_back: CallBack
    raw_event: RawEvent

    def path(self, pattern: str) -> str:
        """The pattern with ids in it: ``{offered}`` waits for Olga's answer, everything else is Boris's and hers."""
        return pattern.format(
            active=self.active.pk,
            offered=self.offered.pk,
            reply=self.reply.pk,
            failed=self.failed.pk,
            doubtful=self.doubtful.pk,
            client=self.client.pk,
            lead=self.lead.pk,
            line=self.scene.line.pk,
            channel=self.scene.channel.pk,
            line_group=self.line_group.pk,
            quick_reply=self.quick_reply.pk,
            oleg=self.scene.cast.oleg.pk,
            absence=self.absence.pk,
            group=self.group.pk,
            device=self.device.pk,
            address=self.address.pk,
            merge=self.merge.pk,
            lost=self.lost.pk,
            tag=self.tag.pk,
            topic=self.topic.pk,
            call_back=self.call_back.pk,
            raw_event=self.raw_event.pk,
        )


def make_world(scene: Scene) -> World:
    Queue.objects.update(distribution=Queue.Distribution.STRICTLY)
    active = write(scene.channel, "Where is my parcel?", sender="Boris", now=scene.now)
    answer_dialog(dialog_id=active.pk, operator=scene.cast.olga, now=scene.now)
    reply = _reply(scene, active, "On its way", delivery_state="SENT", external_id="1")
    failed = _reply(scene, active, "Tomorrow", delivery_state="FAILED", delivery_error="PERMANENT")
    doubtful = _reply(scene, active, "Or the day after", delivery_state="UNKNOWN")
    Line.objects.update(lead_rule=Line.LeadRule.BY_HAND)
    offered = write(scene.channel, "Hello", sender="Anna", now=scene.now)
    assert offered.offered_to == [scene.cast.olga.pk]
    active.refresh_from_db()
    lead = Lead.objects.get(client_id=active.client_id)
    later = scene.later(days=100).date()
    absence = Absence.objects.create(operator=scene.cast.olga, first_date=later, last_date=later)
    group = StaffGroup.objects.create(name="Mornings")
    line_group = LineGroup.objects.create(name="VIP")
    device = PushSubscription.objects.create(user=scene.cast.olga, endpoint="https://push.example/olga")
    quick_reply = QuickReply.objects.create(line=scene.line, title="Hello", text="Hello, {client}!")
    address = Identity.objects.create(client=active.client, kind="phone", scope="phone", value="+79161234567")
    merge = _merge(active.client, scene)
    rows = (lead, absence, group, line_group, device, quick_reply, address, merge, _lost(active))
    return World(scene, offered, active, reply, failed, doubtful, active.client, *rows, **_marks(scene, active))


def _marks(scene: Scene, active: Dialog) -> dict[str, Any]:
    """What is noted of Olga's dialog, and what could be."""
    call_back = CallBack.objects.create(
        client=active.client, dialog=active, operator=scene.cast.olga, phone="+79161234567",
        due_at=scene.later(hours=1), created_by=scene.cast.olga,
    )  # fmt: skip
    return {
        "tag": Tag.objects.create(name="VIP"),
        "topic": Topic.objects.create(name="Delivery"),
        "call_back": call_back,
        "raw_event": RawEvent.objects.create(channel=active.channel, key="boris-1", body=b"{}", state="FAILED"),
    }


def _lost(dialog: Dialog) -> Attachment:
    """A picture that came with the first words and could not be had."""
    said = dialog.messages.get(seq=1)
    return Attachment.objects.create(
        message=said, uploaded_in=dialog.channel, state=Attachment.State.LOST, source_reference="r"
    )


def _merge(client: Client, scene: Scene) -> ClientMerge:
    """Somebody who had nothing but a name."""
    nothing: dict[str, Any] = {name: [] for name in ("identities", "leads", "chats", "call_backs")}
    moved = nothing | {"newest_lead": 0, "before": {}, "after": {}}
    absorbed = Client.objects.create(name="B. Petrov", merged_into=client)
    return ClientMerge.objects.create(kept=client, absorbed=absorbed, moved=moved, merged_at=scene.now)


def _reply(scene: Scene, dialog: Dialog, text: str, **fate: str) -> Message:
    message, _is_new = send_reply(dialog_id=dialog.pk, operator=scene.cast.olga, text=text, now=scene.now)
    Delivery.objects.all().delete()
    Message.objects.filter(pk=message.pk).update(**fate)
    return message
