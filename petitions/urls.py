"""The petitions' addresses."""

from django.urls import path
from django.views.generic import RedirectView

from casework.views.exports import take
from petitions.views import acts, annual, bulk, imports, intake, lookups, review, routing, supervision, texts
from petitions.views.case import DOORS

app_name = "petitions"
urlpatterns = [
    # An address cut short by hand leads to the list.
    path("", RedirectView.as_view(url="/cases/"), name="index"),
    path("bulk/undo/", bulk.undo, name="bulk-undo"),
    path("bulk/<str:act>/", bulk.bulk, name="bulk"),
    path("register/", intake.register, name="register"),
    path("register/repeats/", intake.repeat_check, name="register-repeats"),
    path("register/limits/", intake.limits, name="register-limits"),
    path("register/same/<str:number>/", intake.same_as_last_time, name="register-same"),
    path("routing/", routing.board, name="routing"),
    path("routing/<str:number>/<str:code>/", routing.decide, name="routing-decide"),
    path("annual/", annual.annual, name="annual"),
    path("imports/", imports.listing, name="imports"),
    path("imports/<int:pk>/", imports.one, name="import"),
    path("imports/<int:pk>/start/", imports.start, name="import-start"),
    path("imports/<int:pk>/progress/", imports.progress, name="import-progress"),
    path("imports/<int:pk>/errors.csv", imports.errors, name="import-errors"),
    path("imports/<int:pk>/undo/", imports.undo, name="import-undo"),
    path("texts/", texts.listing, name="texts"),
    path("texts/new/", texts.new, name="text-new"),
    path("texts/pick/", texts.pick, name="texts-pick"),
    path("texts/<int:pk>/", texts.change, name="text"),
    path("texts/<int:pk>/retire/", texts.retire, name="text-retire"),
    path("texts/<int:pk>/use/", texts.use, name="text-use"),
    path("supervision/", supervision.ledger, name="supervision"),
    path("supervision/desk/", supervision.desk, name="supervision-desk"),
    path("supervision/export/", take, {"code": "supervision"}, name="supervision-export"),
    path("lookups/categories/", lookups.categories, name="lookup-categories"),
    path("<str:number>/review-form/", review.blank, name="review-form"),
    path("<str:number>/receipt/", intake.receipt, name="receipt"),
    path("<str:number>/qr.svg", intake.progress_code, name="qr"),
    path("<str:number>/amend/", acts.amend, name="amend"),
    *DOORS.urls(),
]
