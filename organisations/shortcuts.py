"""The keyboard map (DESIGN.md §7): its commands, their standard keys, and which other keys a person may choose instead.

County browsers and input methods take keys for themselves, so each person may move a command to another key. Pages go on
declaring the standard key; the script translates what is pressed. Esc, Enter and the numbers of the routing board mean the
same in every program or follow what is shown, so they stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """`standard` is how pages declare it (data-key); `while_typing`: wanted with the cursor in a field, so a letter will not do."""

    code: str
    label: str
    standard: str
    while_typing: bool = False


COMMANDS = (
    Command("search", "全局搜索", "/"),
    Command("sheet", "快捷键帮助", "?"),
    Command("register", "新登记", "Alt+1", while_typing=True),
    Command("cases", "案件列表", "Alt+2", while_typing=True),
    Command("draft", "暂存", "F8", while_typing=True),
    Command("save", "保存并打印", "F9", while_typing=True),
    Command("texts", "常用语", "Alt+T", while_typing=True),
    Command("photo", "上传、拍摄材料", "Alt+P", while_typing=True),
    Command("merge", "并入疑似重复", "Alt+M", while_typing=True),
    Command("split", "从内容拆分诉求", "Alt+S", while_typing=True),
    Command("resume", "继续上一份草稿", "Alt+R", while_typing=True),
    Command("submit", "提交当前表单", "Ctrl+Enter", while_typing=True),
    Command("next", "下一行、下一件", "J"),
    Command("previous", "上一行、上一件", "K"),
    Command("tick", "勾选当前行", "X"),
    Command("urge", "催办（已勾选）", "U"),
    Command("route", "分流（已勾选）", "R"),
    Command("assign", "指派（已勾选）", "A"),
    Command("new", "新登记（首页、案件列表），记录调解（纠纷页）", "N"),
    Command("undo", "撤销刚才的分流、指定、记录（10 秒内）", "Z"),
)
#: F1 F3 F5–F7 F10–F12, Ctrl with a letter and Alt with D, E, F belong to the browsers (DESIGN.md §7.1); plain numbers to the routing board.
_FREE = re.compile(r"F[2489]|Alt\+[0-9A-CG-Z]|Ctrl\+Enter|[A-Z/?]")
_PLAIN = re.compile(r"[A-Z/?]")


def spelled(typed: str) -> str:
    """What a person types or presses, as pages write it: «alt s», «ALT+S» → «Alt+S»; «？» → «?»."""
    parts = [part.capitalize() for part in re.split(r"[\s+＋]+", typed.strip().replace("？", "?").replace("／", "/")) if part]
    return "+".join(parts)


def shown(key: str) -> str:
    """As a key cap bears it: «Alt+S» → «Alt S»."""
    return key.replace("+", " ")


def keys_of(changed: Mapping[str, str]) -> dict[str, str]:
    """Command → key, for everyone of the map."""
    return {command.code: changed.get(command.code, command.standard) for command in COMMANDS}


def translation(changed: Mapping[str, str]) -> str:
    """For the script: «F9=Alt+J J=L», standard=chosen."""
    return " ".join(f"{command.standard}={changed[command.code]}" for command in COMMANDS if command.code in changed)


def problems(keys: Mapping[str, str]) -> dict[str, str]:
    """Command → the sentence that refuses its key, of a whole map."""
    found: dict[str, str] = {}
    for command in COMMANDS:
        key = keys[command.code]
        twin = next((other for other in COMMANDS if other is not command and keys[other.code] == key), None)
        if not _FREE.fullmatch(key):
            found[command.code] = f"不能用“{shown(key)}”。可用 F2、F4、F8、F9，Alt 加数字或字母（D、E、F 除外），Ctrl Enter，或单个字母。"
        elif command.while_typing and _PLAIN.fullmatch(key):
            found[command.code] = f"打字时也要用这一项，不能用单键“{key}”，请加 Alt 或用 F 键。"
        elif twin:
            found[command.code] = f"“{shown(key)}”与“{twin.label}”相同，请换一个键。"
    return found


def changes(keys: Mapping[str, str]) -> dict[str, str]:
    """Only what differs from the standard is kept, so that a later standard reaches everybody else."""
    return {command.code: keys[command.code] for command in COMMANDS if keys[command.code] != command.standard}
