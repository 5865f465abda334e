"""Who answers and when: queues, offers with the reasons for every decision, working time, hours of lines."""

from routing.models.hours import Schedule, SpecialDay
from routing.models.offer import Decision, Offer
from routing.models.queue import Queue, Turn
from routing.models.working_time import Absence, Break, Connection, WorkShift

__all__ = [
    "Absence",
    "Break",
    "Connection",
    "Decision",
    "Offer",
    "Queue",
    "Schedule",
    "SpecialDay",
    "Turn",
    "WorkShift",
]
