"""The audit log over the API."""

from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework.generics import ListAPIView

from common.api.requests import integer_or_none, text_or_empty
from common.errors import InvalidInput
from crm.api.permissions import IsAdministrator
from crm.audit_log import AuditFilter, audit_entries
from crm.models import AuditEntry

FILTERS = [
    OpenApiParameter("search", str, description="In who, what, and the values before and after."),
    OpenApiParameter("actor", int, description="Changes by this member of staff."),
    OpenApiParameter("kind", str, description="Changes of things of this kind: `line`, `queue`, `channel`, `user`…"),
    OpenApiParameter("since", str, description="An ISO moment: changes from then on."),
    OpenApiParameter("until", str, description="An ISO moment: changes before it."),
]


class AuditEntrySerializer(drf.ModelSerializer[AuditEntry]):
    before = drf.DictField()
    after = drf.DictField(help_text='Values that differ. A secret is `{"is_secret": true}`, never its text.')

    class Meta:
        model = AuditEntry
        fields = (
            "id", "happened_at", "actor", "actor_name", "action", "subject_kind", "subject_id", "subject_name",
            "before", "after",
        )  # fmt: skip


class AuditView(ListAPIView):
    """Every change of settings, newest first."""

    permission_classes = (IsAdministrator,)
    serializer_class = AuditEntrySerializer
    queryset = AuditEntry.objects.none()

    @extend_schema(operation_id="audit_list", parameters=FILTERS)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        return super().get(*args, **kwargs)

    def get_queryset(self) -> Any:
        query = self.request.query_params
        return audit_entries(
            AuditFilter(
                search=text_or_empty(query, "search"),
                actor_id=integer_or_none(query, "actor"),
                kind=text_or_empty(query, "kind"),
                since=_moment(query.get("since", ""), "since"),
                until=_moment(query.get("until", ""), "until"),
            )
        )


def _moment(text: str, name: str) -> Any:
    """Raises ``InvalidInput`` for anything that is no moment; one without a zone is the installation's."""
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise InvalidInput(fields={name: [_("Enter a moment like 2026-11-25T12:00:00Z.")]})
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
