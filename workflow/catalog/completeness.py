"""A file that we wrote cannot be shortened unseen.

Its header counts the units, and an obsolete entry marks the end, because tools keep obsolete entries last.
Neither is part of the `Catalog`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from workflow.catalog.findings import RESTORE, finding
from workflow.diagnostics import Diagnostic
from workflow.model import Unit

UNIT_COUNT: Final = "X-Unit-Count"
END_MARK: Final = Unit(context="workflow", source="end of catalog", targets=("end of catalog",), obsolete=True)

_HINT: Final = f"{RESTORE}; or, if units were removed on purpose, delete the header line {UNIT_COUNT}"


def count_units(units: Iterable[Unit]) -> int:
    """How many units other tools keep: msgcat drops obsolete ones whose (first) msgstr is empty."""
    return sum(not unit.obsolete or bool(unit.targets[0]) for unit in units)


def without_end_mark(units: Iterable[Unit]) -> list[Unit]:
    """The catalog's own units."""
    return [unit for unit in units if not _is_end_mark(unit)]


def _is_end_mark(unit: Unit) -> bool:
    return unit.obsolete and unit.key == END_MARK.key and unit.targets == END_MARK.targets


def missing_units(units: Sequence[Unit], counted: str | None, path: str, header_line: int) -> Iterator[Diagnostic]:
    """What tells that units are missing; `counted` is the header's word, None if it is silent."""
    if counted is not None:
        yield from _miscounted(units, counted, path, header_line)
        yield from _misplaced_end(units, path)
    elif not without_end_mark(units):
        yield finding("catalog.cut-short", "the file holds no unit", path, None, RESTORE)


def _miscounted(units: Iterable[Unit], counted: str, path: str, header_line: int) -> Iterator[Diagnostic]:
    """More units than counted may come from a merge of git's."""
    held = count_units(without_end_mark(units))
    if not re.fullmatch("[0-9]{1,9}", counted):
        message = f"the header line {UNIT_COUNT} is no number: {counted}"
        yield finding("catalog.cut-short", message, path, header_line, _HINT)
    elif held < int(counted):
        message = f"cut short, or units removed: the header counts {counted}, the file holds {held}"
        yield finding("catalog.cut-short", message, path, None, _HINT)


def _misplaced_end(units: Sequence[Unit], path: str) -> Iterator[Diagnostic]:
    marks = [unit for unit in units if _is_end_mark(unit)]
    if not marks:
        message = f"cut short: the entry “{END_MARK.source}” is missing"
        yield finding("catalog.cut-short", message, path, None, _HINT)
    elif marks[-1] is not units[-1]:
        message = f"entries stand after the entry “{END_MARK.source}”"
        yield finding("catalog.cut-short", message, path, marks[-1].line, "move that entry to the end of the file")
