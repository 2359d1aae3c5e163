"""Where a glossary's terms stand in a text: whole words, inflected forms too, the longest term first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from typing import TypeAlias

from workflow.checks.prose import Span, blanked, protected_spans
from workflow.glossary import Glossary, Kind, Term
from workflow.languages import Language
from workflow.lemmas import Word, folded, lemmas, words_of

_BETWEEN = re.compile(r"[\s\-\u2010-\u2015*_«»“”„\"\u00ad]+")
"""What may stand between the words of a term, and is no part of it: blanks, hyphens, emphasis, quotation marks."""
_NOTHING = frozenset({""})
_LITERAL = {Kind.ABBREVIATION, Kind.DO_NOT_TRANSLATE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    """The words of a text, ready for looking terms up."""

    text: str
    words: tuple[Word, ...]
    lemmas: tuple[frozenset[str], ...]
    places: Mapping[str, Sequence[int]]
    """Lemma → the words that may be its forms."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A term's source, or one of its renderings, ready to be found."""

    words: tuple[Word, ...]
    lemmas: tuple[frozenset[str], ...]
    gaps: tuple[str, ...]
    """What stands before each word but the first, without what does not count."""
    kind: Kind


Index: TypeAlias = Mapping[tuple[str, str], Sequence[tuple[Form, Term]]]
"""Lemmas of the first two words (the second empty if there is none) → the terms that begin so."""


def occurrences(text: str, glossary: Glossary, language: Language) -> tuple[tuple[Span, Term], ...]:
    """The glossary's source terms in a text of the source language, in order; none overlaps another.

    Code, addresses and placeholders are left alone.
    """
    if not glossary.terms:
        return ()
    prose = prose_of(text, language.code)
    index = _index(glossary, language.code)
    found = []
    at = 0
    while at < len(prose.words):
        match = max(_standing(prose, at, index), key=lambda item: len(item[0].words), default=None)
        if match is None:
            at += 1
            continue
        form, term = match
        found.append((_span(prose, at, form), term))
        at += len(form.words)
    return tuple(found)


def all_occurrences(text: str, glossary: Glossary, language: Language) -> Iterator[tuple[Span, Term]]:
    """The same, with the terms that stand within longer ones."""
    prose = prose_of(text, language.code)
    index = _index(glossary, language.code)
    for at in range(len(prose.words)):
        for form, term in {term.source: (form, term) for form, term in _standing(prose, at, index)}.values():
            yield _span(prose, at, form), term


def find(form: str, kind: Kind, text: str, language: Language) -> Iterator[Span]:
    """Where a rendering stands in a text, inflected or not."""
    wanted, prose = _form(form, kind, language.code), prose_of(text, language.code)
    if wanted.words:
        places = sorted({at for lemma in wanted.lemmas[0] for at in prose.places.get(lemma, ())})
        for at in places:
            if _stands_at(prose, at, wanted):
                yield _span(prose, at, wanted)


@lru_cache(maxsize=256)
def prose_words(text: str) -> tuple[Word, ...]:
    """The words of a text where they stand, without code, addresses and placeholders."""
    return tuple(words_of(blanked(text, protected_spans(text))))


@lru_cache(maxsize=256)
def prose_of(text: str, language: str) -> Prose:
    """The same with what each may be a form of, in the language (a gettext code)."""
    words = prose_words(text)
    forms = tuple(lemmas(word.text, language) for word in words)
    places: dict[str, list[int]] = defaultdict(list)
    for at, options in enumerate(forms):
        for lemma in options:
            places[lemma].append(at)
    return Prose(text=blanked(text, protected_spans(text)), words=words, lemmas=forms, places=dict(places))


@lru_cache(maxsize=32)
def _index(glossary: Glossary, language: str) -> Index:
    index: dict[tuple[str, str], list[tuple[Form, Term]]] = defaultdict(list)
    for term in glossary.terms:
        form = _form(term.source, term.kind, language)
        first, second = (*form.lemmas, _NOTHING, _NOTHING)[:2]
        for beginning in product(first, second):
            index[beginning].append((form, term))
    return dict(index)


@lru_cache(maxsize=100_000)
def _form(text: str, kind: Kind, language: str) -> Form:
    words = tuple(words_of(text))
    gaps = tuple(_gap(text, before, after) for before, after in pairwise(words))
    return Form(words=words, lemmas=tuple(_options(word, kind, language) for word in words), gaps=gaps, kind=kind)


def _options(word: Word, kind: Kind, language: str) -> frozenset[str]:
    """A glossary gives names in the nominative, so that no guess at their ending is wanted."""
    return frozenset({folded(word.text)}) if kind is Kind.NAME else lemmas(word.text, language)


def _standing(prose: Prose, at: int, index: Index) -> Iterator[tuple[Form, Term]]:
    """The terms that begin with a word of the text; one may come twice."""
    following = prose.lemmas[at + 1] if at + 1 < len(prose.lemmas) else _NOTHING
    for beginning in product(prose.lemmas[at], _NOTHING | following):
        for form, term in index.get(beginning, ()):
            if _stands_at(prose, at, form):
                yield form, term


def _stands_at(prose: Prose, at: int, form: Form) -> bool:
    words = prose.words[at : at + len(form.words)]
    if len(words) < len(form.words):
        return False
    options = prose.lemmas[at : at + len(words)]
    if any(wanted.isdisjoint(found) for wanted, found in zip(form.lemmas, options, strict=True)):
        return False
    gaps = (_gap(prose.text, before, after) for before, after in pairwise(words))
    return all(map(str.__eq__, gaps, form.gaps)) and _is_alike(words, form)


def _gap(text: str, before: Word, after: Word) -> str:
    return _BETWEEN.sub("", text[before.end : after.start].removeprefix("'s").removeprefix("’s"))


def _is_alike(words: Sequence[Word], form: Form) -> bool:
    """True if capital letters are what the kind of term asks for: everywhere, or where a name begins."""
    if form.kind in _LITERAL:
        return all(word.text.startswith(wanted.text) for word, wanted in zip(words, form.words, strict=True))
    return form.kind is not Kind.NAME or words[0].text[0].isupper() or not form.words[0].text[0].isupper()


def _span(prose: Prose, at: int, form: Form) -> Span:
    return prose.words[at].start, prose.words[at + len(form.words) - 1].end
