"""How channels hear of conversations."""


from channels_connectors.models import Delivery
from channels_connectors.services.deliveries import queue_delivery
from common import doorbell
from common.events import after_commit, in_transaction
from openlines.events import AttachmentsAwaited, ReplyDeleted, ReplyEdited, ReplyQueued


@in_transaction(ReplyQueued)
def deliver_reply(event: ReplyQueued) -> None:
    queue_delivery(message_id=event.message_id, action=Delivery.Action.SEND)


@in_transaction(ReplyEdited)
def deliver_edit(event: ReplyEdited) -> None:
    queue_delivery(message_id=event.message_id, action=Delivery.Action.EDIT)


@in_transaction(ReplyDeleted)
def deliver_deletion(event: ReplyDeleted) -> None:
    queue_delivery(message_id=event.message_id, action=Delivery.Action.DELETE)


@after_commit(AttachmentsAwaited)
def fetch_attachments(event: AttachmentsAwaited) -> None:
    doorbell.ring(doorbell.MEDIA)
