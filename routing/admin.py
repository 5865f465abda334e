from django.contrib import admin

from common.back_room import KeptAsItWas
from routing.models import (
    Absence,
    Break,
    Connection,
    Decision,
    Offer,
    Queue,
    Schedule,
    SpecialDay,
    Turn,
    WorkShift,
)


@admin.register(Queue)
class QueueAdmin(admin.ModelAdmin):
    list_display = ("line", "distribution", "offer_seconds", "checks_presence", "prefers_last_operator")
    list_select_related = ("line",)
    raw_id_fields = ("line",)


@admin.register(Turn)
class TurnAdmin(KeptAsItWas):
    list_display = ("line", "operator", "accepted", "last_offered_at")
    list_select_related = ("line", "operator")


@admin.register(Offer)
class OfferAdmin(KeptAsItWas):
    list_display = ("id", "dialog", "operator", "round", "outcome", "offered_at", "ended_at")
    list_select_related = ("dialog", "operator")
    list_filter = ("outcome",)


@admin.register(Decision)
class DecisionAdmin(KeptAsItWas):
    list_display = ("id", "dialog", "outcome", "decided_at")
    list_select_related = ("dialog",)
    list_filter = ("outcome",)


@admin.register(Connection)
class ConnectionAdmin(KeptAsItWas):
    list_display = ("id", "operator", "last_seen_at")
    list_select_related = ("operator",)


@admin.register(WorkShift)
class WorkShiftAdmin(KeptAsItWas):
    list_display = ("id", "operator", "started_at", "ended_at")
    list_select_related = ("operator",)


@admin.register(Break)
class BreakAdmin(KeptAsItWas):
    list_display = ("id", "operator", "reason", "started_at", "ended_at")
    list_select_related = ("operator",)


@admin.register(Absence)
class AbsenceAdmin(KeptAsItWas):
    list_display = ("id", "operator", "kind", "first_date", "last_date")
    list_select_related = ("operator",)


@admin.register(Schedule)
class ScheduleAdmin(KeptAsItWas):
    list_display = ("line", "is_enabled", "time_zone", "country")
    list_select_related = ("line",)


@admin.register(SpecialDay)
class SpecialDayAdmin(KeptAsItWas):
    list_display = ("schedule", "date", "is_yearly", "name")
    list_select_related = ("schedule__line",)
