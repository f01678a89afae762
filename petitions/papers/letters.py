"""Papers around the matter rather than about its decision: registration, talk, dispatch, way taken, objection, report, agreement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from casework.documents import Paper
from casework.models import Attachment, Case, Document, Link, Party
from organisations import directory, prepared
from petitions import codes
from petitions.models import Dispatch, Inquiry, Objection, Petition, Point, Reply
from petitions.papers.letter import day_words, letter, lines_of, numeral, sentence

#: L-DOC: what stands in the copy for the unit in place of a name.
PERSON = "信访人"


@dataclass(frozen=True, slots=True)
class Substance:
    """What a paper without the person's identity may say of the matter."""

    title: str
    points: tuple[str, ...]
    materials: tuple[str, ...]
    petitioners: tuple[str, ...]
    assisting: tuple[str, ...]


_SUBSTANCE = """
SELECT ARRAY(SELECT text FROM petitions_point WHERE petition_id = %(case)s ORDER BY no),
       ARRAY(SELECT name FROM casework_party WHERE case_id = %(case)s AND position IN ('petitioner', 'representative') ORDER BY no),
       ARRAY(SELECT name FROM casework_party WHERE case_id = %(case)s AND position = 'agent' ORDER BY no),
       ARRAY(SELECT label FROM casework_attachment WHERE case_id = %(case)s AND NOT is_internal ORDER BY id),
       ARRAY(SELECT u.name FROM petitions_task t JOIN organisations_unit u ON u.id = t.unit_id WHERE t.petition_id = %(case)s ORDER BY t.no)
"""


def substance(case: Case) -> Substance:
    """Title, points and materials with every name and number of the person taken out, and who assists. One statement."""
    with prepared.cursor() as cursor:
        cursor.execute(_SUBSTANCE, {"case": case.pk})
        row = cursor.fetchone()
    points, petitioners, agents, labels, assisting = row
    names = [*petitioners, *agents]
    return Substance(
        title=without_identity(case.title, names),
        points=tuple(without_identity(text, names) for text in points),
        materials=tuple(without_identity(label, names) for label in labels if label),
        petitioners=tuple(petitioners),
        assisting=tuple(dict.fromkeys(assisting)),
    )


def without_identity(text: str, names: Sequence[str]) -> str:
    """The words with the persons' names as «信访人» and whatever looks like a number of theirs blotted out."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, PERSON)
    return re.sub(r"(?<!\d)(1\d{10}|\d{17}[\dXx]|\d{15})(?!\d)", "×××", text)


def dispatched(petition: Petition, case: Case, sent: Dispatch, today: date) -> list[Paper]:
    """转送单 or 交办函 to the unit, and to the person the notice where the matter went (条例§22 §23①).

    L-PET-32: nobody is owed a letter whose name or address is not known.
    """
    matter = substance(case)
    to_unit = _dispatch(petition, case, sent, matter, today)
    return [to_unit] if petition.is_anonymous else [to_unit, _whereabouts(petition, case, sent, matter, today)]


def _dispatch(petition: Petition, case: Case, sent: Dispatch, matter: Substance, today: date) -> Paper:
    to_unit = directory.current().units[sent.to_unit_id]
    from_unit = directory.current().units[sent.from_unit_id]
    is_assigned = sent.duty == Dispatch.Duty.ASSIGN
    return letter(
        "P04" if is_assigned else "P03",
        petition,
        case,
        today,
        word="信交" if is_assigned else "信转",
        template="petitions/papers/dispatch.html",
        unit_id=sent.from_unit_id,
        is_copied=True,
        addressee=to_unit.name,
        query_code="",
        title=matter.title,
        heading="关于交办信访事项的函" if is_assigned else "信访事项转送单",
        points=_numbered(matter.points),
        materials=list(matter.materials),
        topic=codes.category_label(case.topic_code),
        place=directory.current().areas[case.area_id].path_name,
        mode=codes.HALL_MODES.label(sent.mode),
        words=lines_of(sent.words),
        report_due_on=day_words(sent.report_due_on) if sent.report_due_on else "",
        is_final=sent.is_final,
        contact_line=_contact(sent.sent_by.name, from_unit.phone),
        copy_to="、".join(matter.assisting),
    )


def _whereabouts(petition: Petition, case: Case, sent: Dispatch, matter: Substance, today: date) -> Paper:
    """去向告知书: to whom and when the matter went, and whom to call there (条例§23①)."""
    to_unit = directory.current().units[sent.to_unit_id]
    return letter(
        "P08",
        petition,
        case,
        today,
        word="信告",
        template="petitions/papers/whereabouts.html",
        unit_id=sent.from_unit_id,
        addressee="、".join(matter.petitioners) or "来信人",
        to_unit=to_unit.name,
        to_phone=to_unit.phone,
        duty=sent.get_duty_display(),
        sent_on=day_words(timezone.localdate(sent.sent_at)),
    )


def objection(petition: Petition, case: Case, sent: Dispatch, raised: Objection, by_name: str, today: date) -> Paper:
    """异议(退回)申请单: which hand-over, why it is not this unit's, whose it is instead (条例§23③)."""
    units = directory.current().units
    suggested = units.get(raised.suggested_unit_id or 0)
    return letter(
        "P28",
        petition,
        case,
        today,
        word="信异",
        template="petitions/papers/objection.html",
        unit_id=sent.to_unit_id,
        query_code="",
        addressee=units[sent.from_unit_id].name,
        title=substance(case).title,
        duty=sent.get_duty_display(),
        sent_on=day_words(timezone.localdate(sent.sent_at)),
        reason=lines_of(raised.reason),
        suggested=suggested.name if suggested else "",
        by_name=by_name,
    )


