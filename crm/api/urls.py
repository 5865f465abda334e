from django.urls import path

from crm.api import audit

urlpatterns = [path("audit/", audit.AuditView.as_view())]
