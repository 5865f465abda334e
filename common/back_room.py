"""Django's own admin as the back room: everything can be looked at, history can't be rewritten."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class KeptAsItWas(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that the product writes: a change here would reach no screen and no provider."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
