from django.urls import path

from stats.api import views

urlpatterns = [path("me/today/", views.MyDayView.as_view())]
