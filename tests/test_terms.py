"""Faults planted in terms and names: nearly all are found, and the good translations raise nothing."""

from __future__ import annotations

import pytest
from planted import Planted, planted_faults

CASES = [case for case in planted_faults() if case.file == "terms"]
ENOUGH = 0.95


def test_planted_faults_are_found() -> None:
    missed = [case.title for case in CASES if not case.is_found]
    assert len(CASES) >= 40
    assert len(missed) <= (1 - ENOUGH) * len(CASES), missed


def test_every_direction_has_cases() -> None:
    assert {case.direction for case in CASES} == {"en-zh", "en-ru", "zh-en", "ru-en", "zh-ru", "ru-zh"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_good_translations_are_left_alone(case: Planted) -> None:
    assert [str(found) for found in case.findings(case.good) if found.code.startswith("terms.")] == []
