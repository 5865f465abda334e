"""What was said: lines, channels, chats, dialogs, messages, timers."""

from openlines.models.dialog import Chat, Dialog
from openlines.models.line import Channel, Line, LineGroup, QueueEntry, QueueMember
from openlines.models.message import Attachment, Message
from openlines.models.timer import Timer

__all__ = [
    "Attachment",
    "Channel",
    "Chat",
    "Dialog",
    "Line",
    "LineGroup",
    "Message",
    "QueueEntry",
    "QueueMember",
    "Timer",
]
