"""Where the lines of the text field break: as in the rest of the session, never before a mark that closes.

Textual breaks a run of Han wherever the line is full, so that a line may begin with `。`.
"""

from __future__ import annotations

import functools

from textual.content import Content
from textual.widgets.text_area import Location, WrappedDocument

from workflow.cli.columns import unbroken


class Wrapped(WrappedDocument):
    """Puts its own places in the stead of those that Textual found."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Breaks all lines to so many columns; 0 means nowhere."""
        super().wrap(width, tab_width)
        self.columns = width
        self._break_again()

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Breaks anew what was changed; as a translation is short, that is all of it."""
        super().wrap_range(start, old_end, new_end)
        self._break_again()

    def _break_again(self) -> None:
        # Textual has no way to be told where to break. If it ever renames these three, lines break as it likes.
        lines = self.document.lines
        self._wrap_offsets = [breaks(line, self.columns) if self.columns else [] for line in lines]
        self._offset_to_line_info = [
            (line, part) for line, offsets in enumerate(self._wrap_offsets) for part in range(len(offsets) + 1)
        ]
        self._line_index_to_offsets = [[] for _ in lines]
        for row, (line, _) in enumerate(self._offset_to_line_info):
            self._line_index_to_offsets[line].append(row)


def breaks(line: str, columns: int) -> list[int]:
    """Where in the line a new row begins. Blanks need room too: the cursor may stand behind them."""
    found: list[int] = []
    at = used = 0
    for word in unbroken(line):
        if used and used + sum(map(_cells, word)) > columns:
            found.append(at)
            used = 0
        for item in word:
            if used and used + _cells(item) > columns:
                found.append(at)
                used = 0
            used += _cells(item)
            at += 1
    return found


@functools.lru_cache(maxsize=10_000)
def _cells(item: str) -> int:
    """As Textual draws it."""
    return Content(item).cell_length
