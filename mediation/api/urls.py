"""The addresses of disputes under /api/v1/."""

from django.urls import path

from casework.api import act_views
from mediation.api import corps, pay, room, screening, views
from mediation.api.acts import ACTS
from mediation.rules import CODE

app_name = "api-disputes"
urlpatterns = [
    path("screening/rounds/", screening.ScreeningRounds.as_view(), name="screening-rounds"),
    path("screening/rounds/<int:pk>/report/", screening.ScreeningReport.as_view(), name="screening-report"),
    *corps.urlpatterns,
    *pay.urlpatterns,
    *room.urlpatterns,
    path("disputes/", views.DisputeList.as_view(), name="disputes"),
    path("disputes/<str:number>/", views.DisputeOne.as_view(), name="dispute"),
    path("disputes/<str:number>/timeline/", views.DisputeTimeline.as_view(), name="timeline"),
    *(path(f"disputes/<str:number>/{code}/", view, name=code) for code, view in act_views(CODE, ACTS, views.ANSWER).items()),
]
