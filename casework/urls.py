"""Home, worklist, search, inbox, files, papers: what serves every kind of case."""

from django.urls import path

from casework.views import (
    cards,
    drafts,
    exports,
    files,
    health,
    home,
    inbox,
    lists,
    lookups,
    papers,
    parties,
    preferences,
    search,
    views_saved,
)

app_name = "casework"
urlpatterns = [
    path("", home.home, name="home"),
    path("cases/", lists.worklist, name="list"),
    path("cases/export/", exports.export, name="export"),
    path("cases/print/", lists.print_list, name="print"),
    path("cases/columns/", lists.choose_columns, name="columns"),
    path("cases/select-all/", lists.select_all, name="select-all"),
    path("cases/views/", views_saved.views, name="views"),
    path("cases/views/<int:pk>/", views_saved.change, name="view-change"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="search-suggest"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/bell/", inbox.bell, name="bell"),
    path("inbox/read/", inbox.mark_read, name="inbox-read"),
    path("inbox/<int:pk>/open/", inbox.open_notice, name="notice"),
    path("cards/", cards.ledger, name="cards"),
    path("cards/<int:pk>/acknowledge/", cards.acknowledge, name="card-acknowledge"),
    path("profile/notices/", preferences.preferences, name="preferences"),
    path("health/", health.health, name="health"),
    path("health/messages/", health.try_again, name="health-try-again"),
    path("drafts/<str:form>/<uuid:key>/", drafts.save, name="draft"),
    path("drafts/<str:form>/<uuid:key>/discard/", drafts.discard, name="draft-discard"),
    path("drafts/<str:form>/<uuid:key>/files/", drafts.upload, name="draft-files"),
    path("drafts/<str:form>/<uuid:key>/files/<int:pk>/", drafts.file, name="draft-file"),
    path("drafts/<str:form>/<uuid:key>/files/<int:pk>/remove/", drafts.remove, name="draft-file-remove"),
    path("files/<int:pk>/", files.download, name="file"),
    path("papers/<int:pk>/", papers.show, name="paper"),
    path("papers/<int:pk>/proof/", papers.proof, name="paper-proof"),
    path("parties/<int:pk>/reveal/<str:field>/", parties.reveal, name="reveal"),
    path("lookups/areas/", lookups.areas, name="lookup-areas"),
    path("lookups/units/", lookups.units, name="lookup-units"),
]
