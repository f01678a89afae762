"""What a definition rests on and how it is counted, in words a reader outside the house can look up. Pure."""

from __future__ import annotations

import re

from reports.rules.measures import Measure

#: What the ids of the definitions stand for, as a reader outside the house can look it up; all others are the house's own counting.
_LAWS = {
    "L-PET-20": "《信访工作条例》第二十二条、第二十三条",
    "L-PET-21": "《信访工作条例》第三十四条",
    "L-PET-22": "《信访工作条例》第三十四条",
    "L-PET-51": "《信访工作条例》第四十四条",
    "条例§35": "《信访工作条例》第三十五条",
    "L-PET-90": "《信访工作条例》第四十条",
    "L-CLS-20": "《信访事项办理群众满意度评价办法》",
    "L-CLS-24": "《信访事项办理群众满意度评价办法》",
    "L-CLS-30": "国家信访业务统计口径",
    "L-CLS-31": "国家信访业务统计口径",
    "L-CLS-32": "国家信访业务统计口径",
    "L-CLS-33": "《信访工作条例》第二十条",
    "L-CLS-34": "国家信访业务统计口径",
    "L-SEC-7": "《个人信息保护法》第五十一条",
    "75号令§33": "《人民调解工作若干规定》第三十三条",
}
_OWN = "本系统统计口径"
_BETWEEN = re.compile("[、；]")
_ID = re.compile(r"(?:HALL|MED|ALL|L)-[A-Z0-9-]+")
#: An id of the house in the words of a definition.
_NOTE = re.compile(r"（(?:HALL|MED|L)-[A-Z0-9-]+）")


def grounds(measure: Measure) -> str:
    """The laws and national rules, each once; a measure of the county's own says so."""
    named = dict.fromkeys(_LAWS[cite] for cite in measure.cites.split("、") if cite in _LAWS)
    return "；".join(named) or _OWN


def words(cites: str) -> tuple[str, ...]:
    """What a doubt rests on, each law once: ids of the house as laws, a paragraph of a law as it is written; none for the county's own."""
    parts = [part.strip() for part in _BETWEEN.split(cites) if part.strip()]
    named = (_LAWS.get(part, "" if _ID.fullmatch(part) else part) for part in parts)
    return tuple(dict.fromkeys(name for name in named if name)) or (_OWN,)


def formula(measure: Measure) -> str:
    """How a measure is counted, without the house's own ids."""
    return _NOTE.sub("", measure.formula)
