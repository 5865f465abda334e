from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from channels_connectors.logs import body_in_words
from channels_connectors.models import (
    Account,
    Delivery,
    DeliveryReport,
    MessageTemplate,
    ParkedReceipt,
    RawEvent,
    Refusal,
)
from common.back_room import KeptAsItWas


@admin.register(Account)
class AccountAdmin(KeptAsItWas):
    """Secrets and what opens a door stay out of sight, encrypted or not."""

    list_display = ("channel", "inbound", "base_url", "paused_until")
    list_select_related = ("channel",)
    fields = ("channel", "inbound", "base_url", "polled_by", "polled_until", "paused_until")


@admin.register(RawEvent)
class RawEventAdmin(KeptAsItWas):
    list_display = ("id", "channel", "key", "state", "attempts", "due_at", "received_at")
    list_select_related = ("channel",)
    list_filter = ("state",)
    fields = ("channel", "key", "state", "attempts", "due_at", "error", "received_at", "content")
    readonly_fields = ("content",)
    show_full_result_count = False

    @admin.display(description=_("content"))
    def content(self, event: RawEvent) -> SafeString:
        return format_html("<pre>{}</pre>", body_in_words(event, event.channel.account))


@admin.register(Delivery)
class DeliveryAdmin(KeptAsItWas):
    list_display = ("id", "message", "channel", "action", "state", "attempts", "due_at", "finished_at")
    list_select_related = ("message", "channel")
    list_filter = ("state", "action")
    show_full_result_count = False


@admin.register(DeliveryReport)
class DeliveryReportAdmin(KeptAsItWas):
    list_display = ("id", "message", "state", "at")
    list_select_related = ("message",)
    list_filter = ("state",)
    show_full_result_count = False


@admin.register(ParkedReceipt)
class ParkedReceiptAdmin(KeptAsItWas):
    list_display = ("id", "channel", "external_id", "state", "at")
    list_select_related = ("channel",)
    list_filter = ("state",)


@admin.register(MessageTemplate)
class MessageTemplateAdmin(KeptAsItWas):
    list_display = ("name", "language", "channel", "state", "synced_at")
    list_select_related = ("channel",)
    list_filter = ("state",)


@admin.register(Refusal)
class RefusalAdmin(KeptAsItWas):
    list_display = ("day", "channel", "reason", "number", "last_at")
    list_select_related = ("channel",)
    list_filter = ("reason",)
