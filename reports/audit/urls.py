"""Addresses of the auditor's room."""

from django.urls import path

from reports.audit import views

urlpatterns = [
    path("", views.room, name="audit"),
    path("doubts/<slug:code>/", views.doubt, name="doubt"),
    path("samples/", views.samples, name="samples"),
    path("samples/draw/", views.draw, name="draw"),
    path("samples/<int:pk>/", views.sample, name="sample"),
    path("samples/<int:pk>/sign/", views.sign, name="sample-sign"),
    path("samples/<int:pk>/redraw/", views.redraw, name="redraw"),
    path("samples/<int:pk>/population/", views.population, name="population"),
    path("samples/<int:pk>/export/", views.sample_book, name="sample-export"),
    path("samples/<int:pk>/print/", views.sheet, name="sample-print"),
    path("samples/<int:pk>/papers/<int:place>/", views.paper, name="paper"),
    path("samples/<int:pk>/papers/<int:place>/keep/", views.keep, name="paper-keep"),
    path("questions/", views.questions, name="questions"),
    path("questions/ask/", views.ask, name="ask"),
    path("questions/<int:pk>/", views.question, name="question"),
    path("questions/<int:pk>/<slug:code>/", views.act, name="question-act"),
    path("integrity/", views.integrity, name="integrity"),
    path("history/", views.history, name="history"),
    path("history/verifier/", views.verifier, name="history-verifier"),
    path("trace/", views.trace, name="trace"),
    path("trace/export/", views.trace_book, name="trace-export"),
    path("return/", views.monthly, name="return"),
    path("return/cases/", views.monthly_cases, name="return-cases"),
    path("return/export/", views.monthly_book, name="return-export"),
    path("record/", views.record_page, name="record"),
    path("record/export/", views.record_book, name="record-export"),
]
