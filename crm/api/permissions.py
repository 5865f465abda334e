from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from crm.current import staff


class WorksWithClients(BasePermission):
    """Staff with a role. What exactly they see is decided per row, see ``openlines.access``."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user.is_authenticated and request.user.works_with_clients)


class IsAdministrator(WorksWithClients):
    def has_permission(self, request: Request, view: Any) -> bool:
        return super().has_permission(request, view) and staff(request).is_administrator


class AdministratorsWrite(WorksWithClients):
    """Everyone with a role reads, only administrators change."""

    def has_permission(self, request: Request, view: Any) -> bool:
        allowed = super().has_permission(request, view)
        return allowed and (request.method in SAFE_METHODS or staff(request).is_administrator)
