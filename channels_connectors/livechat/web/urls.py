from django.urls import include, path

from channels_connectors.livechat.web import loader, views

urlpatterns = [
    path("chat/<slug:key>/", views.page, name="chat-page"),
    path("chat/<slug:key>/panel/", views.panel, name="chat-panel"),
    path("chat/<slug:key>/loader.js", loader.loader, name="chat-loader"),
    path("chat/<slug:key>/", include("channels_connectors.livechat.api.urls")),
    path("line/<slug:line_key>/", views.page_of_line, name="line-page"),
]
