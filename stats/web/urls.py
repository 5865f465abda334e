from django.urls import path

from stats.web import lines_today, views

urlpatterns = [
    path("stats/", views.today, name="stats"),
    path("stats/lines/today/", lines_today.lines_today, name="lines-today"),
]
