"""From the columns of somebody's ledger to a registration: which column is what, and what is missing is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from casework.parties import PartyFacts
from casework.rules import NotAllowed
from organisations import directory, identity
from petitions import codes, rules
from petitions.actions import Intake
from petitions.imports.files import Row


@dataclass(frozen=True, slots=True)
class Target:
    """A field of the registration that a column can fill, and the column names it is usually found under."""

    key: str
    label: str
    names: tuple[str, ...]
    needed: bool = False


TARGETS: tuple[Target, ...] = (
    Target("title", "标题", ("标题", "诉求标题", "事项标题", "主题", "subject", "title", "概况信息", "反映问题", "反映的问题"), needed=True),
    Target("story", "诉求内容", ("诉求内容", "内容", "投诉内容", "反映内容", "概况信息", "detail", "content"), needed=True),
    Target("received", "信访日期", ("信访日期", "来访日期", "登记时间", "日期", "time", "date")),
    Target("name", "姓名", ("姓名", "信访人", "来访人", "user")),
    Target("id_number", "身份证号", ("身份证号", "证件号码", "身份证", "身份证号码")),
    Target("phone", "电话", ("电话", "联系电话", "联系方式", "电话号码", "手机", "手机号")),
    Target("address", "住址", ("住址", "地址", "现住址", "家庭住址", "详细地址")),
    Target("area", "问题属地", ("问题属地", "属地", "乡镇", "村", "村（社区）", "发生地", "发生地点", "问题属地代码")),
    Target("category", "内容分类", ("内容分类", "分类", "问题类别", "label", "category")),
    Target("purpose", "信访目的", ("信访目的", "目的", "kind")),
    Target("channel", "信访形式", ("信访形式", "来源", "渠道", "channel")),
    Target("headcount", "人数", ("人数", "信访人数")),
    Target("anonymous", "匿名", ("匿名", "anonymous")),
    Target("respondent", "被反映单位或个人", ("被反映人", "被反映单位")),
    Target("source_number", "来文编号", ("信访件编号", "来文编号", "原编号", "编号", "msg_id", "id", "seq")),
    Target("reply", "答复内容", ("答复内容", "答复", "办理结果", "reply")),
    Target("replied", "答复日期", ("答复日期", "答复时间", "办结时间", "reply_time")),
    Target("reply_days", "答复用时（天）", ("答复用时", "days_to_final_reply")),
)

#: Words other ledgers use for our categories; first-level codes (L-CLS-50). Asked of the rows as they are.
CATEGORY_WORDS = {
    "教育文体": "060000",
    "商贸旅游": "080000",
    "环境保护": "140000",
    "卫生计生": "050000",
}
PURPOSE_WORDS = {"投诉": "02", "求助": "02", "举报": "02", "建议": "04", "咨询": "05", "表扬": "06", "感谢": "06"}
CHANNEL_WORDS = {
    "网站": "300",
    "微信": "300",
    "e福州app": "300",
    "app": "300",
    "电话": "400",
    "来电": "400",
    "来访": "200",
    "来信": "100",
    "短信": "705",
    "12345": "708",
    "12345app": "708",
    "qq": "300",
    "微博": "300",
    "邮件": "300",
    "电子邮件": "300",
}
TRUE_WORDS = frozenset({"1", "是", "true", "yes", "匿名"})
TITLE_LENGTH = 80


@dataclass(frozen=True)
class Options:
    """What the file does not say and the person chose: defaults, and who answered for replies of the ledger."""

    area_id: int
    received_on: date
    channel: str = "300"
    purpose: str = "02"
    topic_code: str = codes.UNCLEAR
    with_replies: bool = False
    unit_id: int | None = None
    handler_id: int | None = None
    head_id: int | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Options:
        values = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        values["received_on"] = date.fromisoformat(values["received_on"])
        return cls(**values)

    def as_stored(self) -> dict[str, Any]:
        return {**asdict(self), "received_on": self.received_on.isoformat()}


@dataclass(frozen=True)
class Ready:
    """A row ready to be registered, with the ledger's reply if it has one."""

    intake: Intake
    registered_at: datetime
    reply: str = ""
    replied_at: datetime | None = None


def guess(columns: list[str]) -> dict[str, str]:
    """Target → column by the usual names, each column once."""
    lower = {column.lower(): column for column in columns}
    found: dict[str, str] = {}
    for target in TARGETS:
        for name in target.names:
            column = lower.get(name.lower())
            if column and column not in found.values():
                found[target.key] = column
                break
    return found


def take(row: Row, columns: Mapping[str, str], options: Options, today: date) -> Ready:
    """The registration a row stands for. Raises NotAllowed with one sentence naming column and reason."""
    cell = {key: row.values.get(column, "") for key, column in columns.items() if column}
    if "\x00" in "".join(cell.values()):
        raise NotAllowed("含有不能保存的字符。", code="nul", status=422)
    title, story = cell.get("title", "").strip(), cell.get("story", "").strip()
    if not title:
        raise NotAllowed("标题为空。", code="title", status=422)
    if not story:
        raise NotAllowed("诉求内容为空。", code="story", status=422)
    moment = registered_at(row, columns, options, today)
    people, is_anonymous = _people(cell, today)
    intake = Intake(
        title=title[:TITLE_LENGTH],
        story=story if title in story or len(title) <= TITLE_LENGTH else f"{title}\n{story}",
        points=[title[:300]],
        channel=_word("信访形式", cell.get("channel", ""), CHANNEL_WORDS, codes.CHANNELS, options.channel),
        purpose=_word("信访目的", cell.get("purpose", ""), PURPOSE_WORDS, codes.PURPOSES, options.purpose),
        topic_code=_category(cell.get("category", ""), options.topic_code),
        area_id=_area(cell.get("area", ""), options.area_id),
        received_on=timezone.localdate(moment),
        people=people,
        is_anonymous=is_anonymous,
        headcount=_headcount(cell.get("headcount", "")),
        respondent_name=cell.get("respondent", "")[:60],
        source_number=cell.get("source_number", "")[:60],
    )
    reply = cell.get("reply", "").strip() if options.with_replies else ""
    if reply and intake.purpose in rules.PROTECTED_PURPOSES:
        raise NotAllowed("检举控告类不能连同答复导入，请单独登记。", code="protected", status=422)
    replied_at = _replied(cell, moment, today) if reply else None
    return Ready(intake=intake, registered_at=moment, reply=reply, replied_at=replied_at)


