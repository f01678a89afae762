"""What the organisation allows: who may appoint whom, how long a session lives, what a password must be."""

from __future__ import annotations

from organisations.roles import ADMIN_ROLES, Role


class NotAllowed(Exception):
    """An act that may not happen, with a sentence a clerk understands and a stable code.

    `status` tells the doors how to answer: 409 wrong moment, 403 not yours to do, 422 input at fault.
    """

    def __init__(self, message: str, *, code: str = "not_allowed", status: int = 409) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status


def check_appointment(held: frozenset[Role], role: Role, by: frozenset[Role], *, to_self: bool) -> None:
    """The three administrators are different persons and none holds a business post (L-SEC-4).

    Raises NotAllowed. `held` are the roles the person has now, `by` those of the appointing person.
    """
    if Role.SECURITY_ADMIN not in by:
        raise NotAllowed("任免岗位由安全管理员办理。", code="wrong_role", status=403)
    if to_self:
        raise NotAllowed("不能给自己任职，请由另一名安全管理员办理。", code="self", status=403)
    if role in ADMIN_ROLES and held:
        raise NotAllowed("三员须由不同的人担任，且不能兼任业务岗位。", code="separation")
    if role not in ADMIN_ROLES and held & ADMIN_ROLES:
        raise NotAllowed("三员不能兼任业务岗位，看不到信访件。", code="separation")
