"""The addresses of the corps, under mediation/corps/."""

from django.urls import path

from casework.views.exports import take
from mediation.corps import views

urlpatterns = [
    path("", views.listing, name="corps"),
    path("export/", take, {"code": "corps"}, name="corps-export"),
    path("new/", views.new, name="corps-new"),
    path("gaps/", views.gaps, name="corps-gaps"),
    path("gaps/households/", views.households, name="corps-households"),
    path("committees/<int:unit_id>/", views.committee, name="corps-committee"),
    path("seats/<int:pk>/end/", views.unseat, name="corps-unseat"),
    path("training/", views.training, name="corps-training"),
    path("training/new/", views.training_new, name="corps-training-new"),
    path("duties/", views.duties, name="corps-duties"),
    path("duties/export/", take, {"code": "corps_duties"}, name="corps-duties-export"),
    path("duties/new/", views.duty_new, name="corps-duty-new"),
    path("duties/<int:pk>/leave/", views.duty_leave, name="corps-duty-leave"),
    path("duties/<int:pk>/void/", views.duty_void, name="corps-duty-void"),
    path("duties/<int:pk>/photo/", views.duty_photo, name="corps-duty-photo"),
    path("activities/", views.activities, name="corps-activities"),
    path("activities/new/", views.activity_new, name="corps-activity-new"),
    path("activities/export/", take, {"code": "corps_activities"}, name="corps-activities-export"),
    path("settings/", views.measures, name="corps-rules"),
    path("<int:pk>/", views.person, name="corps-person"),
    path("<int:pk>/phone/", views.phone, name="corps-phone"),
    path("<int:pk>/<str:code>/", views.act, name="corps-act"),
]