def registered_at(row: Row, columns: Mapping[str, str], options: Options, today: date) -> datetime:
    """When the ledger registered it. Raises NotAllowed."""
    return _moment(row.values.get(columns.get("received") or "", ""), options.received_on, "信访日期", today)


def _people(cell: Mapping[str, str], today: date) -> tuple[list[PartyFacts], bool]:
    name = cell.get("name", "").strip()[:60]
    if cell.get("anonymous", "").strip().lower() in TRUE_WORDS:
        return [], True
    if not name:
        if cell.get("phone", "").strip() or cell.get("id_number", "").strip():
            raise NotAllowed("没有姓名，却有电话或身份证号。请补上姓名，或在“匿名”一列写“是”。", code="nameless", status=422)
        return [], True
    sex, born_on, number = "", None, ""
    if cell.get("id_number", "").strip():
        try:
            card = identity.parse_id(cell["id_number"], today=today)
        except identity.IdentityError as error:
            raise NotAllowed(f"身份证号：{error.message}", code="id_number", status=422) from error
        sex, born_on, number = card.sex, card.born_on, card.number
    phone = ""
    if cell.get("phone", "").strip():
        try:
            phone = identity.normalise_phone(cell["phone"])
        except identity.IdentityError as error:
            raise NotAllowed(f"电话：{error.message}", code="phone", status=422) from error
    person = PartyFacts(
        position="petitioner",
        name=name,
        sex=sex,
        born_on=born_on,
        id_type="111" if number else "",
        id_number=number,
        phone=phone,
        address=cell.get("address", "")[:120],
    )
    return [person], False


def _moment(text: str, default: date, label: str, today: date) -> datetime:
    """A date or date and time in the forms ledgers use; a bare date is taken as nine in the morning."""
    text = text.strip().replace("/", "-").replace(".", "-").replace("年", "-").replace("月", "-").replace("日", "")
    zone = timezone.get_default_timezone()
    if not text:
        return datetime(default.year, default.month, default.day, 9, tzinfo=zone)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y%m%d"):
        try:
            parsed = datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
        if form in ("%Y-%m-%d", "%Y%m%d"):
            parsed = parsed.replace(hour=9)
        if parsed.date() > today:
            raise NotAllowed(f"{label}晚于今天：{text}。", code="future", status=422)
        if parsed.year < 1990:
            raise NotAllowed(f"{label}过早：{text}。", code="too_early", status=422)
        return parsed
    raise NotAllowed(f"{label}看不懂：{text[:30]}。", code="date", status=422)


def _replied(cell: Mapping[str, str], received: datetime, today: date) -> datetime:
    if cell.get("replied", "").strip():
        moment = _moment(cell["replied"], today, "答复日期", today)
    else:
        days = cell.get("reply_days", "").strip()
        if not days.isdecimal():
            raise NotAllowed("有答复内容但没有答复日期。", code="replied", status=422)
        moment = received + timedelta(days=int(days))
    if moment < received:
        raise NotAllowed("答复日期早于信访日期。", code="replied_before", status=422)
    if timezone.localdate(moment) > today:
        raise NotAllowed("答复日期晚于今天。", code="future", status=422)
    return moment


def _category(text: str, default: str) -> str:
    text = text.strip()
    if not text:
        return default
    if text in codes.CATEGORIES:
        return text
    if text in CATEGORY_WORDS:
        return CATEGORY_WORDS[text]
    old = codes.from_old17(text)
    if old:
        return old
    for row in codes.CATEGORIES.values():
        if text in (row.name, row.path):
            return row.code
    raise NotAllowed(f"没有这个分类：{text[:30]}。", code="category", status=422)


def _area(text: str, default: int) -> int:
    text = text.strip()
    if not text:
        return default
    areas = directory.current().areas.values()
    found = [a for a in areas if text in (a.code, a.name, a.path_name)]
    if len(found) != 1:
        what = "没有这个地方" if not found else "有几个同名的地方，请写明乡镇"
        raise NotAllowed(f"问题属地“{text[:30]}”：{what}。", code="area", status=422)
    return found[0].id


def _word(label: str, text: str, words: Mapping[str, str], table: Mapping[str, codes.Code], default: str) -> str:
    """The code of a word; the default stands for empty cells only, what nobody knows is named to the clerk."""
    text = text.strip()
    if not text:
        return default
    if text in table:
        return text
    found = words.get(text.lower()) or next((code for code, row in table.items() if row.name == text), "")
    if not found:
        raise NotAllowed(f"{label}“{text[:20]}”：没有这一类。", code="word", status=422)
    return found


def _headcount(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    return min(max(int(digits), 1), 100_000) if digits and len(digits) < 7 else 1
