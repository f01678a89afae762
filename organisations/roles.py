"""The roles of ORG-5 and what follows from each. Roles are law and live in code; posts are people and live in the database."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """One word for one job (ORG-5). The value is what the database stores."""

    WINDOW_CLERK = "window_clerk"
    OFFICE = "office"
    HANDLER = "handler"
    HEAD = "head"
    MEDIATOR = "mediator"
    GRID_WORKER = "grid_worker"
    VILLAGE_CADRE = "village_cadre"
    OVERSEER = "overseer"
    LEADER = "leader"
    DISCIPLINE = "discipline"
    AUDITOR = "auditor"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What a role is called, what it is for and how far it sees.

    `sees_unit`: the holder reads the cases of the unit of the post and of all units below it.
    `is_admin`: one of the three separated administrators (L-SEC-4); never reads a case.
    """

    label: str
    duty: str
    sees_unit: bool = True
    is_admin: bool = False
    second_factor: bool = False


ROLES: dict[Role, RoleFacts] = {
    Role.WINDOW_CLERK: RoleFacts("窗口登记员", "在窗口接待来访、登记事项、打印回执"),
    Role.OFFICE: RoleFacts("中心分流员", "受理、分流、协调、反馈、办结"),
    Role.HANDLER: RoleFacts("承办人", "签收、受理告知、办理、起草答复"),
    Role.HEAD: RoleFacts("单位负责人", "指定承办人、审签答复、审批"),
    Role.MEDIATOR: RoleFacts("调解员", "调解矛盾纠纷", sees_unit=False),
    Role.GRID_WORKER: RoleFacts("网格员", "巡查、上报、代办", sees_unit=False),
    Role.VILLAGE_CADRE: RoleFacts("工作室干部", "村、社区、企业群众工作室日常工作"),
    Role.OVERSEER: RoleFacts("工作站督导员", "督导工作站及所辖工作室"),
    Role.LEADER: RoleFacts("领导", "批示、包案、查看全县情况"),
    Role.DISCIPLINE: RoleFacts("纪检联络员", "办理检举控告类事项", sees_unit=False),
    Role.AUDITOR: RoleFacts("审计员", "只读查看、抽查、导出月报"),
    Role.SYSTEM_ADMIN: RoleFacts("系统管理员", "账号、单位、参数", sees_unit=False, is_admin=True, second_factor=True),
    Role.SECURITY_ADMIN: RoleFacts("安全管理员", "岗位、权限、安全策略", sees_unit=False, is_admin=True, second_factor=True),
    Role.AUDIT_ADMIN: RoleFacts("审计管理员", "查询访问日志", sees_unit=False, is_admin=True, second_factor=True),
}

#: Who sits at which kind of unit, as a rule: so that a sentence names nobody whom a village or a bureau does not have.
USUAL_AT: dict[str, frozenset[Role]] = {
    "room": frozenset({Role.VILLAGE_CADRE, Role.GRID_WORKER, Role.MEDIATOR}),
    "enterprise": frozenset({Role.VILLAGE_CADRE, Role.MEDIATOR}),
    "station": frozenset({Role.HANDLER, Role.HEAD, Role.MEDIATOR, Role.OVERSEER}),
    "department": frozenset({Role.HANDLER, Role.HEAD}),
    "centre": frozenset({Role.OFFICE, Role.HEAD, Role.WINDOW_CLERK, Role.LEADER, Role.DISCIPLINE}),
}

CHOICES = [(role.value, facts.label) for role, facts in ROLES.items()]
ADMIN_ROLES = frozenset(role for role, facts in ROLES.items() if facts.is_admin)

#: Who may be given a matter to handle: not a leader, who directs, nor an auditor, who only reads.
HANDLING_ROLES = frozenset(ROLES) - ADMIN_ROLES - {Role.LEADER, Role.AUDITOR}
