"""The public addresses; the receipt's QR code leads to the first."""

from django.urls import path

from petitions.citizen import views

app_name = "citizen"
urlpatterns = [
    path("progress/", views.progress, name="progress"),
    path("progress/leave/", views.leave, name="leave"),
    path("progress/sms/", views.text_code, name="sms"),
    path("progress/sms/code/", views.enter_code, name="enter-code"),
    path("progress/papers/<int:pk>/", views.paper, name="paper"),
    path("progress/rate/", views.rate, name="rate"),
    path("progress/material/", views.material, name="material"),
    path("progress/urge/", views.urge, name="urge"),
    path("progress/dissent/", views.dissent, name="dissent"),
    path("progress/review/", views.review, name="review"),
    path("progress/slip/", views.slip, name="slip"),
    path("submit/", views.submit, name="submit"),
    path("public/", views.information, name="information"),
]
