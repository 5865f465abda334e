"""What a report changes, and those that come too early: on messages that have no id at the provider yet. They are
kept until the answer to the send brings it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels_connectors.models import Delivery, DeliveryReport, ParkedReceipt
from channels_connectors.registry import connector_for
from openlines.models import Channel, Chat, Dialog, Message
from openlines.services.client_side import set_reachable
from openlines.services.delivering import move_delivery

KEPT = timedelta(days=7)
FAILED = Message.Delivery.FAILED
CODES = {"BLOCKED": "BLOCKED", "WINDOW": "WINDOW"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``error_kind`` of a failure is one of ``ConnectorError``'s."""

    state: str
    external_id: str
    at: datetime
    error_kind: str = ""
    error: str = ""


def apply_report(dialog: Dialog, message: Message, report: Report, *, now: datetime) -> None:
    """Under the dialog's lock. The last part of a message speaks for all of them; a failed one as well."""
    is_last = not report.external_id or report.external_id in message.external_parts[-1:]
    if not is_last and report.state != FAILED:
        return
    error = CODES.get(report.error_kind, "PERMANENT") if report.state == FAILED else ""
    if move_delivery(dialog, message, state=report.state, error=error, is_report=True):
        note_report(message.pk, report.state, report.at)
        if report.state == FAILED:
            _note_failure(message, report, now)


def note_report(message_id: int, state: str, at: datetime) -> None:
    DeliveryReport.objects.get_or_create(message_id=message_id, state=state, defaults={"at": at})


def _note_failure(message: Message, report: Report, now: datetime) -> None:
    """A second try by hand sends what failed and all after it again."""
    sends = Delivery.objects.select_for_update().filter(message=message, action=Delivery.Action.SEND)
    delivery = sends.order_by("-pk").first()
    if delivery is not None:
        parts = delivery.sent_parts
        failed = next((place for place, ids in enumerate(parts) if report.external_id in ids), 0)
        delivery.state, delivery.error, delivery.sent_parts = Delivery.State.FAILED, report.error, parts[:failed]
        delivery.error_kind = report.error_kind or "PERMANENT"
        delivery.save(update_fields=["state", "error", "error_kind", "sent_parts"])
    if report.error_kind == "BLOCKED":
        set_reachable(Chat.objects.get(pk=message.chat_id), is_reachable=False, now=now)


def park(*, channel: Channel, report: Report) -> None:
    ParkedReceipt.objects.get_or_create(
        channel=channel, external_id=report.external_id, state=report.state,
        defaults={"at": report.at, "error_kind": report.error_kind, "error": report.error},
    )  # fmt: skip


def apply_parked(dialog: Dialog, message: Message, channel: Channel, *, now: datetime) -> None:
    """Whatever was reported before we knew the ids, by those or by our own name of a part."""
    if connector_for(channel.kind).capabilities.receipts == "none" or not message.external_parts:
        return
    ids = {f"{message.pk}.{number}": part for number, part in enumerate(message.external_parts)}
    ids |= {part: part for part in message.external_parts}
    parked = list(ParkedReceipt.objects.filter(channel=channel, external_id__in=ids).order_by("at"))
    for early in parked:
        report = Report(
            state=early.state, external_id=ids[early.external_id], at=early.at, error_kind=early.error_kind,
            error=early.error,
        )  # fmt: skip
        apply_report(dialog, message, report, now=now)
    if parked:
        ParkedReceipt.objects.filter(pk__in=[early.pk for early in parked]).delete()


def sweep_parked(*, now: datetime) -> int:
    """Nobody will ask for them any more."""
    deleted, _kinds = ParkedReceipt.objects.filter(at__lt=now - KEPT).delete()
    return deleted
