"""Addresses of the auditor's room."""

from django.urls import path

from reports.audit.views import doubts, integrity, papers, questions, samples, trace, upward

urlpatterns = [
    path("", doubts.room, name="audit"),
    path("doubts/<slug:code>/", doubts.doubt, name="doubt"),
    path("samples/", samples.samples, name="samples"),
    path("samples/draw/", samples.draw, name="draw"),
    path("samples/<int:pk>/", samples.sample, name="sample"),
    path("samples/<int:pk>/sign/", samples.sign, name="sample-sign"),
    path("samples/<int:pk>/redraw/", samples.redraw, name="redraw"),
    path("samples/<int:pk>/population/", samples.population, name="population"),
    path("samples/<int:pk>/export/", samples.sample_book, name="sample-export"),
    path("samples/<int:pk>/print/", samples.sheet, name="sample-print"),
    path("samples/<int:pk>/papers/<int:place>/", papers.paper, name="paper"),
    path("samples/<int:pk>/papers/<int:place>/keep/", papers.keep, name="paper-keep"),
    path("questions/", questions.questions, name="questions"),
    path("questions/ask/", questions.ask, name="ask"),
    path("questions/<int:pk>/", questions.question, name="question"),
    path("questions/<int:pk>/<slug:code>/", questions.act, name="question-act"),
    path("integrity/", integrity.integrity, name="integrity"),
    path("integrity/<int:pk>/", integrity.check, name="integrity-check"),
    path("history/", integrity.history, name="history"),
    path("history/verifier/", integrity.verifier, name="history-verifier"),
    path("trace/", trace.trace, name="trace"),
    path("return/", upward.monthly, name="return"),
    path("return/cases/", upward.monthly_cases, name="return-cases"),
    path("return/export/", upward.monthly_book, name="return-export"),
    path("record/", upward.record_page, name="record"),
    path("record/export/", upward.record_book, name="record-export"),
]
