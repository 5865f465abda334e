from django.urls import include, path

from channels_connectors.api import kinds, raw_events, templates, trace, views

urlpatterns = [
    path("", include("channels_connectors.custom.api.urls")),
    path("channel-kinds/", kinds.ChannelKindsView.as_view()),
    path("channels/", views.ChannelListView.as_view()),
    path("channels/<int:channel_id>/", views.ChannelView.as_view()),
    path("messages/<int:message_id>/trace/", trace.MessageTraceView.as_view()),
    path("channels/<int:channel_id>/credentials/", views.ChannelCredentialsView.as_view()),
    path("channels/<int:channel_id>/check/", views.ChannelCheckView.as_view()),
    path("channels/<int:channel_id>/provider-entries/", views.ProviderEntriesView.as_view()),
    path("channels/<int:channel_id>/raw-events/", raw_events.RawEventsView.as_view()),
    path("channels/<int:channel_id>/templates/", templates.ChannelTemplatesView.as_view()),
    path("dialogs/<int:dialog_id>/templates/", templates.DialogTemplatesView.as_view()),
    path("raw-events/<int:event_id>/", raw_events.RawEventView.as_view()),
    path("raw-events/<int:event_id>/replay/", raw_events.ReplayView.as_view()),
]
