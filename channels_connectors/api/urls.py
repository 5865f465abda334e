from django.urls import path

from channels_connectors.api import views

urlpatterns = [
    path("channels/", views.ChannelListView.as_view()),
    path("channels/<int:channel_id>/", views.ChannelView.as_view()),
]
