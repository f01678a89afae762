"""The public addresses of the room."""

from django.urls import path

from mediation.chamber import views

app_name = "chamber"
urlpatterns = [
    path("", views.people, name="people"),
    path("<int:pk>/", views.person, name="person"),
    path("ask/", views.ask, name="ask"),
    path("aid/", views.aid, name="aid"),
    path("matter/", views.matter, name="matter"),
    path("matter/leave/", views.leave, name="leave"),
    path("matter/say/", views.say, name="say"),
    path("matter/files/<int:pk>/", views.file, name="file"),
    path("matter/book/", views.book, name="book"),
    path("matter/confirm/", views.confirm, name="confirm"),
    path("matter/cancel/", views.cancel, name="cancel"),
]
