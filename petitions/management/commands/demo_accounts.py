"""`manage.py demo_accounts`: the table of demo sign-ins by role, printed by `make run`."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.management.base import BaseCommand

from casework.models import Counter
from organisations import clock
from organisations.models import Post
from organisations.roles import ROLES, Role
from petitions.demo import citizens, staff
from petitions.demo.engine import PROGRESS

#: Who stands for each role, in the order of the table.
PERSONAS = (
    "刘晓燕",
    "孙志远",
    "马国强",
    "李建国",
    "王海涛",
    "吴刚",
    "曹明德",
    "秦正声",
    "张磊",
    "李国栋",
    "郭志强",
    "孙德福",
    "何建平",
    "栾德民",
    "田和平",
    "郑伟",
    "赵立新",
    "陈系文",
    "高安宁",
    "彭审言",
)
HEADINGS = ("登录名", "姓名", "岗位", "单位", "密码")
QUERY_HEADINGS = ("办到哪一步", "编号", "查询码", "手机号后四位")


class Command(BaseCommand):
    help = "列出演示县的登录账号。正式县没有演示账号，什么也不列。"

    def handle(self, *args: Any, **options: Any) -> None:
        rows = accounts()
        if not rows:
            self.stdout.write("没有演示账号。")
            return
        self._print([HEADINGS, *rows])
        tries = citizens.keys()
        if tries:
            self.stdout.write("\n群众查询页 /progress/（虚构的人和事）")
            self._print([QUERY_HEADINGS, *tries])

    def _print(self, table: list[tuple[str, ...]]) -> None:
        widths = [max(_width(row[column]) for row in table) for column in range(len(table[0]))]
        for row in table:
            self.stdout.write("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip())


def accounts() -> list[tuple[str, ...]]:
    """Login, name, role, unit and password of the demo people still in post; empty in a county that is not a demo."""
    if not Counter.objects.filter(series__startswith=PROGRESS).exists():
        return []
    demo = list(Post.objects.current(clock.today()).filter(user__name__in=PERSONAS).select_related("user", "unit"))
    # Everybody begins with the same hash, so it is checked once; who changed the password is left out.
    known = {hashed: check_password(staff.DEMO_PASSWORD, hashed) for hashed in {post.user.password for post in demo}}
    demo = [post for post in demo if known[post.user.password]]
    demo.sort(key=lambda post: PERSONAS.index(post.user.name))
    return [(post.user.username, post.user.name, ROLES[Role(post.role)].label, post.unit.short_name, staff.DEMO_PASSWORD) for post in demo]


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
