#!/usr/bin/env python3
"""核验一件案件的历史记录，不需要本系统。Checks the history of one case without the application (standard library only).

    python3 verify_history.py 历史记录_370685-2026-000123.json

Checked: the file's own SHA-256; that each line's hash is that of its text; that each line's text names the case, its own number
and the hash of the line before; that the last hash is the case's head; that each day's seal follows from the hashes of that
day's lines and holds this case's lines. Exit status 0: everything fits; 1: something was changed; 2: not such a file.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

FORMAT = "yimen-history/1"
#: Places of a line's fields in its text.
NUMBER, NO, PREVIOUS = 0, 1, -1


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def problems(data: bytes) -> list[str]:
    """Everything that does not fit, in words. Raises ValueError for what is no such file."""
    content = json.loads(data.decode("utf-8"))
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError("不是历史记录文件")
    found = []
    stated = content.pop("sha256", "")
    if sha256(canonical(content)) != stated or canonical({**content, "sha256": stated}) != data:
        found.append("文件内容与文件校验值不符")
    return found + _lines(content) + _seals(content)


def _lines(content: dict[str, Any]) -> list[str]:
    found, previous = [], ""
    case = content["case"]
    for position, line in enumerate(content["lines"], start=1):
        fields = json.loads(line["content"])
        where = f"第{position}条"
        if sha256(line["content"].encode()) != line["hash"]:
            found.append(f"{where}：内容与校验值不符")
        if fields[NUMBER] != case["number"] or fields[NO] != position or line["no"] != position:
            found.append(f"{where}：编号或序号不符")
        if fields[PREVIOUS] != previous:
            found.append(f"{where}：与上一条不衔接")
        previous = line["hash"]
    if len(content["lines"]) != case["lines"] or previous != case["head"]:
        found.append("末尾记录缺失，或与案件的末尾校验值不符")
    return found


def _seals(content: dict[str, Any]) -> list[str]:
    found = []
    sealed: dict[int, str] = {}
    for seal in content["seals"]:
        total = hashlib.sha256(f"{seal['previous']}|{seal['day']}".encode())
        for _, digest in seal["lines"]:
            total.update(digest.encode())
        if total.hexdigest() != seal["hash"]:
            found.append(f"{seal['day']} 日封与当日记录不符")
        sealed.update((pk, digest) for pk, digest in seal["lines"])
    missing = [line["no"] for line in content["lines"] if line["no"] not in content["unsealed"] and sealed.get(line["id"]) != line["hash"]]
    return found + [f"第{no}条：不在所列日封之内" for no in missing]


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("用法：python3 verify_history.py 文件.json")
        return 2
    try:
        data = Path(arguments[0]).read_bytes()
        found = problems(data)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        print(f"无法核验：{error}")
        return 2
    if found:
        print("核验不通过：")
        print("\n".join(found))
        return 1
    content = json.loads(data)
    case = content["case"]
    print(f"核验通过：{case['number']}，历史记录{case['lines']}条，日封{len(content['seals'])}个，尚未日封{len(content['unsealed'])}条")
    print(f"末尾校验值 {case['head']}")
    for seal in content["seals"]:
        print(f"日封 {seal['day']} {seal['hash']}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
