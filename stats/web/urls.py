from django.urls import path

from stats.web import views

urlpatterns = [
    path("stats/", views.today, name="stats"),
]
