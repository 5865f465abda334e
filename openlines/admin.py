from django.contrib import admin

from common.back_room import KeptAsItWas
from openlines.models import (
    Attachment,
    CallBack,
    Channel,
    Chat,
    Dialog,
    Draft,
    Line,
    LineGroup,
    Message,
    PushSubscription,
    QueueEntry,
    QueueMember,
    QuickReply,
    QuickReplyFile,
    Rating,
    SearchChange,
    SearchEntry,
    SearchState,
    SearchWord,
    Timer,
    Topic,
)


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


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ("id", "name", "line", "position", "is_active")
    list_select_related = ("line",)


@admin.register(Rating)
class RatingAdmin(KeptAsItWas):
    list_display = ("id", "dialog", "scale", "score", "rated_at", "supervisor_score")
    list_select_related = ("dialog",)


@admin.register(Draft)
class DraftAdmin(KeptAsItWas):
    list_display = ("id", "operator", "dialog", "updated_at")
    list_select_related = ("operator", "dialog")
    exclude = ("text",)


@admin.register(QuickReply)
class QuickReplyAdmin(admin.ModelAdmin):
    list_display = ("id", "title", "folder", "owner", "line", "used_count")
    list_select_related = ("owner", "line")


@admin.register(QuickReplyFile)
class QuickReplyFileAdmin(KeptAsItWas):
    list_display = ("id", "quick_reply", "name", "mime", "size")
    list_select_related = ("quick_reply",)


@admin.register(CallBack)
class CallBackAdmin(KeptAsItWas):
    list_display = ("id", "client", "operator", "phone", "due_at", "done_at")
    list_select_related = ("client", "operator")


@admin.register(PushSubscription)
class PushSubscriptionAdmin(KeptAsItWas):
    list_display = ("id", "user", "device", "created_at", "failed_at")
    list_select_related = ("user",)
    exclude = ("endpoint", "public_key", "secret")


@admin.register(SearchState)
class SearchStateAdmin(KeptAsItWas):
    list_display = ("id", "indexed_to", "history_from")


@admin.register(SearchChange)
class SearchChangeAdmin(KeptAsItWas):
    list_display = ("message",)
    list_select_related = ("message",)


@admin.register(SearchEntry)
class SearchEntryAdmin(KeptAsItWas):
    list_display = ("message", "written_at")
    list_select_related = ("message",)
    exclude = ("document",)
    show_full_result_count = False


@admin.register(SearchWord)
class SearchWordAdmin(KeptAsItWas):
    list_display = ("word", "lexeme")
    show_full_result_count = False
