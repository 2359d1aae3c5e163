"""What helps with one unit: translations of similar sources, and the newsroom's terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflow.checks import occurrences
from workflow.checks.prose import Span
from workflow.diff import Piece, word_diff
from workflow.glossary import Term
from workflow.memory import Memory
from workflow.merge import similar
from workflow.model import Role, Unit
from workflow.operations.prefill import described
from workflow.operations.translate import TranslationSession

MOST = 9
"""Suggestions, so that one digit takes one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A translation of a similar source."""

    target: str
    source: str
    score: float
    """How alike the sources are, 0 to 1."""
    origin: str
    """Where it was found, in words."""
    difference: tuple[Piece, ...]
    """From that source to the one to be translated."""


def suggestions(session: TranslationSession, unit: Unit, memory: Memory) -> tuple[Suggestion, ...]:
    """The best suggestions for a unit, the most alike first, each translation once."""
    both = (*_from_catalog(session, unit), *_from_memory(session, unit, memory))
    found = sorted(both, key=lambda item: -item.score)
    by_target: dict[str, Suggestion] = {}
    for item in found:
        by_target.setdefault(item.target, item)
    return tuple(by_target.values())[:MOST]


def _from_catalog(session: TranslationSession, unit: Unit) -> Iterator[Suggestion]:
    """What the story's own catalog has, obsolete units too."""
    others = [
        other
        for other in session.catalog.units
        if other.key != unit.key and other.target.strip() and other.target != unit.target
    ]
    for place, score in similar(unit.source, [other.source for other in others]):
        other = others[place]
        yield Suggestion(
            target=other.target,
            source=other.source,
            score=score,
            origin="an earlier version" if other.obsolete else "this story",
            difference=word_diff(other.source, unit.source),
        )


def _from_memory(session: TranslationSession, unit: Unit, memory: Memory) -> Iterator[Suggestion]:
    """What was signed before, in any story, or imported."""
    before, after = _neighbours(session, unit)
    for match in memory.lookup(
        unit.source,
        languages=(session.source_language.code, session.language.code),
        role=unit.context or Role.PARAGRAPH.value,
        before=before,
        after=after,
    ):
        if match.target != unit.target:
            yield Suggestion(
                target=match.target,
                source=match.source,
                score=match.score / 100,
                origin=described(match),
                difference=word_diff(match.source, match.asked or unit.source),
            )


def _neighbours(session: TranslationSession, unit: Unit) -> tuple[str | None, str | None]:
    """The sources before and after a unit."""
    sources = [None, *(other.source for other in session.catalog.live), None]
    place = next((number for number, other in enumerate(session.catalog.live, 1) if other.key == unit.key), None)
    return (None, None) if place is None else (sources[place - 1], sources[place + 1])


@dataclass(frozen=True, kw_only=True, slots=True)
class TermInSource:
    """A term of the glossary that a source has."""

    entry: Term
    spans: tuple[Span, ...]
    """Where it stands in the source, in whatever inflection."""


def terms_in(session: TranslationSession, source: str) -> tuple[TermInSource, ...]:
    """The terms of a source, in the order in which they first stand there."""
    found: dict[tuple[str, ...], tuple[Term, list[Span]]] = {}
    for span, term in occurrences(source, session.glossary, session.source_language):
        found.setdefault((term.source, *term.targets), (term, []))[1].append(span)
    return tuple(TermInSource(entry=term, spans=tuple(spans)) for term, spans in found.values())
