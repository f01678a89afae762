"""撤销: an act taken back within moments by the one who did it, as long as nobody has built on it (DESIGN §8, habit 22)."""

from __future__ import annotations

from django.db import transaction

from casework import acting, deadlines, documents, notices
from casework.models import Entry
from organisations.scope import Scope
from petitions import rules
from petitions.actions import act as beats
from petitions.models import Dispatch, Petition, Task


@transaction.atomic
def take_back(number: str, *, by: Scope, version: int | None = None) -> Petition:
    """Put everything back as it stood before one's own last act; the history keeps both lines.

    What was told is withdrawn, limits run on as they did, numbers of papers stay with their papers, which are void.
    Raises NotAllowed: not one's own, too late, or something happened since.
    """
    act = beats.begin("take_back", number, by, version)
    last = Entry.objects.get(case=act.case, no=act.case.entries)
    acting.check_take_back(act.procedure, last, by)
    if last.act == "petition.route":
        Dispatch.objects.filter(petition=act.petition, ended_at=None).delete()
        asked = Task.objects.filter(petition=act.petition, state=Task.State.WAITING).order_by("-no")[: last.detail["tasks"]]
        Task.objects.filter(pk__in=[task.pk for task in asked]).delete()
    acting.put_back(act, last)
    if last.act == "petition.route":
        deadlines.take_back(act.case, started=last.detail["before"]["started"], met=["pet.forward"], on=rules.local_date(last.at))
    void = documents.withdraw_of_act(act.case, issued_at=last.at, by=by.user, at=act.now)
    notices.withdraw(act.case, act.case.version - 1, text=f"{act.case.number} “{last.label}”已撤销，不用办理", at=act.now)
    return beats.finish(act, to=act.case.state, text=f"撤销第{last.no}条“{last.label}”", detail={"undone": last.no, "void": void})
