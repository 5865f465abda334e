"""What was said: lines, channels, chats, dialogs, messages, timers; and what operators keep at their desks."""

from openlines.models.desk import CallBack, Draft, PushSubscription, QuickReply, QuickReplyFile
from openlines.models.dialog import Chat, Dialog, Topic
from openlines.models.line import Channel, Line, LineGroup, QueueEntry, QueueMember
from openlines.models.message import Attachment, Message
from openlines.models.rating import Rating
from openlines.models.search import SearchChange, SearchEntry, SearchState, SearchWord
from openlines.models.timer import Timer

__all__ = [
    "Attachment",
    "CallBack",
    "Channel",
    "Chat",
    "Dialog",
    "Draft",
    "Line",
    "LineGroup",
    "Message",
    "PushSubscription",
    "QueueEntry",
    "QueueMember",
    "QuickReply",
    "QuickReplyFile",
    "Rating",
    "SearchChange",
    "SearchEntry",
    "SearchState",
    "SearchWord",
    "Timer",
    "Topic",
]
