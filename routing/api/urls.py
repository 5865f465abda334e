from django.urls import path

from routing.api import absences, decisions, handovers, hours, queue_now, queues, views, waiting, working_days

urlpatterns = [
    path("dialogs/<int:dialog_id>/answer/", views.AnswerView.as_view()),
    path("dialogs/<int:dialog_id>/skip/", views.SkipView.as_view()),
    path("dialogs/<int:dialog_id>/transfer/", handovers.TransferView.as_view()),
    path("dialogs/<int:dialog_id>/return/", handovers.ReturnView.as_view()),
    path("dialogs/<int:dialog_id>/take-over/", handovers.TakeOverView.as_view()),
    path("dialogs/<int:dialog_id>/reopen/", handovers.ReopenView.as_view()),
    path("dialogs/<int:dialog_id>/decisions/", decisions.DecisionsView.as_view()),
    path("dialogs/<int:dialog_id>/transfer-targets/", handovers.TransferTargetsView.as_view()),
    path("dialogs/<int:dialog_id>/waiting/", waiting.WaitingView.as_view()),
    path("lines/<int:line_id>/queue/", queues.QueueView.as_view()),
    path("lines/<int:line_id>/queue-now/", queue_now.QueueNowView.as_view()),
    path("lines/<int:line_id>/hours/", hours.HoursView.as_view()),
    path("holiday-countries/", hours.HolidayCountriesView.as_view()),
    path("presence/", working_days.PresenceView.as_view()),
    path("working-day/", working_days.WorkingDayView.as_view()),
    path("working-day/start/", working_days.StartDayView.as_view()),
    path("working-day/pause/", working_days.PauseView.as_view()),
    path("working-day/resume/", working_days.ResumeView.as_view()),
    path("working-day/end/", working_days.EndDayView.as_view()),
    path("absences/", absences.AbsenceListView.as_view()),
    path("absences/<int:absence_id>/", absences.AbsenceView.as_view()),
]
