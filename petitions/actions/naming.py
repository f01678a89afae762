"""Who may be named on a protected case (检举控告): never anybody of the unit complained about (L-PET-85, L-PET-86)."""

from __future__ import annotations

from django.db.models import Q

from casework.rules import NotAllowed
from organisations import directory
from organisations.models import Post
from organisations.roles import Role
from petitions.actions import act as beats

#: L-PET-86: the office's registrar, the discipline contact, the leader. Nobody else learns that the case exists.
MAY_KNOW = frozenset({Role.OFFICE, Role.WINDOW_CLERK, Role.DISCIPLINE, Role.LEADER})


def check_may_know(act: beats.Act, user_id: int) -> None:
    """Refuse to name somebody on a protected case who may not learn of it; says nothing on any other case.

    Raises NotAllowed (422) in words that give no reason away (opening 8: the system says only «不可»).
    """
    if not act.case.confidential:
        return
    posts = Post.objects.current(act.today).filter(user=user_id, user__is_active=True)
    accused = act.petition.respondent_unit_id
    barred = Q(unit__in=[unit.id for unit in directory.current().below(accused)]) if accused else Q(pk=None)
    if posts.filter(barred).exists() or not posts.filter(role__in=MAY_KNOW).exists():
        raise NotAllowed("该工作人员不可承办本件，请另选。", code="may_not_know", status=422)
