"""What routing knows of a line, for its copy: the rules of its queue, its hours."""

from django.db import transaction
from django.db.models import Model

from routing.models import Queue, Schedule, SpecialDay


@transaction.atomic
def copy_rules_and_hours(*, from_line_id: int, line_id: int) -> None:
    """The copy has a queue and hours of its own already; they become like those of the line it was made after."""
    _make_alike(Queue.objects.get(line_id=from_line_id), Queue.objects.get(line_id=line_id))
    hours = Schedule.objects.filter(line_id=from_line_id).first()
    if hours is None:
        return
    copy = Schedule.objects.get(line_id=line_id)
    _make_alike(hours, copy)
    days = SpecialDay.objects.filter(schedule=hours).values("date", "is_yearly", "name", "intervals")
    SpecialDay.objects.bulk_create(SpecialDay(schedule=copy, **day) for day in days)


def _make_alike(model: Model, copy: Model) -> None:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key and field.name != "line"]
    for field in fields:
        setattr(copy, field.attname, getattr(model, field.attname))
    copy.save(update_fields=[field.name for field in fields])
