"""The addresses of the figures."""

from django.urls import path

from mediation.figures import views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/cases/", views.cases, name="figures-cases"),
    path("figures/export/", views.export, name="figures-export"),
]
