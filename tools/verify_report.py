#!/usr/bin/env python3
"""核验已封存的报表（月报、季报、年报等）是否被改动过。单个文件，只用 Python 标准库（3.9 及以上），不需要安装本系统，不联网。

用法:
    python verify_report.py manifest.json 文件…         清单和要核验的文件
    python verify_report.py 文件夹                      文件夹里的 manifest.json 和它列出的文件
    python verify_report.py 报表包.zip                  整包下载的压缩包
    python verify_report.py … --previous 上期manifest.json   同时核验与上一期的链接（包里有 previous.json 时自动核验）
    python verify_report.py … --expect 哈希值           清单的哈希应当是这个值（例如纸质报表封底印的、或系统页面显示的）

结果（退出码）: 0 全部一致；1 有不一致；2 没法核验（文件打不开、清单读不懂、用法不对）。

What is checked: the manifest is in canonical spelling and its own SHA-256 is right; every file it lists is there with the stated
length and SHA-256; nothing is in the package that the manifest does not list; `previous` is the hash of the previous manifest.
Whoever can alter files can write a new manifest as well: only a hash kept elsewhere (--expect, or the next month's
`previous`) tells that the manifest itself is the one that was sealed. The verifier says so when neither is given.

Format of the manifest «yimen-month/1»: JSON, UTF-8, keys sorted, separators "," and ":" without blanks, characters not escaped,
no line end, no byte order mark:
    {"closed_at": moment with offset, "closed_by": person and unit, "county": name, "cut_off": moment with offset,
     "files": [{"bytes": length, "name": file name, "sha256": hex}, …], "format": "yimen-month/1",
     "history_head": {"day": "YYYY-MM-DD", "hash": hex of the day's seal of the history chain},
     "inputs": {"cases": number, "sha256": hex over the frozen inputs}, "measures": {code: version},
     "period": {"from": "YYYY-MM-DD", "kind": "month", "until": "YYYY-MM-DD"},
     "previous": "sha256" of the manifest before, or "", "sha256": hex over these bytes without this field, "unit": name}
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import IO, Any

FORMAT = "yimen-month/1"
MANIFEST, PREVIOUS = "manifest.json", "previous.json"
GOOD, ALTERED, UNREADABLE = 0, 1, 2
#: No manifest is longer, so that a false one cannot fill the memory.
MOST_BYTES = 64 * 1024 * 1024
_HEX = re.compile(r"[0-9a-f]{64}\Z")
_FIELDS = {
    "closed_at": str,
    "closed_by": str,
    "county": str,
    "cut_off": str,
    "files": list,
    "format": str,
    "history_head": dict,
    "inputs": dict,
    "measures": dict,
    "period": dict,
    "previous": str,
    "sha256": str,
    "unit": str,
}

Opener = Callable[[], "IO[bytes]"]
#: What opening or reading a damaged file or package ends in.
_BROKEN = (OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)


class Unreadable(Exception):
    """What was given cannot be judged; the words say why."""


class Report:
    """What was found, line by line; whether all of it is good."""

    def __init__(self) -> None:
        self.is_good = True

    def good(self, words: str) -> None:
        print("  [一致]   " + words)

    def bad(self, words: str, expected: str = "", found: str = "") -> None:
        self.is_good = False
        print("  [不一致] " + words)
        if expected or found:
            print("           应为 " + expected)
            print("           实为 " + found)

    def note(self, words: str) -> None:
        print("  [提示]   " + words)


def canonical(manifest: dict[str, Any]) -> bytes:
    """The one spelling of a manifest."""
    return json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("utf-8")


def own_hash(manifest: dict[str, Any]) -> str:
    """SHA-256 of a manifest over everything but the field that holds it."""
    return hashlib.sha256(canonical({key: value for key, value in manifest.items() if key != "sha256"})).hexdigest()


def parsed(raw: bytes, name: str) -> dict[str, Any]:
    """The manifest with all its fields. Raises Unreadable."""
    try:
        manifest = json.loads(raw.decode("utf-8"))
        canonical(manifest)
    except (ValueError, RecursionError):
        raise Unreadable(f"{name} 不是清单，或已损坏（读不出 JSON）。") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), str):
        raise Unreadable(f"{name} 不是报表清单。")
    if manifest["format"] != FORMAT:
        raise Unreadable(f"{name} 的格式是 {manifest['format']}，本程序只认 {FORMAT}。")
    for field, kind in _FIELDS.items():
        if not isinstance(manifest.get(field), kind):
            raise Unreadable(f"{name} 缺少“{field}”，或内容不对。")
    for line in manifest["files"]:
        if not (
            isinstance(line, dict) and isinstance(line.get("name"), str) and isinstance(line.get("sha256"), str) and type(line.get("bytes")) is int
        ):
            raise Unreadable(f"{name} 的文件列表不完整。")
    return manifest


def check_manifest(raw: bytes, name: str, report: Report) -> dict[str, Any]:
    """Spelling and own hash of a manifest."""
    manifest = parsed(raw, name)
    found = own_hash(manifest)
    if found != manifest["sha256"]:
        report.bad(f"{name}：清单内容被改动", manifest["sha256"], found)
    elif canonical(manifest) != raw:
        report.bad(f"{name}：清单的写法被改动（内容相同，字节不同）", f"规范写法 {len(canonical(manifest))} 字节", f"{len(raw)} 字节")
    else:
        report.good(f"{name}：清单自身，SHA-256 {found}")
    return manifest


def check_files(manifest: dict[str, Any], given: dict[str, Opener], report: Report) -> None:
    """Each listed file against what was given, and that nothing else was given."""
    listed = [line["name"] for line in manifest["files"]]
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        report.bad(f"{name}：清单里列了两次")
    for line in manifest["files"]:
        name, opener = line["name"], given.get(line["name"])
        if opener is None:
            report.bad(f"{name}：清单里有，没有提供这个文件")
            continue
        length, digest = measure(opener, name)
        if length != line["bytes"]:
            report.bad(f"{name}：文件长度不同", f"{line['bytes']} 字节", f"{length} 字节")
        elif digest != line["sha256"]:
            report.bad(f"{name}：文件内容被改动（SHA-256 不同）", line["sha256"], digest)
        else:
            report.good(f"{name}：{length} 字节，SHA-256 {digest}")
    for name in sorted(set(given) - set(listed)):
        report.bad(f"{name}：清单里没有这个文件")
    if not listed:
        report.bad("清单里一个文件也没有")


def measure(opener: Opener, name: str) -> tuple[int, str]:
    """Length and SHA-256 of a file, read in pieces. Raises Unreadable."""
    digest, length = hashlib.sha256(), 0
    try:
        with opener() as file:
            for piece in iter(lambda: file.read(1 << 20), b""):
                digest.update(piece)
                length += len(piece)
    except _BROKEN:
        return length, f"读到第 {length} 字节出错，文件已损坏"
    return length, digest.hexdigest()


def check_chain(manifest: dict[str, Any], previous: bytes | None, report: Report) -> None:
    """The link to the period before."""
    linked = manifest["previous"]
    if linked and not _HEX.match(linked):
        report.bad("与上一期的链接不是哈希值", "64 位十六进制", linked)
    elif previous is None:
        report.note(f"清单链接到上一期 {linked}；没有提供上一期清单，未核验链接。" if linked else "这是第一期，没有上一期。")
    else:
        before = check_manifest(previous, "上一期清单", report)
        if own_hash(before) == linked:
            report.good(f"与上一期的链接：{before['period'].get('from')} 至 {before['period'].get('until')}")
        else:
            report.bad("与上一期的链接不对", linked or "（没有上一期）", own_hash(before))


def check_expected(manifest: dict[str, Any], expected: str, report: Report) -> None:
    """The hash known from elsewhere."""
    if not expected:
        report.note("未提供 --expect：请把清单的 SHA-256 与系统页面上的、或下一期清单里的“previous”对一下，以确认清单本身没有被整个换掉。")
    elif expected == own_hash(manifest):
        report.good("清单哈希与您提供的一致")
    else:
        report.bad("清单哈希与您提供的不同", expected, own_hash(manifest))


def read(opener: Opener, name: str) -> bytes:
    """A manifest's bytes. Raises Unreadable."""
    try:
        with opener() as file:
            raw = file.read(MOST_BYTES + 1)
    except _BROKEN as error:
        raise Unreadable(f"{name} 打不开：{error}") from None
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"{name} 太大，不是清单。")
    return raw


