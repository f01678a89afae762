"""The addresses of /api/v1/."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from casework.api import act_views
from petitions.api import supervision, views
from petitions.api.acts import ACTS
from petitions.rules import KIND

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("categories/", views.Categories.as_view(), name="categories"),
    path("areas/", views.Areas.as_view(), name="areas"),
    path("units/", views.Units.as_view(), name="units"),
    path("petitions/", views.PetitionList.as_view(), name="petitions"),
    path("petitions/<str:number>/", views.PetitionOne.as_view(), name="petition"),
    path("petitions/<str:number>/timeline/", views.PetitionTimeline.as_view(), name="timeline"),
    path("petitions/<str:number>/supervision/", supervision.PetitionLed.as_view(), name="supervision"),
    *(path(f"petitions/<str:number>/{code}/", view, name=code) for code, view in act_views(KIND.code, ACTS, views.ANSWER).items()),
]
