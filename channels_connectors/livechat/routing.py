from django.urls import path

from channels_connectors.livechat.realtime.consumers import VisitorConsumer

websocket_urlpatterns = [path("ws/chat/<slug:key>/", VisitorConsumer.as_asgi())]
