"""How fast papers are made: one letter after warm-up, and a batch with one process a core. Needs no database.

    .venv/bin/python -m bench.papers [--letters 500] [--processes 2]

Prints both figures against their limits (one letter under 300 ms, 500 letters under 2 minutes on 2 cores) and fails when one is missed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ONE_LETTER, BATCH = 0.300, 120.0


def _prepare() -> None:
    """Settings and fonts as the worker has them; keys of this run only."""
    from launch.fonts import write_fonts_conf

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("FONTCONFIG_FILE", str(write_fonts_conf(ROOT / "var")))
    os.environ.setdefault("SECRET_KEY", "bench")
    os.environ.setdefault("FIELD_KEYS", "bench:" + "0" * 32)
    os.environ.setdefault("BLIND_INDEX_KEY", "0" * 64)
    os.environ.setdefault("DATABASE_URL", "postgres://nobody@127.0.0.1/none")
    os.environ.setdefault("REDIS_URL", "redis://127.0.0.1/0")
    import django

    django.setup()


def _letter(no: int) -> float:
    """Make decision letter `no` as the worker does, from frozen content to bytes; seconds it took."""
    from casework import documents
    from casework.models import Document

    points = [
        {
            "no": point,
            "numeral": "一二三"[point - 1],
            "text": f"重新丈量第{no}号宅基地四至并拆除越界部分",
            "support": "予以支持",
            "result": f"经实地丈量，院墙越界0.{no % 9 + 1}米，责令于2027年3月1日前拆除，恢复排水沟原来的位置和宽度。",
            "ground": "《中华人民共和国民法典》第二百三十六条",
        }
        for point in (1, 2, 3)
    ]
    context = {
        "template": "petitions/papers/decision.html",
        "unit": "招远市自然资源和规划局",
        "unit_phone": "0535-8112046",
        "addressee": f"陈桂兰{no}",
        "title": "邻居砌墙占用宅基地",
        "case_number": f"370685-2026-{no:06d}",
        "query_code": "ABCD2345",
        "received_on": "2026年9月1日",
        "accepted_on": "2026年9月10日",
        "taken_on": "2026年9月3日",
        "from_unit": "招远市群众工作中心",
        "duty": "转送",
        "heard": "2026年9月15日，王海涛、宋涛",
        "investigated": "2026年9月20日，王海涛、宋涛",
        "points": points,
        "lines": ["经调查，支持您的请求。本单位将督促履行，并在履行期满后回访。"],
        "remedy_unit": "招远市人民政府",
        "copy_label": "抄报",
        "copy_to": "招远市人民政府、招远市群众工作中心",
        "date": "2026年11月22日",
    }
    document = Document(name="信访事项处理意见书", number=f"自然资源局信处〔2026〕{no}号", context=context, verify_code="ABCDEFGHJKMN")
    started = time.perf_counter()
    content = documents.to_pdf(documents.html(document))
    if not content.startswith(b"%PDF-"):
        raise RuntimeError("no PDF")
    return time.perf_counter() - started


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--letters", type=int, default=500)
    asked.add_argument("--processes", type=int, default=2)
    options = asked.parse_args()
    _prepare()
    for no in range(3):
        _letter(no)
    busy = time.process_time()
    single = [_letter(no) for no in range(20)]
    computing = (time.process_time() - busy) / len(single)
    one = statistics.median(single)
    slow = sorted(single)[-1]
    started = time.perf_counter()
    with ProcessPoolExecutor(options.processes, mp_context=get_context("spawn"), initializer=_prepare) as pool:
        each = list(pool.map(_letter, range(options.letters), chunksize=10))
    batch = time.perf_counter() - started
    allowed = BATCH * options.letters / 500
    sys.stdout.write(f"one letter, after warm-up: median {one * 1000:.0f} ms, slowest of 20 {slow * 1000:.0f} ms")
    sys.stdout.write(f" (limit {ONE_LETTER * 1000:.0f} ms); {computing * 1000:.0f} ms of a processor\n")
    sys.stdout.write(f"{options.letters} letters, {options.processes} processes: {batch:.1f} s, {options.letters / batch:.1f} a second, ")
    sys.stdout.write(f"each {statistics.median(each) * 1000:.0f} ms (limit {allowed:.0f} s)\n")
    return 0 if one < ONE_LETTER and batch < allowed else 1


if __name__ == "__main__":
    sys.exit(main())
