"""The stand-alone verifier of sealed reports: one file, standard library only, rejects one flipped byte anywhere (issue 5 §3, §6)."""

import ast
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.workbook import Workbook
from tools import verify_report

SCRIPT = Path(verify_report.__file__)
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 12


def canonical(manifest):
    return json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def workbook():
    out = io.BytesIO()
    created = datetime(2026, 11, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
    with Workbook(out, title="月报", creator="县中心", created_at=created) as book, book.sheet("按单位", [20, 10]) as sheet:
        sheet.row(["单位", "件数"], style="head")
        sheet.row(["县住建局", 12])
    return out.getvalue()


def sealed(files, previous=""):
    """A manifest's bytes, written by other code than the verifier's."""
    manifest = {
        "format": "yimen-month/1",
        "county": "栖霞市",
        "unit": "市群众工作中心",
        "period": {"from": "2026-10-01", "until": "2026-10-31", "kind": "month"},
        "closed_at": "2026-11-03T09:00:00+08:00",
        "closed_by": "李建国（市群众工作中心）",
        "cut_off": "2026-11-03T09:00:00+08:00",
        "measures": {"accept_on_time": 1},
        "history_head": {"day": "2026-11-02", "hash": "a" * 64},
        "inputs": {"cases": 3, "sha256": "b" * 64},
        "files": [{"name": name, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()} for name, raw in sorted(files.items())],
        "previous": previous,
    }
    return canonical({**manifest, "sha256": hashlib.sha256(canonical(manifest)).hexdigest()})


FILES = {"月报.pdf": PDF, "月报.xlsx": workbook()}
SEALED = sealed(FILES)


@pytest.fixture
def folder(tmp_path):
    for name, raw in {**FILES, "manifest.json": SEALED}.items():
        (tmp_path / name).write_bytes(raw)
    return tmp_path


def packed(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, raw in parts.items():
            package.writestr(name, raw)
    return str(path)


def test_what_was_sealed_is_good(folder, capsys):
    assert verify_report.main([str(folder)]) == 0
    assert verify_report.main([str(folder / "manifest.json"), str(folder / "月报.pdf"), str(folder / "月报.xlsx")]) == 0
    assert verify_report.main([packed(folder / "包.zip", {**FILES, "manifest.json": SEALED})]) == 0
    assert "结论：全部一致" in capsys.readouterr().out


def test_it_runs_alone_without_the_application(folder):
    """Isolated, in an empty place, without site packages."""
    alone = folder / "alone.py"
    alone.write_bytes(SCRIPT.read_bytes())
    done = subprocess.run([sys.executable, "-I", "-S", str(alone), str(folder)], capture_output=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr.decode()
    assert "结论：全部一致" in done.stdout.decode()


def test_only_the_standard_library_is_used():
    modules = set()
    for node in ast.walk(ast.parse(SCRIPT.read_text(), feature_version=(3, 9))):
        if isinstance(node, ast.Import):
            modules |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add((node.module or "").split(".")[0])
    assert modules <= set(sys.stdlib_module_names)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(which=st.sampled_from([*FILES, "manifest.json"]), place=st.integers(0, 10**9), change=st.integers(1, 255))
def test_one_flipped_byte_anywhere_is_found(folder, which, place, change):
    parts = {**FILES, "manifest.json": SEALED}
    raw = bytearray(parts[which])
    raw[place % len(raw)] ^= change
    parts[which] = bytes(raw)
    for name, content in parts.items():
        (folder / name).write_bytes(content)
    assert verify_report.main([str(folder)]) in (verify_report.ALTERED, verify_report.UNREADABLE)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300))
def test_rubbish_is_refused_in_words(folder, raw):
    (folder / "manifest.json").write_bytes(raw)
    assert verify_report.main([str(folder)]) == verify_report.UNREADABLE


def test_it_names_the_file_and_both_values(folder, capsys):
    altered = PDF[:-1] + b"!"
    (folder / "月报.pdf").write_bytes(altered)
    assert verify_report.main([str(folder)]) == 1
    told = capsys.readouterr().out
    assert "月报.pdf：文件内容被改动" in told
    assert hashlib.sha256(PDF).hexdigest() in told
    assert hashlib.sha256(altered).hexdigest() in told
    (folder / "月报.pdf").write_bytes(PDF[:-1])
    assert verify_report.main([str(folder)]) == 1
    assert f"{len(PDF) - 1} 字节" in capsys.readouterr().out


def test_a_missing_and_a_foreign_file_are_found(folder, capsys):
    assert verify_report.main([str(folder / "manifest.json"), str(folder / "月报.pdf")]) == 1
    assert "月报.xlsx：清单里有，没有提供这个文件" in capsys.readouterr().out
    assert verify_report.main([packed(folder / "包.zip", {**FILES, "manifest.json": SEALED, "外来.pdf": PDF})]) == 1
    assert "外来.pdf：清单里没有这个文件" in capsys.readouterr().out


def test_what_lies_beside_it_in_a_folder_is_nobodys_fault(folder):
    (folder / "Thumbs.db").write_bytes(b"x")
    assert verify_report.main([str(folder)]) == 0


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_cannot_hide_behind_each_other(folder):
    path = packed(folder / "包.zip", {"manifest.json": SEALED, "月报.xlsx": FILES["月报.xlsx"], "月报.pdf": b"false"})
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("月报.pdf", PDF)
    assert verify_report.main([path]) == 1


def test_the_chain_to_the_month_before(folder, capsys):
    before = sealed({"九月.pdf": b"%PDF"})
    now = sealed(FILES, previous=json.loads(before)["sha256"])
    (folder / "manifest.json").write_bytes(now)
    assert verify_report.main([str(folder)]) == 0
    assert "未核验链接" in capsys.readouterr().out
    earlier = folder / "earlier.json"
    earlier.write_bytes(before)
    assert verify_report.main([str(folder), "--previous", str(earlier)]) == 0
    assert "与上一期的链接：2026-10-01" in capsys.readouterr().out
    earlier.write_bytes(sealed({"九月.pdf": b"another"}))
    assert verify_report.main([str(folder), "--previous", str(earlier)]) == 1
    assert verify_report.main([packed(folder / "包.zip", {**FILES, "manifest.json": now, "previous.json": before})]) == 0


def test_a_whole_new_manifest_is_found_by_a_hash_kept_elsewhere(folder):
    hash_kept = json.loads(SEALED)["sha256"]
    assert verify_report.main([str(folder), "--expect", hash_kept.upper()]) == 0
    (folder / "月报.pdf").write_bytes(b"%PDF false")
    (folder / "manifest.json").write_bytes(sealed({**FILES, "月报.pdf": b"%PDF false"}))
    assert verify_report.main([str(folder)]) == 0
    assert verify_report.main([str(folder), "--expect", hash_kept]) == 1


def test_another_spelling_of_the_same_manifest_is_refused(folder, capsys):
    (folder / "manifest.json").write_text(json.dumps(json.loads(SEALED), indent=1), encoding="utf-8")
    assert verify_report.main([str(folder)]) == 1
    assert "写法被改动" in capsys.readouterr().out


@pytest.mark.parametrize("paths", [["nothing-here"], ["manifest.json"]])
def test_what_cannot_be_judged_says_so(tmp_path, monkeypatch, paths, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    assert verify_report.main(paths) == 2
    assert "没法核验" in capsys.readouterr().out
