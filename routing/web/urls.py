from django.urls import path

from routing.web import absences, queue_now

urlpatterns = [
    path("settings/staff/<int:member_id>/absences/", absences.absences, name="staff-absences"),
    path("settings/staff/absences/<int:absence_id>/remove/", absences.absence_removed, name="absence-remove"),
    path("lines/queue/", queue_now.first_queue, name="queues"),
    path("lines/<int:line_id>/queue/", queue_now.queue, name="queue"),
    path("lines/<int:line_id>/queue/<int:dialog_id>/vip/", queue_now.mark_important, name="queue-vip"),
]
