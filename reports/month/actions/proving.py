"""What is sealed is computed again: from what is stored, and from the frozen facts."""

from __future__ import annotations

from dataclasses import dataclass

from organisations import clock
from reports.models import FrozenFact, FrozenPast, Report
from reports.month import papers, queries, rules
from reports.month.actions.making import build


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked: what, whether it holds, the hash found."""

    what: str
    is_good: bool
    found: str


def verify(report: Report) -> list[Finding]:
    """Everything stored of a sealed report, computed again now: files, manifest, chain, frozen facts."""
    held = rules.parsed(report.manifest)
    listed = {row["name"]: row["sha256"] for row in held["files"]}
    findings = []
    for file in report.files.all():
        digest = rules.sha256(bytes(file.content))
        findings.append(Finding(file.name, digest == file.sha256 == listed.get(file.name), digest))
    own = rules.own_hash(held)
    findings.append(Finding("清单", own == held["sha256"] == report.manifest_sha256, own))
    previous = queries.previous_of(report)
    before_hash = rules.own_hash(rules.parsed(previous.manifest)) if previous and previous.is_sealed else ""
    findings.append(Finding("与上一期的链接" if before_hash else "这是第一期", before_hash == held["previous"], before_hash or "—"))
    if report.closing is not None:
        cases, digest = queries.inputs(
            FrozenFact.objects.filter(closing=report.closing).order_by(),
            FrozenPast.objects.filter(closing=report.closing).order_by(),
            queries.columns_of(report.closing),
        )
        good = (cases, digest) == (report.closing.cases, report.closing.sha256) == (held["inputs"]["cases"], held["inputs"]["sha256"])
        findings.append(Finding(f"封存的{cases:,}件数据", good, digest))
    return findings


def rebuild(report: Report) -> list[Finding]:
    """Make a sealed report again from its frozen facts and say, file by file, whether it is the same to the byte."""
    made = build(report, report.previous_sha256, clock.now())
    stored = {file.sort: file.sha256 for file in report.files.all()}
    findings = [Finding(file.name, file.sha256 == stored.get(file.sort), file.sha256) for file in made.files]
    is_same = all(found.is_good for found in findings)
    if not is_same and report.closing is not None and report.closing.frame["program"] != papers.program():
        findings.append(Finding("生成报告的程序（与封存时的版本不同，文件不同不等于数据被改）", is_good=False, found=papers.program()))
    return [*findings, Finding("清单", made.manifest_sha256 == report.manifest_sha256, made.manifest_sha256)]
