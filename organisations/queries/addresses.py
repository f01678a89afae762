"""What an address is called, for those who read the access log: «GET /people/» is no sentence.

Pages and exports of the apps above say it, so the table stands below them; it imports none of them.
"""

from __future__ import annotations

import re

from django import template
from django.db.models import Case, F, Func, Q, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from organisations.models import AccessEntry

register = template.Library()

#: Beginning of the address → the page in words; the first that fits. {} takes what the pattern caught.
PAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"/people/", "账号管理"),
        (r"/units/", "单位管理"),
        (r"/posts/", "岗位任免"),
        (r"/absences?/", "不在岗情况"),
        (r"/policies/|/policy/", "安全策略"),
        (r"/access-log/", "访问日志"),
        (r"/cases/export/", "案件导出"),
        (r"/exports/of/", "清单导出"),
        (r"/exports/", "我的导出"),
        (r"/cases/print/", "案件清单打印"),
        (r"/cases/views/", "保存的视图"),
        (r"/cases/([\w-]+)/presence/", "案件 {}"),
        (r"/cases/", "案件清单"),
        (r"/search/", "搜索"),
        (r"/inbox/", "消息"),
        (r"/cards/", "督办牌"),
        (r"/papers/", "文书"),
        (r"/files/", "附件"),
        (r"/copies/", "文书副本追查"),
        (r"/verify/", "文书核验"),
        (r"/parties/", "信访人证件、电话"),
        (r"/drafts/", "草稿"),
        (r"/calendar/", "工作日历"),
        (r"/limits/", "期限设置"),
        (r"/health/", "运行情况"),
        (r"/lookups/|/petitions/lookups/", "选择列表"),
        (r"/profile/|/password/|/second-factor/", "个人设置"),
        (r"/hand-over/", "工作移交"),
        (r"/contacts/", "通讯录"),
        (r"/petitions/routing/", "分流看板"),
        (r"/petitions/imports/", "批量导入"),
        (r"/petitions/register/", "来访登记"),
        (r"/petitions/texts/", "常用语"),
        (r"/petitions/bulk/", "批量办理"),
        (r"/petitions/(\d{6}-\d{4}-\d+)/", "案件 {}"),
        (r"/petitions/supervision/", "督办"),
        (r"/petitions/", "信访事项"),
        (r"/mediation/(\d{6}-\d{4}-\d+)/", "案件 {}"),
        (r"/mediation/register/", "矛盾纠纷登记"),
        (r"/mediation/corps/", "调解队伍"),
        (r"/mediation/screening/", "排查"),
        (r"/mediation/room/", "掌上调解室"),
        (r"/mediation/court/", "便民巡回法庭"),
        (r"/mediation/pay/", "补贴发放"),
        (r"/mediation/figures/", "调解数据"),
        (r"/mediation/", "矛盾纠纷"),
        (r"/reports/audit/", "审计"),
        (r"/reports/months/", "统计报告"),
        (r"/reports/measures/", "指标口径"),
        (r"/reports/cases/", "指标清单"),
        (r"/reports/places/", "地图设置"),
        (r"/reports/", "驾驶舱"),
        (r"/api/", "程序接口"),
        (r"/$", "首页"),
    )
)
VERBS = {"GET": "打开", "HEAD": "打开", "POST": "提交", "PUT": "提交", "PATCH": "提交", "DELETE": "删除"}
_LINE = re.compile(r"([A-Z]{3,6}) (/\S*)")


@register.filter
def in_words(label: str) -> str:
    """`GET /people/` → `打开：账号管理`; anything that is no address stays as it is."""
    line = _LINE.fullmatch(label)
    if line is None or line[1] not in VERBS:
        return label
    for pattern, words in PAGES:
        found = pattern.match(line[2])
        if found:
            return f"{VERBS[line[1]]}：{words.format(*found.groups())}"
    return f"{VERBS[line[1]]}：其他页面"


def spoken() -> Case:
    """What `in_words` makes of a line's label, as the database says it: who searches the log searches the words on the page."""
    label = F("object_label")
    verb = Case(*(When(object_label__startswith=f"{name} ", then=Value(f"{word}：")) for name, word in VERBS.items()))
    page = Case(
        *(When(object_label__regex=f"^[A-Z]+ (?:{pattern.pattern})", then=_said(pattern.pattern, words)) for pattern, words in PAGES),
        default=Value("其他页面"),
        output_field=TextField(),
    )
    is_address = Q(object_label__regex=rf"^({'|'.join(VERBS)}) /\S*$")
    return Case(When(is_address, then=Concat(verb, page, output_field=TextField())), default=label, output_field=TextField())


def _said(pattern: str, words: str) -> Combinable:
    before, takes, after = words.partition("{}")
    if not takes:
        return Value(words)
    caught = Func(F("object_label"), Value(f"^[A-Z]+ (?:{pattern})"), function="SUBSTRING")
    return Concat(Value(before), caught, Value(after), output_field=TextField())


def tried(entry: AccessEntry) -> tuple[str, str]:
    """What a line is about as a file says it: in words, and the address behind them, which the page has as a title."""
    return in_words(entry.object_label), entry.object_label if entry.object_type == "url" else ""
