from django.urls import path

from routing.api import decisions, handovers, hours, views, waiting

urlpatterns = [
    path("dialogs/<int:dialog_id>/answer/", views.AnswerView.as_view()),
    path("dialogs/<int:dialog_id>/skip/", views.SkipView.as_view()),
    path("dialogs/<int:dialog_id>/transfer/", handovers.TransferView.as_view()),
    path("dialogs/<int:dialog_id>/return/", handovers.ReturnView.as_view()),
    path("dialogs/<int:dialog_id>/take-over/", handovers.TakeOverView.as_view()),
    path("dialogs/<int:dialog_id>/decisions/", decisions.DecisionsView.as_view()),
    path("dialogs/<int:dialog_id>/transfer-targets/", handovers.TransferTargetsView.as_view()),
    path("dialogs/<int:dialog_id>/waiting/", waiting.WaitingView.as_view()),
    path("lines/<int:line_id>/queue/", views.QueueView.as_view()),
    path("lines/<int:line_id>/hours/", hours.HoursView.as_view()),
    path("holiday-countries/", hours.HolidayCountriesView.as_view()),
    path("presence/", views.PresenceView.as_view()),
]
