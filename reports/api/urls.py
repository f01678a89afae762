"""The addresses of figures under /api/v1/."""

from django.urls import path

from reports.api import views

app_name = "api-reports"
urlpatterns = [
    path("measures/", views.Measures.as_view(), name="measures"),
    path("figures/", views.Figures.as_view(), name="figures"),
]