class Given:
    """The files somebody handed over, by name, each with how to open it."""

    def __init__(self) -> None:
        self.files: dict[str, Opener] = {}
        self.faults: list[str] = []
        #: Names out of a folder: what lies beside the report there is nobody's fault.
        self.beside: set[str] = set()

    def take(self, paths: Iterable[str]) -> None:
        """Files, a folder or a zip package. Raises Unreadable."""
        for given in paths:
            path = Path(given)
            if path.is_dir():
                inside = [item for item in sorted(path.iterdir()) if item.is_file()]
                self.files.update({item.name: partial(item.open, "rb") for item in inside})
                self.beside.update(item.name for item in inside)
            elif not path.is_file():
                raise Unreadable(f"找不到 {given}")
            elif path.suffix.lower() == ".zip":
                self._unpack(path)
            else:
                self.files[path.name] = partial(path.open, "rb")

    def _unpack(self, path: Path) -> None:
        """The files of a package. Two entries of one name would let one hide behind the other."""
        try:
            package = zipfile.ZipFile(path)
        except _BROKEN:
            raise Unreadable(f"{path.name} 不是完好的压缩包。") from None
        for entry in package.infolist():
            if entry.is_dir():
                continue
            if entry.filename in self.files:
                self.faults.append(f"{entry.filename}：压缩包里有两个同名文件")
            self.files[entry.filename] = partial(package.open, entry)

    def manifest(self) -> str:
        """The manifest's name. Raises Unreadable."""
        lying = [name for name in self.files if name.lower() == MANIFEST]
        lying = lying or [name for name in self.files if name.lower().endswith(".json") and name.lower() != PREVIOUS]
        if not lying:
            raise Unreadable("没有找到清单（manifest.json）。")
        if len(lying) > 1:
            raise Unreadable(f"有几个清单，请只给一个：{'、'.join(lying)}")
        return lying[0]


