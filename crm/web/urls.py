from django.urls import path

from crm.web import audit, dictionaries, login, staff, staff_groups, tags

urlpatterns = [
    path("login/", login.SignIn.as_view(), name="login"),
    path("logout/", login.SignOut.as_view(), name="logout"),
    path("settings/staff/", staff.staff_list, name="staff"),
    path("settings/staff/new/", staff.new_member, name="staff-new"),
    path("settings/staff/<int:member_id>/", staff.member, name="staff-member"),
    path("settings/staff/<int:member_id>/password/", staff.member_password, name="staff-password"),
    path("settings/staff/<int:member_id>/active/", staff.member_active, name="staff-active"),
    path("settings/staff/<int:member_id>/tokens/", staff.member_tokens, name="staff-tokens"),
    path("settings/staff/tokens/<int:token_id>/revoke/", staff.revoke, name="staff-token-revoke"),
    path("settings/staff/groups/", staff_groups.groups, name="staff-groups"),
    path("settings/staff/groups/new/", staff_groups.new_group, name="staff-group-new"),
    path("settings/staff/groups/<int:group_id>/", staff_groups.group, name="staff-group"),
    path("settings/staff/groups/<int:group_id>/remove/", staff_groups.group_removed, name="staff-group-remove"),
    path("settings/audit/", audit.audit, name="audit"),
    path("settings/crm/", dictionaries.dictionaries, name="crm-settings"),
    path("settings/crm/stages/", dictionaries.stages, name="stages"),
    path("settings/crm/stages/order/", dictionaries.stage_order, name="stage-order"),
    path("settings/crm/stages/<int:stage_id>/", dictionaries.stage, name="stage"),
    path("settings/crm/stages/<int:stage_id>/remove/", dictionaries.stage_removed, name="stage-remove"),
    path("settings/crm/sources/", dictionaries.sources, name="sources"),
    path("settings/crm/sources/<int:source_id>/", dictionaries.source, name="source"),
    path("settings/crm/sources/<int:source_id>/remove/", dictionaries.source_removed, name="source-remove"),
    path("settings/tags/", tags.tags, name="tags"),
    path("settings/tags/<int:tag_id>/", tags.tag, name="tag"),
    path("settings/tags/<int:tag_id>/remove/", tags.tag_removed, name="tag-remove"),
]
