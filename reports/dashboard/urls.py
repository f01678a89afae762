"""Addresses of the dashboard; part of reports.urls."""

from django.urls import path

from reports.dashboard import views

urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("wall/", views.wall, name="wall"),
]