def talk(petition: Petition, case: Case, heard: Inquiry, today: date) -> Paper:
    """接谈记录: when, where, by which two officers, what was said; read back and signed (条例§19①, L-PET-30/31)."""
    return letter(
        "P02",
        petition,
        case,
        today,
        word="信谈",
        template="petitions/papers/talk.html",
        query_code="",
        heard_on=day_words(heard.on),
        officers=heard.officers,
        place=heard.place,
        lines=lines_of(heard.words),
        people=_people(case),
    )


def registration(petition: Petition, case: Case, today: date) -> Paper:
    """登记表: what the regulations ask of a registration, for the person to check and sign (条例§19, L-PET-30/34/35)."""
    tree = directory.current()
    respondent = tree.units.get(petition.respondent_unit_id or 0)
    unsaid = "县群众工作中心或其工作人员" if petition.is_about_centre else ""
    return letter(
        "P01",
        petition,
        case,
        today,
        word="信登",
        template="petitions/papers/registration.html",
        unit_id=case.registered_unit_id,
        heading=f"{codes.CHANNELS.label(petition.channel)}登记表",
        query_code="",
        people=_people(case),
        purpose=codes.PURPOSES.label(petition.purpose),
        topic=codes.category_label(case.topic_code),
        place=tree.areas[case.area_id].path_name + petition.place,
        respondent="　".join(filter(None, [respondent.name if respondent else "", petition.respondent_name])) or unsaid,
        headcount=case.headcount,
        involved=petition.involved_count,
        source="　".join(filter(None, [codes.SOURCES.label(petition.source), petition.source_number])),
        repeat=_repeat(petition),
        flags="、".join(codes.FLAGS.label(flag) for flag in petition.flags) or "无",
        story=lines_of(petition.story),
        points=_numbered(Point.objects.filter(petition=petition).values_list("text", flat=True)),
        materials=[file.label or file.name for file in Attachment.objects.filter(case=case, is_internal=False)],
        registered_at=f"{timezone.localtime(case.opened_at):%Y年%-m月%-d日 %H:%M}",
        registered_by=case.registered_by.name,
        is_read_back=petition.read_back_at is not None,
        is_anonymous=petition.is_anonymous,
    )


def _repeat(petition: Petition) -> str:
    """初次, or the number of the matter it repeats (L-PET-39)."""
    earlier = Link.objects.filter(source=petition.pk, kind=Link.Kind.REPEAT, undone_at=None).select_related("target").first()
    return f"重复（{earlier.target.number}）" if earlier else "初次"


