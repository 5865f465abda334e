from django.urls import path

from channels_connectors.api import kinds, views

urlpatterns = [
    path("channel-kinds/", kinds.ChannelKindsView.as_view()),
    path("channels/", views.ChannelListView.as_view()),
    path("channels/<int:channel_id>/", views.ChannelView.as_view()),
]
