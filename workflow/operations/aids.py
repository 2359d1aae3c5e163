"""What helps with one unit: translations of similar sources, and the newsroom's terms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.diff import Piece, word_diff
from workflow.merge import similar
from workflow.model import Unit
from workflow.newsroom import Newsroom
from workflow.operations.translate import TranslationSession
from workflow.text import decode_text

MOST = 9
"""Suggestions, so that one digit takes one."""
MAX_GLOSSARY_BYTES = 5_000_000


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


def suggestions(session: TranslationSession, unit: Unit) -> tuple[Suggestion, ...]:
    """The best suggestions for a unit, the most alike first, each translation once."""
    found = sorted(_from_catalog(session, unit), key=lambda item: -item.score)
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


# --- Terms -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class GlossaryEntry:
    """A line of a language's glossary."""

    source: str
    target: str
    note: str = ""
    kind: str = ""
    forbidden: tuple[str, ...] = ()
    """Words that must not be used for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """A term of the glossary that a source has."""

    entry: GlossaryEntry
    spans: tuple[tuple[int, int], ...]
    """Where it stands in the source, as slices have it."""


Glossary = tuple[GlossaryEntry, ...]


def read_glossary(newsroom: Newsroom, language: str) -> Glossary:
    """The entries of `locales/<lang>/glossary.tsv`, none if there is no such file; raises InputError if it is no text.

    A line has source, target, note, kind and forbidden words, parted by tabs; lines without a target and those that
    begin with # are passed over.
    """
    path = f"locales/{language}/glossary.tsv"
    if not newsroom.exists(path):
        return ()
    text = decode_text(newsroom.read(path), path, kind="glossary", max_bytes=MAX_GLOSSARY_BYTES)
    rows = [[cell.strip() for cell in line.split("\t")] for line in text.split("\n") if not line.startswith("#")]
    return tuple(_entry(row) for row in rows if len(row) > 1 and row[0] and row[:2] != ["source", "target"])


def _entry(row: Sequence[str]) -> GlossaryEntry:
    source, target, note, kind, forbidden = (*row, "", "", "")[:5]
    words = tuple(word for word in re.split(r"\s*[;|]\s*", forbidden) if word)
    return GlossaryEntry(source=source, target=target, note=note, kind=kind, forbidden=words)


def terms_in(glossary: Glossary, source: str) -> tuple[Term, ...]:
    """The terms of a source in the order in which they first stand there, however they are capitalized.

    Of terms that overlap, the longer one counts.
    """
    taken: list[tuple[int, int]] = []
    found = []
    folded = source.casefold()
    likely = [entry for entry in glossary if entry.source.casefold() in folded]
    for entry in sorted(likely, key=lambda entry: -len(entry.source)):
        spans = tuple(
            span
            for match in re.finditer(_pattern(entry.source), source, re.IGNORECASE)
            if not any(match.start() < end and start < match.end() for start, end in taken)
            for span in [match.span()]
        )
        taken += spans
        if spans:
            found.append(Term(entry=entry, spans=spans))
    return tuple(sorted(found, key=lambda term: term.spans))


def _pattern(term: str) -> str:
    """The whole words of a term; Han puts no blanks between words."""
    before = r"(?<!\w)" if _is_letter(term[0]) else ""
    after = r"(?!\w)" if _is_letter(term[-1]) else ""
    return before + re.escape(term) + after


def _is_letter(character: str) -> bool:
    return character.isalnum() and unicodedata.east_asian_width(character) not in {"W", "F"}
