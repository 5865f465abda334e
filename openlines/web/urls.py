from django.urls import path

from openlines.web import app, clients, emoji, files, lead, leads, line_groups, topics, views

urlpatterns = [
    path("", views.console, name="console"),
    path("dialogs/<int:dialog_id>/", views.console, name="console-dialog"),
    path("sw.js", app.service_worker, name="service-worker"),
    path("manifest.webmanifest", app.manifest, name="manifest"),
    path("offline/", app.offline, name="offline"),
    path("emoji.json", emoji.emoji, name="emoji"),
    path("files/<uuid:attachment_id>/", files.attachment, name="file"),
    path("files/clients/<int:client_id>/", files.client_photo, name="client-photo"),
    path("files/quick-replies/<uuid:file_id>/", files.quick_reply_file, name="quick-reply-file"),
    path("files/staff/<int:user_id>/", files.staff_photo, name="staff-photo"),
    path("settings/line-groups/", line_groups.line_groups, name="line-groups"),
    path("settings/line-groups/new/", line_groups.new_line_group, name="line-group-new"),
    path("settings/line-groups/<int:group_id>/", line_groups.line_group, name="line-group"),
    path("settings/line-groups/<int:group_id>/remove/", line_groups.line_group_removed, name="line-group-remove"),
    path("settings/topics/", topics.topics, name="topics"),
    path("settings/topics/add/", topics.new_topic, name="topic-new"),
    path("settings/topics/order/", topics.topic_order, name="topic-order"),
    path("settings/topics/<int:topic_id>/", topics.topic, name="topic"),
    path("settings/topics/<int:topic_id>/remove/", topics.topic_removed, name="topic-remove"),
    path("crm/leads/", leads.leads, name="leads"),
    path("crm/leads/new/", leads.new_lead, name="lead-new"),
    path("crm/leads/<int:lead_id>/", lead.lead, name="lead"),
    path("crm/leads/<int:lead_id>/stage/", lead.lead_stage, name="lead-stage"),
    path("crm/leads/<int:lead_id>/side/", lead.lead_side, name="lead-side"),
    path("crm/clients/", clients.clients, name="clients"),
    path("crm/clients/<int:client_id>/", clients.client, name="client"),
    path("crm/clients/<int:client_id>/side/", clients.client_side, name="client-side"),
]
