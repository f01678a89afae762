"""The addresses of 排查, included by mediation.urls before the disputes' own."""

from django.urls import path

from casework.views.exports import take
from mediation.screening import views

urlpatterns = [
    path("screening/", views.desk, name="screening"),
    path("screening/rounds/", views.rounds, name="screening-rounds"),
    path("screening/rounds/<int:pk>/", views.round_page, name="screening-round"),
    path("screening/rounds/<int:pk>/draft/", views.save_draft, name="screening-draft"),
    path("screening/rounds/<int:pk>/form.pdf", views.form, name="screening-form"),
    path("screening/findings/", views.findings, name="screening-findings"),
    path("screening/findings/<int:pk>/", views.finding_page, name="screening-finding"),
    path("screening/findings/<int:pk>/dispute/", views.finding_dispute, name="screening-dispute"),
    path("screening/special/", views.campaign, name="screening-special"),
    path("screening/special/<int:pk>/withdraw/", views.campaign_withdraw, name="screening-special-withdraw"),
    path("screening/coverage/", views.coverage, name="screening-coverage"),
    path("screening/coverage/export/", take, {"code": "screening_coverage"}, name="screening-coverage-export"),
    path("screening/rhythm/", views.rhythm, name="screening-rhythm"),
]
