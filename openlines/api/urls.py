from django.urls import path

from openlines.api import console, dialogs, line_groups, line_lifecycle, lines, people, queue_members, texts

urlpatterns = [
    path("console/", console.ConsoleView.as_view()),
    path("console/sync/", console.SyncView.as_view()),
    path("operators/", console.OperatorsView.as_view()),
    path("attachments/", console.AttachmentsView.as_view()),
    path("dialogs/", dialogs.DialogListView.as_view()),
    path("dialogs/<int:dialog_id>/", dialogs.DialogView.as_view()),
    path("dialogs/<int:dialog_id>/messages/", dialogs.DialogMessagesView.as_view()),
    path("dialogs/<int:dialog_id>/finish/", dialogs.FinishView.as_view()),
    path("dialogs/<int:dialog_id>/pin/", dialogs.PinView.as_view()),
    path("dialogs/<int:dialog_id>/read/", dialogs.ReadView.as_view()),
    path("dialogs/<int:dialog_id>/lead/", dialogs.DialogLeadView.as_view()),
    path("messages/<int:message_id>/", dialogs.MessageView.as_view()),
    path("messages/<int:message_id>/retry/", dialogs.RetryView.as_view()),
    path("clients/", people.ClientListView.as_view()),
    path("clients/<int:client_id>/", people.ClientView.as_view()),
    path("leads/", people.LeadListView.as_view()),
    path("leads/<int:lead_id>/", people.LeadView.as_view()),
    path("me/", people.MeView.as_view()),
    path("line-groups/", line_groups.LineGroupListView.as_view()),
    path("line-groups/<int:group_id>/", line_groups.LineGroupView.as_view()),
    path("lines/", lines.LineListView.as_view()),
    path("lines/<int:line_id>/", lines.LineView.as_view()),
    path("lines/<int:line_id>/copy/", line_lifecycle.LineCopyView.as_view()),
    path("lines/<int:line_id>/archive/", line_lifecycle.LineArchiveView.as_view()),
    path("lines/<int:line_id>/restore/", line_lifecycle.LineRestoreView.as_view()),
    path("lines/<int:line_id>/queue-members/", queue_members.QueueMembersView.as_view()),
    path("lines/<int:line_id>/texts/preview/", texts.TextPreviewView.as_view()),
]
