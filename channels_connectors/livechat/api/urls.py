from django.urls import path

from channels_connectors.livechat.api import views

urlpatterns = [
    path("session/", views.SessionView.as_view(), name="visitor-session"),
    path("messages/", views.MessagesView.as_view(), name="visitor-messages"),
    path("finish/", views.FinishView.as_view(), name="visitor-finish"),
    path("rating/", views.RatingView.as_view(), name="visitor-rating"),
    path("files/", views.FilesView.as_view(), name="visitor-files"),
    path("files/<uuid:file_id>/", views.FileView.as_view(), name="visitor-file"),
    path("receipts/", views.ReceiptsView.as_view(), name="visitor-receipts"),
]
