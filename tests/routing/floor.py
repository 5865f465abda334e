"""What the database says of a shift, read without the product's own queries, and the rules once more in other words."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from crm.models import User
from openlines.models import Dialog, QueueMember, Timer
from routing.models import Offer, Queue

FILLS_A_PLACE = {
    "UNTIL_ANSWERED": lambda dialog: dialog.first_replied_at is None,
    "WHILE_CLIENT_WAITS": lambda dialog: dialog.waiting_since is not None,
    "UNTIL_CLOSED": lambda _dialog: True,
}


@dataclass
class Floor:
    rules: dict[int, Queue]
    people: dict[int, User]
    members: dict[int, list[QueueMember]]
    dialogs: list[Dialog]
    pending: list[Offer]
    deadlines: dict[int, datetime]
    here: Counter[tuple[int, int]] = field(default_factory=Counter)
    everywhere: Counter[int] = field(default_factory=Counter)
    given: set[int] = field(default_factory=set)

    @classmethod
    def read(cls) -> "Floor":
        members = defaultdict(list)
        for member in QueueMember.objects.order_by("line_id", "position"):
            members[member.line_id].append(member)
        floor = cls(
            rules={queue.line_id: queue for queue in Queue.objects.select_related("line__schedule")},
            people={user.pk: user for user in User.objects.prefetch_related("staff_groups")},
            members=members,
            dialogs=list(Dialog.objects.exclude(state="CLOSED").order_by("ranked_at", "pk")),
            pending=list(Offer.objects.filter(outcome="PENDING").select_related("dialog")),
            deadlines=dict(Timer.objects.filter(kind="offer").values_list("dialog_id", "due_at")),
        )
        for offer in floor.pending:
            floor.fill(offer.operator_id, offer.dialog.line_id)
        for dialog in floor.dialogs:
            rule = FILLS_A_PLACE[floor.rules[dialog.line_id].place_rule]
            if dialog.owner_id is not None and dialog.closing_at is None and rule(dialog):
                floor.fill(dialog.owner_id, dialog.line_id)
        return floor

    def fill(self, operator_id: int, line_id: int) -> None:
        self.here[operator_id, line_id] += 1
        self.everywhere[operator_id] += 1

    def works(self, line_id: int) -> bool:
        """The line is switched on, and it is day where it has hours."""
        line = self.rules[line_id].line
        return line.is_active and (not line.schedule.is_enabled or 9 <= timezone.now().hour < 18)

    def waiting(self, line_id: int, group_id: int | None) -> list[Dialog]:
        """Whoever waits longest, by the rank of each, first."""
        return [d for d in self.dialogs if (d.line_id, d.group_id, d.state) == (line_id, group_id, "QUEUED")]

    def candidates(self, dialog: Dialog) -> list[int]:
        """Those to whom the queue may give it, there or not, in their order."""
        if dialog.group_id is None:
            return [m.operator_id for m in self.members[dialog.line_id] if self.people[m.operator_id].is_active]
        return [
            user.pk
            for user in self.people.values()
            if user.works_with_clients and dialog.group_id in {group.pk for group in user.staff_groups.all()}
        ]

    def able(self, dialog: Dialog) -> list[int]:
        return [pk for pk in self.candidates(dialog) if self.may_have(pk, dialog.line_id)]

    def may_have(self, operator_id: int, line_id: int) -> bool:
        """The line may offer the operator one more dialog now."""
        return self._is_there(operator_id, line_id) and self._has_place(operator_id, line_id)

    def _is_there(self, operator_id: int, line_id: int) -> bool:
        queue, user = self.rules[line_id], self.people[operator_id]
        is_at_work = user.working_day == "STARTED" and not user.is_paused
        return (
            (not queue.checks_absence or not user.is_absent)
            and (not queue.checks_working_day or is_at_work)
            and (not queue.checks_presence or user.presence == "ONLINE")
        )

    def _has_place(self, operator_id: int, line_id: int) -> bool:
        limits = [m.dialog_limit for m in self.members[line_id] if m.operator_id == operator_id]
        own_limit = self.people[operator_id].dialog_limit
        return all(_leaves_room(limit, self.here[operator_id, line_id]) for limit in limits) and _leaves_room(
            own_limit, self.everywhere[operator_id]
        )

    def offers_of(self, dialog: Dialog) -> list[int]:
        return sorted(offer.operator_id for offer in self.pending if offer.dialog_id == dialog.pk)


def _leaves_room(limit: int | None, taken: int) -> bool:
    return limit is None or taken < limit


def tried_in(dialog_id: int, number: int) -> set[int]:
    """Who had this dialog in this round."""
    return set(Offer.objects.filter(dialog_id=dialog_id, round=number).values_list("operator_id", flat=True))


def had_last(dialog: Dialog) -> set[int]:
    """To whom this dialog was offered last, of the rounds that count."""
    offers = Offer.objects.filter(dialog=dialog, round__gte=dialog.first_round).order_by("-offered_at")
    moments = list(offers.values_list("operator_id", "offered_at"))
    return {operator_id for operator_id, moment in moments if moment == moments[0][1]}


def first(numbers: Iterable[int]) -> list[int]:
    return list(numbers)[:1]
