"""The addresses of pay."""

from django.urls import path

from mediation.pay import views

urlpatterns = [
    path("pay/", views.every, name="pay"),
    path("pay/stops/", views.stops, name="pay-stops"),
    path("pay/stops/<int:pk>/release/", views.release, name="pay-release"),
    path("pay/assessments/", views.assessments, name="pay-assessments"),
    path("pay/rules/", views.rules, name="pay-rules"),
    path("pay/cases/<str:number>/", views.case, name="pay-case"),
    path("pay/cases/<str:number>/clear/", views.clear, name="pay-clear"),
    path("pay/cases/<str:number>/parts/", views.parts, name="pay-parts"),
    path("pay/<int:pk>/", views.one, name="pay-sheet"),
    path("pay/<int:pk>/export/", views.export, name="pay-export"),
    path("pay/<int:pk>/paper/", views.paper, name="pay-paper"),
    path("pay/<int:pk>/<slug:code>/", views.act, name="pay-act"),
]
