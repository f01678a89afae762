"""The disputes' addresses."""

from django.urls import path

from mediation.views import intake
from mediation.views.case import DOORS

app_name = "mediation"
urlpatterns = [
    path("register/", intake.register, name="register"),
    *DOORS.urls(),
]
