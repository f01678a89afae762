"""How a sample is drawn: the same everywhere, recomputable with sha256sum and sort, fair between strata (opening 12)."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.rules import NotAllowed
from reports.audit import rules

NUMBERS = [f"370685-2026-{no:06d}" for no in range(1, 201)]
STRATA = {number: f"{no % 3:06d} 单位{no % 3}" for no, number in enumerate(NUMBERS)}


def test_the_draw_is_what_the_words_say_and_never_changes():
    drawn = rules.draw(STRATA, seed="20261122", size=5, is_stratified=False)
    # Written down once, by sha256sum: another machine, another year, another Python must give these.
    assert [one.number[-6:] for one in drawn] == ["000158", "000149", "000030", "000052", "000109"]
    assert drawn[0].key == "0157d5d8f94e52e56ef5ed8aca3e1c090424a170f470d5c90df2335baef632e5"


def test_anybody_can_draw_it_by_hand(tmp_path):
    (tmp_path / "population.txt").write_text(rules.population_text(NUMBERS), encoding="utf-8")
    shell = shutil.which("bash")
    assert shell
    out = subprocess.run(
        [shell, "-c", rules.BY_HAND], cwd=tmp_path, env={"SEED": "公证 07", "SIZE": "8", "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    drawn = rules.draw(STRATA, seed="公证 07", size=8, is_stratified=False)
    assert out.stdout.splitlines() == [f"{one.key} {one.number}" for one in drawn]


def test_a_stratified_draw_repeats_by_hand_stratum_by_stratum(tmp_path):
    lines = "".join(f"{number}\t{STRATA[number]}\n" for number in sorted(NUMBERS))
    (tmp_path / "population.txt").write_text(lines, encoding="utf-8")
    shell = shutil.which("bash")
    assert shell
    counts = {stratum: list(STRATA.values()).count(stratum) for stratum in set(STRATA.values())}
    found = []
    for stratum, share in sorted(rules.quotas(counts, 8).items()):
        settings = {"SEED": "公证 07", "SIZE": str(share), "STRATUM": stratum, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        out = subprocess.run([shell, "-c", rules.BY_HAND_STRATUM], cwd=tmp_path, env=settings, capture_output=True, text=True, check=True)
        found += out.stdout.splitlines()
    drawn = rules.draw(STRATA, seed="公证 07", size=8, is_stratified=True)
    assert found == [f"{one.key} {one.number}" for one in drawn]


def test_the_population_hash_is_that_of_sha256sum(tmp_path):
    file = tmp_path / "population.txt"
    file.write_text(rules.population_text(NUMBERS), encoding="utf-8")
    tool = shutil.which("sha256sum")
    assert tool
    told = subprocess.run([tool, str(file)], capture_output=True, text=True, check=True).stdout
    assert told.split()[0] == rules.population_hash(reversed(NUMBERS))


@given(st.dictionaries(st.text("ab", min_size=1, max_size=3), st.integers(1, 40), min_size=1), st.data())
def test_strata_get_their_share(counts, data):
    size = data.draw(st.integers(1, sum(counts.values())))
    shares = rules.quotas(counts, size)
    assert sum(shares.values()) == size
    total = sum(counts.values())
    for code, share in shares.items():
        assert 0 <= share <= counts[code]
        assert abs(share - size * counts[code] / total) < 1


def test_a_stratified_draw_takes_the_smallest_of_each():
    drawn = rules.draw(STRATA, seed="s", size=9, is_stratified=True)
    by_stratum = {stratum: [one.number for one in drawn if one.stratum == stratum] for stratum in set(STRATA.values())}
    assert {len(found) for found in by_stratum.values()} == {3}
    for stratum, found in by_stratum.items():
        members = [number for number in NUMBERS if STRATA[number] == stratum]
        assert found == sorted(members, key=lambda number: rules.key_of("s", number))[:3]


@pytest.mark.parametrize(("seed", "size"), [("", 3), ("  ", 3), ("s", 0), ("s", 201), ("s", 501)])
def test_what_cannot_be_drawn_is_refused_in_words(seed, size):
    with pytest.raises(NotAllowed) as refusal:
        rules.draw(STRATA, seed=seed, size=size, is_stratified=False)
    assert refusal.value.status == 422


def test_papers_are_complete_only_with_words_for_every_doubt():
    with pytest.raises(NotAllowed, match="还有1件"):
        rules.check_complete([("1", "fine", ""), ("2", "", "")], "好")
    with pytest.raises(NotAllowed, match="写明情况"):
        rules.check_complete([("1", "problem", " ")], "好")
    with pytest.raises(NotAllowed, match="总的结论"):
        rules.check_complete([("1", "fine", "")], " ")
    rules.check_complete([("1", "unclear", "档案不全")], "好")