def result_report(petition: Petition, case: Case, sent: Dispatch, words: str, by_name: str, today: date) -> Paper:
    """办结报告 of an assigned matter to who assigned it (条例§22(三), L-PET-70): the red head form, signed by the head."""
    units = directory.current().units
    reply = Reply.objects.filter(petition=petition).exclude(approved_at=None).select_related("approved_by").order_by("-id").first()
    papers = {row.paper: row for row in Document.objects.filter(case=case, paper__in=["P04", "P06", "P07", "P09", "P11"]).order_by("id")}
    order = papers.pop("P04", None)
    answer = max(papers.values(), key=lambda row: row.pk, default=None)
    people = _people(case)
    names = "、".join(person["name"] for person in people)
    unit = units[case.unit_id]
    return letter(
        "P21",
        petition,
        case,
        today,
        word="信报",
        template="petitions/papers/result_report.html",
        query_code="",
        addressee=units[sent.from_unit_id].name,
        head=f"{unit.name}文件",
        heading=f"关于{names or '来信'}反映{case.title}信访事项办理情况的报告",
        signer=reply.approved_by.name if reply and reply.approved_by else "",
        order_number=order.number if order else "",
        sent_on=day_words(timezone.localdate(sent.sent_at)),
        people=people,
        points=[
            {
                "numeral": numeral(point.no),
                "text": point.text,
                "support": codes.REPLY_SUPPORT.label(point.support) if point.support else "",
                "result": sentence(point.result) if point.result else "",
                "ground": point.ground.rstrip("。；; "),
            }
            for point in Point.objects.filter(petition=petition)
        ],
        lines=lines_of(reply.text) if reply else [],
        delivered_on=day_words(petition.delivered_on) if petition.delivered_on else "",
        words=lines_of(words),
        attachments=[f"{answer.name}（{answer.number}）"] if answer else [],
        contact_line=_contact(by_name, unit.phone),
    )


def settlement(petition: Petition, case: Case, today: date, *, other: str, facts: str, terms: str, performance: str, presided_by: str) -> Paper:
    """调解(和解)协议书 (条例§33): the parties, the dispute, what they agreed, how and by when it is done; signed by both."""
    return letter(
        "P23",
        petition,
        case,
        today,
        word="信和",
        template="petitions/papers/settlement.html",
        query_code="",
        people=_people(case),
        other=other,
        facts=lines_of(facts),
        terms=[{"numeral": numeral(no), "text": sentence(line)} for no, line in enumerate(lines_of(terms), start=1)],
        performance=lines_of(performance),
        presided_by=presided_by,
    )


def _people(case: Case) -> list[dict[str, Any]]:
    """The petitioners and who speaks for them: name, sex, place to the village, numbers masked (L-SEC-39)."""
    areas = directory.current().areas
    rows = Party.objects.filter(case=case, position__in=["petitioner", "representative", "agent"])
    return [
        {
            "name": row.name,
            "position": row.get_position_display(),
            "sex": codes.SEXES.label(row.sex) if row.sex else "",
            "id_masked": row.id_masked,
            "phone": row.phone_masked,
            "nation": codes.NATIONS.label(row.nation) if row.nation else "",
            "id_type": codes.ID_TYPES.label(row.id_type) if row.id_type else "",
            "relation": row.relation,
            "authority": row.authority,
            "is_agent": row.position == Party.Position.AGENT,
            "address": (areas[row.area_id].path_name if row.area_id else "") + row.address,
            "occupation": codes.OCCUPATIONS.label(row.occupation) if row.occupation else "",
        }
        for row in rows
    ]


def _numbered(texts: Any) -> list[dict[str, str]]:
    return [{"numeral": numeral(no), "text": text.rstrip("。；; ")} for no, text in enumerate(texts, start=1)]


def _contact(name: str, phone: str) -> str:
    return f"（联系人：{name}{f'，电话：{phone}' if phone else ''}）"