def verify(paths: list[str], previous: str, expected: str) -> int:
    """The whole of it. Returns the exit code. Raises Unreadable."""
    report, given = Report(), Given()
    given.take(paths)
    name = given.manifest()
    raw = read(given.files.pop(name), name)
    held = next((other for other in given.files if other.lower() == PREVIOUS), "")
    inside = read(given.files.pop(held), held) if held else None
    before = read(partial(Path(previous).open, "rb"), previous) if previous else inside
    print(f"核验 {name}")
    for fault in given.faults:
        report.bad(fault)
    manifest = check_manifest(raw, name, report)
    listed = {line["name"] for line in manifest["files"]}
    check_files(manifest, {key: opener for key, opener in given.files.items() if key in listed or key not in given.beside}, report)
    check_chain(manifest, before, report)
    check_expected(manifest, expected.strip().lower(), report)
    period = manifest["period"]
    print(f"{manifest['county']} · {manifest['unit']} · {period.get('from')} 至 {period.get('until')}")
    print(f"{manifest['closed_at']} 封存，{manifest['closed_by']}；数据截至 {manifest['cut_off']}")
    print("结论：全部一致，没有发现改动。" if report.is_good else "结论：有不一致，不能作为原件使用。")
    return GOOD if report.is_good else ALTERED


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify_report.py", description="核验已封存的报表是否被改动过。", add_help=True)
    parser.add_argument("paths", nargs="+", metavar="清单、文件、文件夹或压缩包")
    parser.add_argument("--previous", default="", metavar="上期清单", help="上一期的 manifest.json")
    parser.add_argument("--expect", default="", metavar="哈希值", help="清单的 SHA-256 应当是这个值")
    asked = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        return verify(asked.paths, asked.previous, asked.expect)
    except Unreadable as problem:
        print(f"没法核验：{problem}")
        return UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
