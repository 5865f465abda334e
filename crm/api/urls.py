from django.urls import path

from crm.api import audit, staff_groups, tags

urlpatterns = [
    path("audit/", audit.AuditView.as_view()),
    path("staff-groups/", staff_groups.StaffGroupListView.as_view()),
    path("staff-groups/<int:group_id>/", staff_groups.StaffGroupView.as_view()),
    path("tags/", tags.TagListView.as_view()),
    path("tags/<int:tag_id>/", tags.TagView.as_view()),
]
