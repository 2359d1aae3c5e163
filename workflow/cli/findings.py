"""How findings and waivers look: the places that are meant, marked in both texts."""

from __future__ import annotations

import bisect
import functools
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any, TypeAlias

import click

from workflow.canonical import canonical_time
from workflow.cli.columns import width
from workflow.cli.output import counted, diagnostic_json, note, visible
from workflow.diagnostics import Diagnostic, Marked
from workflow.waivers import Waived, Waiver

_CUT = "…"
_LEAST = 20
"""Columns that a text gets, however narrow the terminal is."""
Piece: TypeAlias = tuple[int, int, bool]
"""Where a stretch of a text starts and stops, and whether it is marked."""
Pieces: TypeAlias = list[Piece | None]
"""In order; None where something is cut out."""


def marked_lines(ctx: click.Context) -> Callable[[Diagnostic], Iterator[str]]:
    """For `show_diagnostics`: the texts of a finding with its places marked, one line each."""
    colour = sys.stdout.isatty() and ctx.find_root().color is not False
    columns = shutil.get_terminal_size().columns

    def lines(found: Diagnostic) -> Iterator[str]:
        labels = max((len(item.label) for item in found.marked), default=0)
        for item in found.marked:
            room = max(columns - labels - 4, _LEAST)
            yield f"  {item.label:<{labels}}  {marked_text(item, room, colour=colour)}".rstrip()

    return lines


def place(found: Diagnostic) -> str:
    """Which code it is and in which segment, as `workflow waive` wants to be told."""
    number = found.segment.number if found.segment else None
    return found.code if number is None else f"{found.code}, segment {number}"


def marked_text(item: Marked, columns: int, *, colour: bool) -> str:
    """The text on one line no wider than so many columns: if need be, only what stands round the marked places."""
    ends = _ends(item.text)
    brackets = 0 if colour else 2

    def taken(pieces: Pieces) -> int:
        room = 0
        for piece in pieces:
            room += ends[piece[1]] - ends[piece[0]] + brackets * piece[2] if piece else 1
        return room

    limit = min(len(item.text), columns)
    around = bisect.bisect_right(range(limit + 1), columns, key=lambda size: taken(_pieces(item, size))) - 1
    pieces = _pieces(item, max(around, 0))
    if taken(pieces) > columns:
        pieces = list(_fitting(pieces, columns, ends, brackets))
    return "".join(_shown(item.text[piece[0] : piece[1]], piece[2], colour) if piece else _CUT for piece in pieces)


def _pieces(item: Marked, around: int) -> Pieces:
    """The marked places with so many characters round each; without any, so many from the beginning."""
    spans = sorted(item.spans) or [(0, 0)]
    pieces: Pieces = []
    end = 0
    for number, (start, stop) in enumerate(spans):
        start = max(start, end)
        before = max(end, start - around)
        if before > end and not (pieces and pieces[-1] is None):
            pieces.append(None)
        pieces.append((before, start, False))
        if item.spans:
            pieces.append((start, stop, True))
        following = spans[number + 1][0] if number + 1 < len(spans) else len(item.text)
        end = max(stop, min(stop + around, following))
        pieces.append((stop, end, False))
    return [*pieces, None] if end < len(item.text) else pieces


def _fitting(pieces: Pieces, columns: int, ends: Sequence[int], brackets: int) -> Iterator[Piece | None]:
    """As many of the pieces as fit, cut at the end; `ends` are the columns that so many characters take."""
    left = columns - 1
    for piece in pieces:
        if piece is None:
            if left < 1:
                break
            left -= 1
            yield None
            continue
        start, stop, is_marked = piece
        left -= brackets * is_marked
        kept = max(start, bisect.bisect_right(ends, ends[start] + left, start, stop + 1) - 1)
        if kept > start or start == stop:
            yield start, kept, is_marked
        left -= ends[kept] - ends[start]
        if kept < stop:
            break
    yield None


def _ends(text: str) -> Sequence[int]:
    """The columns that so many characters take from the beginning, from none to all."""
    if text.isascii() and text.isprintable():
        return range(len(text) + 1)
    return [0, *accumulate(map(_columns, text))]


@functools.lru_cache(maxsize=10_000)
def _columns(character: str) -> int:
    return width(_plain(character))


def _plain(text: str) -> str:
    return visible(text).replace("\n", "⏎")


def _shown(text: str, marked: bool, colour: bool) -> str:
    if not marked:
        return _plain(text)
    # A blank in colour would not be seen, so it is underlined; nothing at all still needs its brackets.
    return click.style(_plain(text), fg="yellow", underline=True) if colour and text else f"[{_plain(text)}]"


def show_waived(waived: Iterable[Waived]) -> None:
    """On stderr, for whoever is about to sign: what somebody answers for, who, and why."""
    waived = tuple(waived)
    if waived:
        note(f"{counted(len(waived), 'finding')} waived:")
    for item in waived:
        note(f"  {place(item.finding)}: {visible(item.finding.message)}")
        note(f"    {signature(item.waiver)}")


def signature(waiver: Waiver) -> str:
    """Who answers for it, when, and why."""
    return visible(f"{waiver.name} <{waiver.by}>, {waiver.at:%Y-%m-%d}: {waiver.reason}")


def finding_json(found: Diagnostic) -> dict[str, Any]:
    """A finding as `check --json` shows it."""
    return {
        **diagnostic_json(found),
        "segment": found.segment.number if found.segment else None,
        "marked": [
            {"label": item.label, "text": item.text, "spans": [list(span) for span in item.spans]}
            for item in found.marked
        ],
    }


def waiver_json(waiver: Waiver) -> dict[str, Any]:
    """Who answers for a finding."""
    return {
        "reason": waiver.reason,
        "by": waiver.by,
        "name": waiver.name,
        "at": canonical_time(waiver.at),
    }


def waived_json(item: Waived) -> dict[str, Any]:
    """A finding that is waived, and by whom."""
    return {**finding_json(item.finding), **waiver_json(item.waiver)}
