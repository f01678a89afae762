"""Who may be named on a protected case (检举控告): never anybody of the unit complained about (L-PET-85, L-PET-86)."""

from __future__ import annotations

from casework.rules import NotAllowed
from organisations.models import Post
from organisations.roles import Role
from petitions.actions import act as beats
from petitions.queries import accused

#: L-PET-86: the office's registrar, the discipline contact, the leader. Nobody else learns that the case exists.
MAY_KNOW = frozenset({Role.OFFICE, Role.WINDOW_CLERK, Role.DISCIPLINE, Role.LEADER})


def check_may_know(act: beats.Act, user_id: int) -> None:
    """Refuse to name somebody on a protected case who may not learn of it; says nothing on any other case.

    Raises NotAllowed (422) in words that give no reason away (opening 8: the system says only «不可»).
    """
    if not act.case.confidential:
        return
    posts = Post.objects.current(act.today).filter(user=user_id, user__is_active=True)
    if not accused.may_know({user_id}, accused.of(act.petition)) or not any(post.role in MAY_KNOW for post in posts):
        raise NotAllowed("该工作人员不可承办本件，请另选。", code="may_not_know", status=422)


def desk_of(act: beats.Act) -> int:
    """The unit that does the office's part of this case: the centre, unless a protected matter is about the centre itself."""
    desk = accused.desk(accused.of(act.petition) if act.case.confidential else accused.Accused())
    return desk.id if desk is not None else act.case.unit_id


def tell_desk(act: beats.Act, text: str) -> None:
    """News of the act for that unit."""
    beats.tell(act, kind=f"petition.{act.code}", text=text, to_unit_id=desk_of(act))
