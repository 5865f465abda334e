from django.urls import path

from openlines.web import files, views

urlpatterns = [
    path("", views.console, name="console"),
    path("dialogs/<int:dialog_id>/", views.console, name="console-dialog"),
    path("files/<uuid:attachment_id>/", files.attachment, name="file"),
    path("files/clients/<int:client_id>/", files.client_photo, name="client-photo"),
    path("files/staff/<int:user_id>/", files.staff_photo, name="staff-photo"),
]
