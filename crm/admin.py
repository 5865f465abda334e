from typing import ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.back_room import KeptAsItWas
from crm.models import (
    AccessToken,
    AuditEntry,
    Client,
    ClientMerge,
    Identity,
    IdentityAlias,
    Lead,
    LeadSource,
    LeadStage,
    StaffGroup,
    Tag,
    User,
)


@admin.register(User)
class StaffAdmin(UserAdmin):
    """Who may do what is changed on the page of staff and roles: there the last administrator can't be lost, and
    dialogs of who leaves go on."""

    list_display = ("username", "first_name", "last_name", "role", "presence", "is_active", "last_login")
    list_filter = ("role", "is_active", "presence")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "photo")}),
        (_("Access"), {"fields": ("role", "is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Preferences"), {"fields": ("theme", "density", "language")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("role", "is_active", "is_staff", "is_superuser", "last_login", "date_joined")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(StaffGroup)
class StaffGroupAdmin(KeptAsItWas):
    """Queues follow their groups, which is why groups are changed on the page of staff."""

    list_display = ("name",)


@admin.register(AuditEntry)
class AuditEntryAdmin(KeptAsItWas):
    list_display = ("id", "happened_at", "actor_name", "action", "subject_kind", "subject_name")
    list_filter = ("subject_kind", "action")
    search_fields = ("actor_name", "subject_name")


@admin.register(AccessToken)
class AccessTokenAdmin(KeptAsItWas):
    list_display = ("user", "name", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    exclude = ("digest",)


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin):
    list_display = ("id", "name", "is_anonymous", "is_reachable", "responsible", "created_at")
    list_select_related = ("responsible",)
    search_fields = ("name", "identities__value")
    raw_id_fields = ("responsible",)


@admin.register(IdentityAlias)
class IdentityAliasAdmin(admin.ModelAdmin):
    list_display = ("value", "identity", "scope")
    list_select_related = ("identity",)


@admin.register(Identity)
class IdentityAdmin(admin.ModelAdmin):
    list_display = ("id", "client", "kind", "scope", "value", "last_seen_at")
    list_select_related = ("client",)
    list_filter = ("kind",)
    search_fields = ("value", "title")
    raw_id_fields = ("client",)


@admin.register(ClientMerge)
class ClientMergeAdmin(KeptAsItWas):
    list_display = ("id", "kept", "absorbed", "merged_by", "merged_at", "undone_at")
    list_select_related = ("kept", "absorbed", "merged_by")


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("id", "name", "color")


@admin.register(LeadSource)
class LeadSourceAdmin(admin.ModelAdmin):
    search_fields = ("name",)


@admin.register(LeadStage)
class LeadStageAdmin(admin.ModelAdmin):
    list_display = ("position", "name", "kind")


@admin.register(Lead)
class LeadAdmin(admin.ModelAdmin):
    list_display = ("id", "title", "client", "stage", "source", "responsible", "created_at")
    list_select_related: ClassVar = ["client", "stage", "source", "responsible"]
    list_filter = ("stage", "source")
    search_fields = ("title",)
    raw_id_fields = ("client", "responsible")
