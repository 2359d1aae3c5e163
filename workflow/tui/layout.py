"""How the rows of a terminal are shared out between the unit, what helps with it, and the story around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SMALLEST: Final = (40, 10)
"""Columns and rows; on less there is nothing to work with."""
STACKED_BELOW: Final = 70
"""Columns; on less the source stands above the translation."""
FIXED: Final = 5
"""Rows that are always there: the story's, the two rules around the unit, messages, keys."""
_LEAST_UNIT: Final = 3
_STEADY_UNIT: Final = 8
"""Rows that a unit has anyway on a tall terminal, so that the screen keeps still while a line or two is written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shares:
    """Rows for each part of the screen."""

    above: int
    unit: int
    aids: int
    below: int


def shares(rows: int, *, unit: int, aids: int, above: int) -> Shares:
    """The shares on so many rows, when unit and aids would need so many, and so many lines of story stand above.

    The unit comes first, then its aids, but a line or two of the story stays in sight as long as there is room.
    """
    free = max(rows - FIXED, _LEAST_UNIT)
    around = 4 if free >= 16 else 2 if free >= 10 else 0
    least_aids = min(aids, max(free // 4, 1)) if free > _LEAST_UNIT else 0
    steady = min(max(rows // 6, _LEAST_UNIT), _STEADY_UNIT)
    for_unit = min(max(unit, steady), max(free - around - least_aids, _LEAST_UNIT))
    for_aids = min(aids, max(free - around - for_unit, 0))
    left = free - for_unit - for_aids
    for_above = min(above, left // 2)
    return Shares(above=for_above, unit=for_unit, aids=for_aids, below=left - for_above)
