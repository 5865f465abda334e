from django.contrib import admin

from common.back_room import KeptAsItWas
from openlines.models import Attachment, Channel, Chat, Dialog, Line, LineGroup, Message, QueueEntry, QueueMember, Timer


@admin.register(Line)
class LineAdmin(admin.ModelAdmin):
    list_display = ("id", "name", "is_active", "access", "created_at")
    raw_id_fields = ("supervisors", "lead_source")


@admin.register(LineGroup)
class LineGroupAdmin(KeptAsItWas):
    list_display = ("name",)


@admin.register(QueueEntry)
class QueueEntryAdmin(KeptAsItWas):
    list_display = ("line", "position", "operator", "group", "dialog_limit")
    list_select_related = ("line", "operator", "group")


@admin.register(QueueMember)
class QueueMemberAdmin(KeptAsItWas):
    list_display = ("line", "position", "operator", "dialog_limit")
    list_select_related = ("line", "operator")


@admin.register(Channel)
class ChannelAdmin(KeptAsItWas):
    list_display = ("id", "name", "kind", "line", "state", "last_event_at", "last_error_at")
    list_select_related = ("line",)
    list_filter = ("kind", "state")


@admin.register(Chat)
class ChatAdmin(KeptAsItWas):
    list_display = ("id", "channel", "client", "external_id", "last_operator")
    list_select_related = ("channel", "client", "last_operator")


@admin.register(Dialog)
class DialogAdmin(KeptAsItWas):
    list_display = ("id", "line", "channel", "client", "state", "owner", "opened_at", "closed_at", "close_reason")
    list_select_related = ("line", "channel", "client", "owner")
    list_filter = ("state", "close_reason")


@admin.register(Message)
class MessageAdmin(KeptAsItWas):
    list_display = (
        "id",
        "dialog",
        "seq",
        "author_kind",
        "author",
        "visibility",
        "kind",
        "delivery_state",
        "created_at",
    )
    list_select_related = ("dialog", "author")
    show_full_result_count = False


@admin.register(Attachment)
class AttachmentAdmin(KeptAsItWas):
    list_display = ("id", "name", "kind", "state", "mime", "size", "created_at")
    exclude = ("source_reference", "uploader_key")
    show_full_result_count = False


@admin.register(Timer)
class TimerAdmin(KeptAsItWas):
    list_display = ("id", "dialog", "kind", "due_at")
    list_select_related = ("dialog",)
