"""The way of one message: received, stored, routed, seen; queued, sent, delivered, read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from channels_connectors.models import Delivery, DeliveryReport, RawEvent
from common.errors import NotAllowed
from crm.models import User
from openlines.access import steers, visible_message
from openlines.models import Message
from routing.models import Decision, Offer
from routing.reasons import decision_json

NEWEST = 50


@dataclass(frozen=True, slots=True)
class Step:
    """``code`` is ``WRITTEN``, ``RECEIVED``, ``STORED``, ``ROUTED``, ``OFFERED``, ``SEEN``, ``QUEUED`` or a state of a
    delivery; ``at`` is unknown where nothing keeps the moment. ``is_bad`` where it went wrong."""

    code: str
    at: datetime | None
    words: str
    detail: str = ""
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    message: Message
    steps: list[Step]


def trace_of(*, reader: User, message_id: int) -> Trace:
    """For those who steer the dialog's line. Raises ``NotFound``, ``NotAllowed``."""
    message = visible_message(reader, message_id)
    if not steers(reader, message.dialog.line_id):
        raise NotAllowed
    if message.author_kind == Message.Author.CLIENT:
        return Trace(message, [*_coming_in(message), *_routed(message), *_seen(message)])
    return Trace(message, [*_written(message), *_going_out(message)])


def _coming_in(message: Message) -> Iterator[Step]:
    yield Step("WRITTEN", message.created_at, _("The client wrote it"))
    event = RawEvent.objects.filter(pk=message.source_event_id).first() if message.source_event_id else None
    if event is not None:
        words = _("Received from the provider, event %(key)s") % {"key": event.key}
        yield Step("RECEIVED", event.received_at, words, event.error, is_bad=bool(event.error))
    words = _("Stored as message %(seq)d of dialog %(dialog)d") % {"seq": message.seq, "dialog": message.dialog_id}
    yield Step("STORED", None, words, _("Number at the provider: %(id)s") % {"id": message.external_id or "–"})


def _routed(message: Message) -> list[Step]:
    """What was decided about the dialog, and who was asked, from this message on."""
    decisions = Decision.objects.filter(dialog_id=message.dialog_id, decided_at__gte=message.created_at)
    offers = Offer.objects.filter(dialog_id=message.dialog_id, offered_at__gte=message.created_at)
    steps = [
        Step("ROUTED", decision.decided_at, str(decision_json(decision)["reason"]))
        for decision in decisions.order_by("pk")[:NEWEST]
    ]
    steps += [_offered(offer) for offer in offers.select_related("operator").order_by("pk")[:NEWEST]]
    return sorted(steps, key=lambda step: step.at or message.created_at)


def _offered(offer: Offer) -> Step:
    words = _("Put before %(operator)s") % {"operator": offer.operator.name}
    return Step("OFFERED", offer.offered_at, words, offer.get_outcome_display())


def _seen(message: Message) -> Iterator[Step]:
    dialog = message.dialog
    words = _("Pushed to the consoles as revision %(revision)d") % {"revision": message.revision}
    yield Step("PUSHED", None, words)
    if dialog.operator_read_seq >= message.seq:
        yield Step("SEEN", None, _("Seen by the operator"))


def _written(message: Message) -> Iterator[Step]:
    who = message.author.name if message.author else message.get_author_kind_display()
    yield Step("WRITTEN", message.created_at, _("Written by %(who)s") % {"who": who})
    if message.visibility == Message.Visibility.STAFF:
        yield Step("KEPT", None, _("For staff only: it never leaves"))


def _going_out(message: Message) -> Iterator[Step]:
    for delivery in Delivery.objects.filter(message=message).order_by("pk")[:NEWEST]:
        yield from _delivered(delivery)
    for report in DeliveryReport.objects.filter(message=message).exclude(state=Message.Delivery.SENT).order_by("at"):
        is_bad = report.state in {Message.Delivery.FAILED, Message.Delivery.UNKNOWN}
        yield Step(report.state, report.at, report.get_state_display(), is_bad=is_bad)


def _delivered(delivery: Delivery) -> Iterator[Step]:
    yield Step("QUEUED", delivery.created_at, _("Queued: %(action)s") % {"action": delivery.get_action_display()})
    tries = _("Tries: %(number)d") % {"number": delivery.attempts}
    if delivery.state == Delivery.State.QUEUED:
        yield Step("WAITS", delivery.due_at, _("Waits for its next try"), _joined(tries, delivery.error))
        return
    is_bad = delivery.state in {Delivery.State.FAILED, Delivery.State.UNKNOWN}
    ids = ", ".join(part for parts in delivery.sent_parts for part in parts)
    detail = _joined(tries, delivery.error or ids)
    yield Step(delivery.state, delivery.finished_at, delivery.get_state_display(), detail, is_bad=is_bad)


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)
