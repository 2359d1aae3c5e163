"""Text in columns of a terminal: as wide as it shows, broken where its script allows, and unable to command it."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from workflow.cli.output import visible
from workflow.diff import Change, Piece


class Mark(Enum):
    """Where a mark of the program's own stands to the text: it must not be parted from it."""

    NONE = 0
    OPENS = 1
    CLOSES = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Text in one style."""

    text: str
    change: Change = Change.SAME
    mark: Mark = Mark.NONE
    is_term: bool = False


_MARKS = {Change.DELETED: ("[-", "-]"), Change.INSERTED: ("{+", "+}")}
"""As `git diff --word-diff` writes them."""
_BLANKS = {"\xa0": "⍽", "\u202f": "⍽", "\n": "⏎"}
"""How a blank is shown that came or went by itself; it would not be seen otherwise."""


def runs(pieces: Iterable[Piece], *, marked: bool) -> Iterator[Run]:
    """The pieces to print; `marked` puts marks around changes, for where there is no colour."""
    for piece in pieces:
        text = visible(piece.text)
        if piece.change is Change.SAME:
            yield Run(text=text)
            continue
        if not text.strip():
            text = "".join(_BLANKS.get(item, item) for item in text)
        before, after = _MARKS[piece.change] if marked else ("", "")
        yield Run(text=before, change=piece.change, mark=Mark.OPENS)
        yield Run(text=text, change=piece.change)
        yield Run(text=after, change=piece.change, mark=Mark.CLOSES)


def width(text: str) -> int:
    """How many columns the text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def clipped(text: str, columns: int) -> str:
    """The text on one line that is no wider than so many columns; an ellipsis stands for what was cut off."""
    text = " ".join(text.split())
    if width(text) <= columns:
        return text
    kept, used = [], 1
    for item in text:
        used += _columns(item)
        if used > columns:
            break
        kept.append(item)
    return "".join(kept).rstrip() + "…" if columns > 0 else ""


@functools.lru_cache(maxsize=10_000)
def _columns(item: str) -> int:
    if unicodedata.category(item) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(item) in {"W", "F"} else 1


_Cell = tuple[str, Run]
_PLAIN = Run(text="")


def wrap(text: Iterable[Run], columns: int) -> list[list[Run]]:
    """The lines of the text, none wider than so many columns; a text of nothing is one empty line."""
    lines: list[list[_Cell]] = [[]]
    used = 0
    for word in _words([(item, run) for run in text for item in run.text]):
        if word[0][0] == "\n":
            lines.append([])
            used = 0
            continue
        needed = width("".join(item for item, _ in word).rstrip(" "))
        if used and used + needed > columns:
            lines.append([])
            used = 0
        for cell in word:
            taken = _columns(cell[0])
            if used + taken > columns and cell[0] != " ":
                lines.append([])
                used = 0
            lines[-1].append(cell)
            used += taken
    return [_joined(line) for line in lines]


def unbroken(text: str) -> list[str]:
    """The text in pieces that no line break may part; a blank stands at the end of the piece before it."""
    return ["".join(item for item, _ in word) for word in _words([(item, _PLAIN) for item in text])]


def _words(cells: list[_Cell]) -> Iterator[list[_Cell]]:
    """The cells in groups that no line break parts; a line end is a group of its own."""
    word: list[_Cell] = []
    for cell in cells:
        if word and (_may_part(word[-1], cell) or _is_behind_slash(word, cell[0])):
            yield word
            word = []
        word.append(cell)
    if word:
        yield word


def _may_part(one: _Cell, other: _Cell) -> bool:
    (before, run), (after, next_run) = one, other
    if "\n" in {before, after}:
        return True
    if run.mark is Mark.OPENS or next_run.mark is Mark.CLOSES or after == " ":
        return False
    if before == " " or (before, after) == ("]", "("):
        return True
    if unicodedata.category(before) in {"Ps", "Pi"} or unicodedata.category(after) in {"Pe", "Pf", "Po", "Mn", "Me"}:
        return False
    return _columns(before) == 2 or _columns(after) == 2


def _is_behind_slash(word: list[_Cell], after: str) -> bool:
    """True within an address, which may be longer than a line; but not behind the slashes of `https://`."""
    before = "".join(item for item, _ in word[-2:])
    return before.endswith("/") and before[0].isalnum() and after.isalpha()


def _joined(line: list[_Cell]) -> list[Run]:
    """Cells of one run that stand together, as one; blanks at the end are dropped where they say nothing."""
    while line and line[-1][0] == " " and line[-1][1].change is Change.SAME:
        line.pop()
    joined: list[Run] = []
    for item, run in line:
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + item)
        else:
            joined.append(replace(run, text=item))
    return joined
