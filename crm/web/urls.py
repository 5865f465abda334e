from django.urls import path

from crm.web import login

urlpatterns = [
    path("login/", login.SignIn.as_view(), name="login"),
    path("logout/", login.SignOut.as_view(), name="logout"),
]
