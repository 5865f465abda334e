from django.urls import path

from channels_connectors.custom.api import views

urlpatterns = [
    path("channels/<int:channel_id>/events/", views.EventsView.as_view()),
    path("channels/<int:channel_id>/files/", views.FilesView.as_view()),
    path("channels/<int:channel_id>/secret/", views.SecretView.as_view()),
    path("channels/<int:channel_id>/previous-secret/", views.PreviousSecretView.as_view()),
]
