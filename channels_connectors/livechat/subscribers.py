"""How visitors hear of their conversation. Hints only: what was missed they ask for."""

from django.utils import timezone

from channels_connectors.livechat.connector import LiveChat
from channels_connectors.livechat.presenters import COLUMNS, PUBLIC, public_dialogs, public_messages, public_revision
from channels_connectors.livechat.streams import visitor_stream
from channels_connectors.livechat.widgets import widget_of
from common.events import after_commit
from crm.models import User
from openlines.changes import send_frame
from openlines.events import DialogChanged, DialogClosed, OperatorRead, OperatorTyped
from openlines.models import Dialog, Message


@after_commit(DialogChanged)
def show_changed_messages_to_visitor(event: DialogChanged) -> None:
    if event.channel_kind == LiveChat.kind:
        _show(event.dialog_id, since=event.from_revision)


@after_commit(OperatorRead)
def show_visitor_that_we_read(event: OperatorRead) -> None:
    _show_state(event.dialog_id)


@after_commit(DialogClosed)
def show_visitor_that_we_finished(event: DialogClosed) -> None:
    _show_state(event.dialog_id)


@after_commit(OperatorTyped)
def show_visitor_that_we_type(event: OperatorTyped) -> None:
    dialog = _dialog(event.dialog_id)
    if dialog is not None:
        operator = User.objects.get(pk=event.operator_id)
        send_frame({"type": "typing", "name": operator.get_full_name()}, to=[_stream(dialog)])


def _show(dialog_id: int, *, since: int) -> None:
    """The public messages that changed after a revision; nothing is sent when there are none."""
    dialog = _dialog(dialog_id)
    if dialog is None:
        return
    changed = Message.objects.filter(PUBLIC, dialog=dialog, revision__gt=since).order_by("id").values(*COLUMNS)
    messages = public_messages(changed, key=widget_of(dialog.channel).key, now=timezone.now())
    if messages:
        _send(dialog, since=since, messages=messages)


def _show_state(dialog_id: int) -> None:
    dialog = _dialog(dialog_id)
    if dialog is not None:
        _send(dialog, since=dialog.revision, messages=[])


def _send(dialog: Dialog, *, since: int, messages: list[dict[str, object]]) -> None:
    frame = {
        "type": "chat.changed",
        "from_revision": public_revision(dialog.pk, up_to=since),
        "dialog": public_dialogs(Dialog.objects.filter(pk=dialog.pk))[0],
        "messages": messages,
    }
    send_frame(frame, to=[_stream(dialog)])


def _dialog(dialog_id: int) -> Dialog | None:
    """The dialog if it is one of a website chat."""
    dialogs = Dialog.objects.select_related("chat", "channel__account", "channel__line")
    return dialogs.filter(pk=dialog_id, channel__kind=LiveChat.kind).first()


def _stream(dialog: Dialog) -> str:
    return visitor_stream(dialog.channel_id, dialog.chat.external_id)
