from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config import health

api: list[URLPattern | URLResolver] = [
    path("", include("crm.api.urls")),
    path("", include("openlines.api.urls")),
    path("", include("routing.api.urls")),
    path("", include("channels_connectors.api.urls")),
    path("", include("stats.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
]

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("api/v1/", include(api)),
    path("admin/", admin.site.urls),
    path("", include("crm.web.urls")),
    path("", include("openlines.web.urls")),
    path("", include("routing.web.urls")),
    path("", include("channels_connectors.web.urls")),
    path("", include("channels_connectors.livechat.web.urls")),
    path("", include("stats.web.urls")),
]
