"""Faults planted in good translations are found, and the good ones are left alone: data/planted."""

from __future__ import annotations

from collections import Counter

import pytest
from planted import DATA, Planted, planted_faults

from workflow.diagnostics import Severity

CASES = tuple(planted_faults())
FILES = sorted({case.file for case in CASES})
RATE = 0.95
"""Of the faults of a file that must be found."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.direction}: {case.title}")
def test_a_good_translation_is_left_alone(case: Planted) -> None:
    found = case.findings(case.good)
    assert [item for item in found if item.severity is Severity.ERROR or item.code == case.finds] == []


@pytest.mark.parametrize("file", FILES)
def test_planted_faults_are_found(file: str) -> None:
    cases = [case for case in CASES if case.file == file]
    missed = [f"{case.direction}: {case.title}: {case.finds}" for case in cases if not case.is_found]
    assert len(missed) <= (1 - RATE) * len(cases), "\n".join(missed)


@pytest.mark.parametrize("file", FILES)
def test_titles_are_distinct(file: str) -> None:
    titles: Counter[tuple[str, str, str]] = Counter()
    for case in CASES:
        titles[case.file, case.direction, case.title] += 1
    assert [title for title, times in titles.items() if times > 1] == []


def test_cases_are_there() -> None:
    assert {path.stem for path in DATA.glob("*.txt")} == set(FILES)
    directions = {case.direction for case in CASES if case.file == "facts"}
    assert directions >= {"en-zh", "en-ru", "zh-en", "ru-en", "zh-ru", "ru-zh"}
    assert sum(case.file == "facts" for case in CASES) >= 90
