"""How findings and waivers look: the places that are meant, marked in both texts."""

from __future__ import annotations

import bisect
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click

from workflow.canonical import canonical_time
from workflow.cli.columns import width
from workflow.cli.output import counted, diagnostic_json, note, visible
from workflow.diagnostics import Diagnostic, Marked
from workflow.waivers import Waived, Waiver

_CUT = "…"
_LEAST = 20
"""Columns that a text gets, however narrow the terminal is."""
Piece = tuple[str, bool]
"""A stretch of a text, and whether it is marked."""


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
    limit = min(len(item.text), columns)
    around = bisect.bisect_right(range(limit + 1), columns, key=lambda size: _width(_pieces(item, size), colour)) - 1
    pieces = _pieces(item, max(around, 0))
    return "".join(_shown(text, marked, colour) for text, marked in _fitting(pieces, columns, colour))


def _pieces(item: Marked, around: int) -> list[Piece]:
    """The marked places with so many characters round each; without any, so many from the beginning."""
    spans = sorted(item.spans) or [(0, 0)]
    pieces: list[Piece] = []
    end = 0
    for number, (start, stop) in enumerate(spans):
        start = max(start, end)
        before = max(end, start - around)
        if before > end and not (pieces and pieces[-1] == (_CUT, False)):
            pieces.append((_CUT, False))
        pieces.append((item.text[before:start], False))
        if item.spans:
            pieces.append((item.text[start:stop], True))
        following = spans[number + 1][0] if number + 1 < len(spans) else len(item.text)
        end = max(stop, min(stop + around, following))
        pieces.append((item.text[stop:end], False))
    return [*pieces, (_CUT, False)] if end < len(item.text) else pieces


def _fitting(pieces: Iterable[Piece], columns: int, colour: bool) -> Iterator[Piece]:
    """As many of the pieces as fit; what comes last may be cut."""
    pieces = list(pieces)
    if _width(pieces, colour) <= columns:
        yield from pieces
        return
    left = columns - width(_CUT)
    for text, marked in pieces:
        room = left - (2 if marked and not colour else 0)
        kept = text if width(_plain(text)) <= room else _beginning(text, room)
        if kept or not text:
            yield kept, marked
        left = room - width(_plain(kept))
        if kept != text:
            break
    yield _CUT, False


def _beginning(text: str, columns: int) -> str:
    size = bisect.bisect_right(range(len(text) + 1), columns, key=lambda size: width(_plain(text[:size]))) - 1
    return text[: max(size, 0)]


def _width(pieces: Iterable[Piece], colour: bool) -> int:
    return sum(width(_plain(text)) + (2 if marked and not colour else 0) for text, marked in pieces)


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
