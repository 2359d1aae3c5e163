"""What was approved before, put into units that nobody has translated yet: always fuzzy, with its origin beside it.

The comment is the mark of it. A unit that has the comment and no text was emptied by its translator, and stays so;
from a unit that was confirmed the comment goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from workflow.memory import Kind, Match
from workflow.model import Catalog, Previous, Role, Unit, UnitState

MARK: Final = "memory: "
"""Begins the comment."""

Find = Callable[[Unit, str, str], Match | None]
"""The best match for a unit between two neighbouring sources, if there is one good enough."""


def prefilled(catalog: Catalog, find: Find) -> Catalog:
    """The catalog with matches in its new units, and without the comments that have served; twice is as once."""
    live = catalog.live
    sources = ["", *(unit.source for unit in live), ""]
    filled = [
        _filled(unit, find, sources[at], sources[at + 2]) if _may_fill(unit) else unit for at, unit in enumerate(live)
    ]
    return replace(catalog, units=(*map(_tidied, filled), *_obsolete(catalog.units)))


def _may_fill(unit: Unit) -> bool:
    has_text = any(target.strip() for target in unit.targets)
    return not has_text and unit.source_plural is None and not any(map(_is_mark, unit.comments))


def _filled(unit: Unit, find: Find, before: str, after: str) -> Unit:
    match = find(unit, before, after)
    if match is None:
        return unit
    previous = None
    if match.source != unit.source:
        role = Role(match.entry.role) if match.entry.role in set(Role) else None
        previous = Previous(source=match.source, context=role.context if role else unit.context)
    comments = (*unit.comments, f"{MARK}{described(match)}")
    return replace(unit, targets=(match.target,), fuzzy=True, previous=previous, comments=comments)


def described(match: Match) -> str:
    """How good a match is and where it comes from: `92 %, 2021/agreement, signed 2026-05-03 by Chinese desk`."""
    good = {Kind.EXACT: "the same words", Kind.CONTEXT: "the same words and neighbours"}
    parts = [good.get(match.kind, f"{match.score} %"), match.entry.origin]
    if match.is_reversed:
        parts.append(f"translated from {match.entry.source_language}")
    if match.entry.signed_at:
        parts.append(f"signed {match.entry.signed_at:%Y-%m-%d} by {' and '.join(match.entry.signers)}")
    return ", ".join(parts)


def _is_mark(comment: str) -> bool:
    return comment.startswith(MARK)


def _tidied(unit: Unit) -> Unit:
    return _without_marks(unit) if unit.state is UnitState.TRANSLATED else unit


def _without_marks(unit: Unit) -> Unit:
    return replace(unit, comments=tuple(line for line in unit.comments if not _is_mark(line)))


def _obsolete(units: Sequence[Unit]) -> Iterator[Unit]:
    """The obsolete units without the comments; one that holds nothing then was emptied, and goes."""
    for unit in units:
        if unit.obsolete:
            tidied = _without_marks(unit)
            if tidied == unit or tidied.comments or any(target.strip() for target in unit.targets):
                yield tidied
