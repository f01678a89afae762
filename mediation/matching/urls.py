"""The room's addresses."""

from django.urls import path

from mediation.matching import views

urlpatterns = [
    path("ties/", views.ties, name="ties"),
    path("ties/new/", views.tie, name="tie-new"),
    path("ties/<int:pk>/withdraw/", views.withdraw, name="tie-withdraw"),
    path("teams/", views.teams, name="teams"),
    path("teams/<str:code>/", views.team, name="team"),
    path("teams/seats/<int:pk>/end/", views.end_seat, name="team-seat-end"),
    path("<str:number>/proposals/", views.proposals, name="proposals"),
]
