from django.urls import path

from routing.web import absences

urlpatterns = [
    path("settings/staff/<int:member_id>/absences/", absences.absences, name="staff-absences"),
    path("settings/staff/absences/<int:absence_id>/remove/", absences.absence_removed, name="absence-remove"),
]
