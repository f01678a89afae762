"""The staff's addresses of the room, included by mediation.urls before the disputes' own."""

from django.urls import path

from mediation.chamber import views

urlpatterns = [
    path("room/", views.room, name="room"),
    path("room/hours/", views.week, name="room-hours"),
    path("room/files/<int:pk>/", views.room_file, name="room-file"),
    path("room/<str:number>/", views.one, name="room-one"),
    path("room/<str:number>/phone/", views.phone, name="room-phone"),
    path("room/<str:number>/code/", views.renew_code, name="room-code"),
    path("room/<str:number>/dispute/", views.begin_dispute, name="room-dispute"),
]
