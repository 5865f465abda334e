"""What happened in conversations. Past tense, ids only; see ``common.events`` for when handlers run."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LineCreated:
    line_id: int


@dataclass(frozen=True, slots=True)
class LineCopied:
    """A line was made after another's settings; it has a queue and hours of its own by now."""

    from_line_id: int
    line_id: int


@dataclass(frozen=True, slots=True)
class LineSwitchedOn:
    """It works again, and something may wait for that."""

    line_id: int


@dataclass(frozen=True, slots=True)
class LineArchiving:
    """A line is being put away: whatever brings it new dialogs stops now, or the whole is undone."""

    line_id: int
    administrator_id: int


@dataclass(frozen=True, slots=True)
class ChannelStateChanged:
    """A channel has trouble, is paused, or works again."""

    channel_id: int


@dataclass(frozen=True, slots=True)
class QueueMembersChanged:
    """Somebody joined or left a line's queue, or the order is another."""

    line_id: int


@dataclass(frozen=True, slots=True)
class PrioritiesChanged:
    """A line, one of its channels or a client counts more, or less, than before."""

    line_id: int | None = None
    client_id: int | None = None


@dataclass(frozen=True, slots=True)
class DialogsOpened:
    """Clients wrote and no dialog was open in these chats."""

    dialog_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DialogsReopened:
    """Clients wrote soon after the end of these dialogs, which are as new: somebody has to have them, whoever had them
    before first."""

    dialog_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DialogsContinued:
    """Clients wrote in dialogs that were open already; all of one channel. The last word of the transaction: whoever
    hears it may lock and change them."""

    channel_id: int
    dialog_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClientAppeared:
    """Somebody wrote for the first time; ``photo_reference`` is what their channel knows their picture by."""

    channel_id: int
    client_id: int
    photo_reference: str


@dataclass(frozen=True, slots=True)
class StrangersWrote:
    """Their messages carry no name, and none is known by now; they go by these ids in the channel."""

    channel_id: int
    channel_kind: str
    person_external_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChatsMoving:
    """Chats in these channels are about to belong to another client: nothing may be received there meanwhile."""

    channel_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClientWrote:
    """Messages of clients were stored; all of one channel, ids in order."""

    channel_id: int
    dialog_ids: tuple[int, ...]
    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AttachmentsAwaited:
    """Media stay with the provider until somebody fetches them."""

    channel_id: int


@dataclass(frozen=True, slots=True)
class ReplyQueued:
    """A public message waits to be delivered to the client."""

    message_id: int


@dataclass(frozen=True, slots=True)
class RepliesQueued:
    """Many such messages at once, in the order in which they were written."""

    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReplyEdited:
    message_id: int


@dataclass(frozen=True, slots=True)
class ReplyDeleted:
    message_id: int


@dataclass(frozen=True, slots=True)
class ButtonChosen:
    """The client has pressed a button below a message of ours: it is shown as pressed from now on."""

    message_id: int


@dataclass(frozen=True, slots=True)
class OperatorReplied:
    """An operator's public message was stored; whoever wrote it, the place that it may free is the owner's."""

    dialog_id: int
    operator_id: int
    owner_id: int


@dataclass(frozen=True, slots=True)
class AnsweredElsewhere:
    """Staff answered an open dialog in the provider's own app; ``owner_id`` is whose dialog it is, if anybody's."""

    dialog_id: int
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class OperatorTyped:
    dialog_id: int
    operator_id: int


@dataclass(frozen=True, slots=True)
class OperatorRead:
    """The operators' side has seen the dialog up to a message."""

    dialog_id: int


@dataclass(frozen=True, slots=True)
class DialogChanged:
    """A dialog or its messages differ from what they were at ``from_revision``. Published after commit, once per
    transaction; it may be lost, as every doorbell."""

    dialog_id: int
    channel_kind: str
    from_revision: int


@dataclass(frozen=True, slots=True)
class DialogAssigned:
    """The dialog has an owner, or another one."""

    dialog_id: int
    operator_id: int


@dataclass(frozen=True, slots=True)
class CommentModerated:
    """An operator wants a client's public comment hidden, shown again or removed: ``HIDE``, ``UNHIDE``, ``DELETE``."""

    message_id: int
    action: str


@dataclass(frozen=True, slots=True)
class DialogOffered:
    """The dialog is put before these operators, who may take it."""

    dialog_id: int
    operator_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ColleaguesInvited:
    dialog_id: int
    operator_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ColleaguesMentioned:
    """A whisper calls these colleagues by their names."""

    dialog_id: int
    operator_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DialogClosing:
    """It is finished, and closes when its grace is over unless somebody writes."""

    dialog_id: int
    operator_id: int


@dataclass(frozen=True, slots=True)
class DialogSnoozed:
    """Its operator has put it aside."""

    dialog_id: int
    operator_id: int


@dataclass(frozen=True, slots=True)
class DialogWoken:
    """It was put aside, and is back with its operator; nobody has said anything."""

    dialog_id: int


@dataclass(frozen=True, slots=True)
class DialogClosed:
    dialog_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class CallBackDue:
    """It is time for the operator to call the client."""

    call_back_id: int
    operator_id: int


@dataclass(frozen=True, slots=True)
class ConsoleOpened:
    connection_id: UUID
    operator_id: int


@dataclass(frozen=True, slots=True)
class ConsoleBeat:
    connection_id: UUID
    operator_id: int


@dataclass(frozen=True, slots=True)
class ConsoleClosed:
    connection_id: UUID
    operator_id: int
