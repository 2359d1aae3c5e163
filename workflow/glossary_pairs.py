"""Two glossaries taken together: those of a pair of languages, and ours with somebody else's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from workflow.glossary import EMPTY, Glossary, Kind, Term, both_ways


@lru_cache(maxsize=32)
def pair_glossary(source: str, target: str, pivot: str, of_source: Glossary, of_target: Glossary) -> Glossary:
    """The terms for translating from `source` into `target`, of the two languages' own glossaries.

    Every glossary speaks of one language against the pivot, the newsroom's source language. Between two others, the
    two are joined on what the pivot says; back into the pivot, the glossary of the source is read in reverse.
    """
    if source == target:
        return EMPTY
    if source == pivot:
        return of_target
    rendered: Iterable[Term] = of_target.terms
    if target == pivot:
        rendered = (replace(term, targets=(term.source,), forbidden=()) for term in of_source.terms)
    return _joined(of_source.terms, {term.source.casefold(): term for term in rendered})


def _joined(own: Iterable[Term], rendered: Mapping[str, Term]) -> Glossary:
    """Each approved form of one language, rendered as the other language renders the same term."""
    joined: dict[str, Term] = {}
    for term in own:
        other = rendered.get(term.source.casefold())
        if other is None:
            continue
        for form in term.targets:
            kind = Kind.TERM if other.kind is Kind.DO_NOT_TRANSLATE else other.kind
            new = replace(other, source=form, targets=other.targets, kind=kind, comments=())
            joined[new.key] = _together(joined[new.key], new) if new.key in joined else new
    return Glossary(terms=tuple(joined.values()))


def _together(one: Term, other: Term) -> Term:
    """A term that renders two terms of the pivot: what either allows is allowed."""
    targets = tuple(dict.fromkeys(one.targets + other.targets))
    forbidden = tuple(form for form in one.forbidden if form in other.forbidden)
    return replace(one, targets=targets, forbidden=forbidden)


# --- Two glossaries of one language ------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """Our glossary with what another one adds."""

    glossary: Glossary
    taken: tuple[Term, ...]
    """Terms that were new, or that have a note or forbidden forms more than before."""
    conflicts: tuple[tuple[Term, Term], ...]
    """(ours, theirs) where the two say different things; ours was kept."""


def merge_glossaries(ours: Glossary, theirs: Iterable[Term]) -> Merged:
    """Adds their terms to ours; none of ours is changed, but for notes that were empty and forbidden forms."""
    terms = {term.key: term for term in ours.terms}
    taken, conflicts = [], []
    for term in theirs:
        old = terms.get(term.key)
        if old is not None and not _agree(old, term):
            conflicts.append((old, term))
            continue
        new = term if old is None else _completed(old, term)
        if new != old:
            terms[term.key] = new
            taken.append(new)
    glossary = replace(ours, terms=tuple(terms.values()))
    return Merged(glossary=glossary, taken=tuple(taken), conflicts=tuple(conflicts))


def _agree(ours: Term, theirs: Term) -> bool:
    return (
        set(theirs.targets) <= set(ours.targets)
        and theirs.note in {"", ours.note or theirs.note}
        and theirs.kind in {Kind.TERM, ours.kind}
        and not both_ways(ours.targets, theirs.forbidden)
    )


def _completed(ours: Term, theirs: Term) -> Term:
    forbidden = tuple(dict.fromkeys(ours.forbidden + theirs.forbidden))
    return replace(ours, note=ours.note or theirs.note, forbidden=forbidden)
