"""What each part of the session's screen shows at a size: which lines, on how many rows."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from textual.content import Content

from workflow.cli.output import counted
from workflow.operations.rows import Row
from workflow.operations.translate import TranslationSession
from workflow.tui.layout import STACKED_BELOW, shares
from workflow.tui.views import Aids, aid_lines, between_lines, flow_lines, source_lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """The parts between the story's bar and the line of messages."""

    stacked: bool
    """True if the source stands above the translation, not beside it."""
    above: list[Content]
    source: list[Content]
    source_rows: int
    """Rows for the source, which may have more lines than that."""
    unit_rows: int
    """Rows for source and translation."""
    aids: list[Content]
    below: list[Content]
    below_rows: int


def parts(
    session: TranslationSession,
    place: int,
    row: Row,
    aids: Aids,
    *,
    size: tuple[int, int],
    written: int,
    unsaved: AbstractSet[int],
) -> Parts:
    """The parts on a terminal of so many columns and rows.

    `written` is how many lines the translation takes; the units of the places `unsaved` hold words that are nowhere
    else yet.
    """
    columns, rows = size
    stacked = columns < STACKED_BELOW
    source = source_lines(row, aids.terms, columns - 2 if stacked else columns // 2 - 3)
    helping = aid_lines(session, row, aids, columns - 2, in_full=False)
    before = range(max(place - rows, 0), place)
    above = flow_lines(session, before, columns, unsaved) + between_lines(row, columns)
    unit = len(source) + written + 2 if stacked else max(len(source), written) + 1
    share = shares(rows, unit=unit, aids=len(helping), above=len(above))
    after = range(place + 1, min(place + 1 + share.below, len(session.rows)))
    return Parts(
        stacked=stacked,
        above=above[len(above) - share.above :],
        source=source,
        source_rows=_source_share(share.unit, len(source), written) if stacked else share.unit,
        unit_rows=share.unit,
        aids=_shortened(helping, share.aids),
        below=flow_lines(session, after, columns, unsaved)[: share.below],
        below_rows=share.below,
    )


def _source_share(rows: int, source: int, written: int) -> int:
    """Rows for the source when it stands above the translation and the line between them."""
    return max(min(source, rows - min(written + 2, max(rows // 2, 2))), 1)


def _shortened(lines: list[Content], rows: int) -> list[Content]:
    """So many lines; the last one says that there are more."""
    if len(lines) <= rows or not rows:
        return lines[:rows]
    return [*lines[: rows - 1], Content.styled(f"… {counted(len(lines) - rows + 1, 'more line')}: F9", "dim")]
