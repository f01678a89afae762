"""The disputes' addresses."""

from django.urls import include, path
from django.views.generic import RedirectView

from mediation.views import court, dossier, intake, keepterms, ladder
from mediation.views.case import DOORS

app_name = "mediation"
urlpatterns = [
    # An address cut short by hand leads to the list.
    path("", RedirectView.as_view(url="/cases/?topic=TJ"), name="index"),
    path("register/", intake.register, name="register"),
    path("ladder/", ladder.every, name="ladder"),
    path("ladder/<int:no>/", ladder.one, name="ladder-step"),
    path("corps/", include("mediation.corps.urls")),
    path("", include("mediation.screening.urls")),
    path("", include("mediation.chamber.urls")),
    path("", include("mediation.matching.urls")),
    path("court/", court.desk, name="court"),
    path("", include("mediation.pay.urls")),
    path("", include("mediation.figures.urls")),
    path("keep-terms/", keepterms.every, name="keep-terms"),
    path("<str:number>/dossier/", dossier.checklist, name="dossier"),
    path("<str:number>/dossier/attach/", dossier.attach, name="dossier_attach"),
    path("<str:number>/dossier/pdf/", dossier.volume, name="volume"),
    *DOORS.urls(),
]
