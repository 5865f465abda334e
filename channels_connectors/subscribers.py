"""How channels hear of conversations."""

from functools import partial

from channels_connectors.connector import Connector
from channels_connectors.models import Delivery
from channels_connectors.registry import connector_for
from channels_connectors.services.channels import pause_channels_of_line
from channels_connectors.services.courtesies import (
    fetch_client_photo,
    fetch_client_profile,
    later,
    show_read,
    show_typing,
)
from channels_connectors.services.deliveries import queue_delivery, queue_first_deliveries
from channels_connectors.services.editing import require_same_parts
from common import doorbell
from common.events import after_commit, in_transaction
from crm.models import User
from openlines.events import (
    AttachmentsAwaited,
    ButtonChosen,
    ChatsMoving,
    ClientAppeared,
    CommentModerated,
    LineArchiving,
    OperatorRead,
    OperatorTyped,
    RepliesQueued,
    ReplyDeleted,
    ReplyEdited,
    ReplyQueued,
    StrangersWrote,
)
from openlines.models import Channel, Message
from openlines.services.locking import hold_channel


@in_transaction(LineArchiving)
def pause_channels_of_the_line(event: LineArchiving) -> None:
    pause_channels_of_line(line_id=event.line_id, administrator=User.objects.get(pk=event.administrator_id))


@in_transaction(ChatsMoving)
def receive_nothing_meanwhile(event: ChatsMoving) -> None:
    for channel_id in sorted(event.channel_ids):
        hold_channel(channel_id)


@in_transaction(ReplyQueued)
def deliver_reply(event: ReplyQueued) -> None:
    queue_delivery(message_id=event.message_id, action=Delivery.Action.SEND)


@in_transaction(RepliesQueued)
def deliver_replies(event: RepliesQueued) -> None:
    queue_first_deliveries(message_ids=event.message_ids)


@in_transaction(ReplyEdited)
def deliver_edit(event: ReplyEdited) -> None:
    require_same_parts(message_id=event.message_id)
    queue_delivery(message_id=event.message_id, action=Delivery.Action.EDIT)


@in_transaction(ButtonChosen)
def show_which_button_was_chosen(event: ButtonChosen) -> None:
    message = Message.objects.select_related("chat__channel").get(pk=event.message_id)
    can = connector_for(message.chat.channel.kind).capabilities
    if can.buttons == "inline" and can.edit:
        queue_delivery(message_id=message.pk, action=Delivery.Action.EDIT)


@in_transaction(ReplyDeleted)
def deliver_deletion(event: ReplyDeleted) -> None:
    queue_delivery(message_id=event.message_id, action=Delivery.Action.DELETE)


@in_transaction(CommentModerated)
def have_comment_moderated(event: CommentModerated) -> None:
    queue_delivery(message_id=event.message_id, action=event.action)


@after_commit(AttachmentsAwaited)
def fetch_attachments(event: AttachmentsAwaited) -> None:
    doorbell.ring(doorbell.MEDIA)


@after_commit(ClientAppeared)
def fetch_photo(event: ClientAppeared) -> None:
    if event.photo_reference:
        later(
            lambda: fetch_client_photo(
                channel_id=event.channel_id, client_id=event.client_id, reference=event.photo_reference
            )
        )


@after_commit(StrangersWrote)
def ask_who_they_are(event: StrangersWrote) -> None:
    if type(connector_for(event.channel_kind)).fetch_profile is Connector.fetch_profile:
        return
    for person_external_id in event.person_external_ids:
        later(partial(fetch_client_profile, channel_id=event.channel_id, person_external_id=person_external_id))


@after_commit(OperatorTyped)
def show_client_that_we_type(event: OperatorTyped) -> None:
    later(lambda: show_typing(dialog_id=event.dialog_id))


@after_commit(OperatorRead)
def show_client_that_we_read(event: OperatorRead) -> None:
    """Most channels can't show it: no thread is begun for those."""
    kind = Channel.objects.values_list("kind", flat=True).get(dialogs=event.dialog_id)
    if connector_for(kind).capabilities.read_out:
        later(partial(show_read, dialog_id=event.dialog_id))
