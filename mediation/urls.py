"""The disputes' addresses."""

from django.urls import path

from mediation.views import intake, ladder
from mediation.views.case import DOORS

app_name = "mediation"
urlpatterns = [
    path("register/", intake.register, name="register"),
    path("ladder/", ladder.every, name="ladder"),
    path("ladder/<int:no>/", ladder.one, name="ladder-step"),
    *DOORS.urls(),
]
