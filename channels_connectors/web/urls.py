from django.urls import path

from channels_connectors.custom import web as custom
from channels_connectors.sandbox import views as sandbox
from channels_connectors.web import (
    channel_list,
    channel_logs,
    channels,
    connect,
    line_actions,
    lines,
    public_media,
    trace,
)

urlpatterns = [
    path("settings/lines/", lines.line_list, name="lines"),
    path("settings/lines/new/", lines.new_line, name="line-new"),
    path("settings/lines/queue-row/", lines.queue_row, name="queue-row"),
    path("settings/lines/<int:line_id>/", lines.line, name="line"),
    path("settings/lines/<int:line_id>/copy/", line_actions.line_copy, name="line-copy"),
    path("settings/lines/<int:line_id>/archive/", line_actions.line_archive, name="line-archive"),
    path("settings/lines/<int:line_id>/restore/", line_actions.line_restore, name="line-restore"),
    path("settings/lines/<int:line_id>/connect/<slug:kind>/", connect.connect, name="connect"),
    path("settings/channels/", channel_list.channel_list, name="channels"),
    path("settings/channels/check/<slug:kind>/", connect.check_values, name="check-values"),
    path("settings/channels/<int:channel_id>/", channels.channel, name="channel"),
    path("settings/channels/<int:channel_id>/test/", connect.channel_test, name="channel-test"),
    path("settings/channels/<int:channel_id>/arrived/", connect.channel_arrived, name="channel-arrived"),
    path("settings/channels/<int:channel_id>/token/", channels.channel_token, name="channel-token"),
    path("settings/channels/<int:channel_id>/secret/", custom.new_secret, name="custom-secret"),
    path("settings/channels/<int:channel_id>/drop-secret/", custom.drop_secret, name="custom-drop-secret"),
    path("settings/channels/<int:channel_id>/partner-page/", custom.partner_page, name="custom-partner-page"),
    path("settings/channels/<int:channel_id>/move/", channels.channel_move, name="channel-move"),
    path("settings/channels/<int:channel_id>/details/", channels.channel_details, name="channel-details"),
    path("settings/channels/<int:channel_id>/events/", channel_logs.channel_events, name="channel-events"),
    path("settings/channels/<int:channel_id>/events/<int:event_id>/", channel_logs.channel_event, name="channel-event"),
    path(
        "settings/channels/<int:channel_id>/events/<int:event_id>/replay/",
        channel_logs.event_replay,
        name="event-replay",
    ),
    path("settings/channels/<int:channel_id>/deliveries/", channel_logs.channel_deliveries, name="channel-deliveries"),
    path(
        "settings/channels/<int:channel_id>/deliveries/<int:delivery_id>/retry/",
        channel_logs.delivery_retry,
        name="delivery-retry",
    ),
    path("settings/messages/<int:message_id>/trace/", trace.message_trace, name="message-trace"),
    path("settings/channels/<int:channel_id>/<slug:action>/", channels.channel_action, name="channel-action"),
    path("media/<str:signed>/<str:name>", public_media.public_media, name="public-media"),
    path("sandbox/", sandbox.index, name="sandboxes"),
    path("sandbox/<int:channel_id>/", sandbox.page, name="sandbox"),
    path("sandbox/<int:channel_id>/state/", sandbox.state, name="sandbox-state"),
    path("sandbox/<int:channel_id>/messages/", sandbox.write, name="sandbox-messages"),
    path("sandbox/<int:channel_id>/files/", sandbox.upload, name="sandbox-files"),
]
