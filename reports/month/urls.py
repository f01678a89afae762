"""Addresses of the reports of a period and of the closed months."""

from django.urls import path, register_converter

from reports.month import views


class Sort:
    """The sort of a file."""

    regex = "pdf|xlsx"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sort, "report_sort")

urlpatterns = [
    path("", views.listing, name="months"),
    path("verify_report.py", views.verifier, name="month-verifier"),
    path("<int:pk>/", views.one, name="month"),
    path("<int:pk>/progress/", views.progress, name="month-progress"),
    path("<int:pk>/check/", views.check, name="month-check"),
    path("<int:pk>/close/", views.close, name="month-close"),
    path("<int:pk>/again/", views.again, name="month-again"),
    path("<int:pk>/verify/", views.verify, name="month-verify"),
    path("<int:pk>/letter/", views.letter, name="month-letter"),
    path("<int:pk>/letter/back/", views.letter_back, name="month-letter-back"),
    path("<int:pk>/package/", views.package, name="month-package"),
    path("<int:pk>/manifest/", views.manifest, name="month-manifest"),
    path("<int:pk>/copy/<report_sort:sort>/", views.copy, name="month-copy"),
    path("<int:pk>/<report_sort:sort>/", views.original, name="month-file"),
]
