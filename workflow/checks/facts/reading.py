"""The facts that a text states: in full for the languages that have a grammar, in digits for all others."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.checks.facts import chinese, english, other, russian
from workflow.checks.facts.addresses import addresses_in, codes_in
from workflow.checks.facts.fact import Fact, Kind, Strength
from workflow.checks.facts.grammar import Grammar
from workflow.checks.facts.numerals import FEW, WORD, Number
from workflow.checks.facts.readings import Found, read
from workflow.checks.prose import Span, blanked, protected_spans
from workflow.languages import Language

_GRAMMARS = {"en": english.grammar, "ru": russian.grammar, "zh": chinese.grammar}
_FULL_WIDTH = {0xFF01 + nth: 0x21 + nth for nth in range(94) if chr(0x21 + nth) not in ",;!?()"}
_PLAIN = {
    **_FULL_WIDTH,
    **dict.fromkeys(map(ord, "*_\t\n\0"), " "),
    **dict.fromkeys(range(0xE000, 0xE010), " "),
    ord("ё"): "е",
    ord("Ё"): "Е",
    ord("\u2011"): "-",
}
"""One character for one, so that what is found keeps its place."""
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u202f\u2009"), " ")


def has_grammar(language: Language) -> bool:
    """True if words and dates of the language are read, not only its digits."""
    return _base(language) in _GRAMMARS


def _base(language: Language) -> str:
    return language.locale.split("_")[0]


@functools.lru_cache(maxsize=64)
def _grammar(language: Language, digits_only: bool) -> Grammar:
    return (other.grammar if digits_only else _GRAMMARS.get(_base(language), other.grammar))(language)


@functools.lru_cache(maxsize=4096)
def facts_in(text: str, language: Language, *, digits_only: bool = False) -> tuple[Fact, ...]:
    """The facts of a Markdown text, in its order; of code and the addresses of links none are read.

    `digits_only` reads any language as one without a grammar is read, to be compared with such a one.
    """
    grammar = _grammar(language, digits_only)
    prose = blanked(text, protected_spans(text, addresses=False)).translate(_PLAIN)
    facts: list[Fact] = []
    for kind, finder in ((Kind.ADDRESS, addresses_in), (Kind.CODE, codes_in)):
        found = list(finder(prose))
        facts += [Fact(kind=kind, value=value, span=span, words=text[slice(*span)]) for span, value in found]
        prose = _without(prose, [span for span, _ in found])
    named = list(_named(text, prose, grammar))
    facts += named
    prose = _without(prose, sorted(fact.span for fact in named))
    prose = _without(prose, [match.span() for match in grammar.idioms.finditer(prose)])
    facts += _figures(text, prose, grammar)
    return tuple(sorted(facts, key=lambda fact: fact.span))


def _without(prose: str, spans: list[Span]) -> str:
    """Something stays where the spans were, so that what stood around them does not join; it fits no rule."""
    if not spans:
        return prose
    parts, end = [], 0
    for start, stop in spans:
        parts += [prose[end:start], "\0" * (stop - start)]
        end = stop
    return "".join(parts) + prose[end:]


def _named(text: str, prose: str, grammar: Grammar) -> Iterator[Fact]:
    for pattern, kind, value in grammar.named:
        for match in pattern.finditer(prose):
            words = text[slice(*match.span())]
            yield Fact(kind=kind, value=value, span=match.span(), words=words, strength=Strength.FAINT)


def _figures(text: str, prose: str, grammar: Grammar) -> Iterator[Fact]:
    """All facts with numbers in them, and the names of months and days."""
    skeleton = Skeleton.of(prose, tuple(grammar.read_numbers(prose)))
    rest = skeleton.text
    for kind, rule in grammar.rules:
        taken: list[Span] = []
        for match in rule.finditer(rest):
            if readings := read(kind, Found(match, skeleton.numbers, prose, grammar)):
                taken.append(match.span())
                span = skeleton.span(match)
                words = text[slice(*span)]
                is_sure = kind is not Kind.NUMBER or _counts(match, skeleton, grammar)
                for value, strength in readings:
                    sure = strength if is_sure else Strength.FAINT
                    yield Fact(kind=kind, value=value, span=span, words=words, strength=sure)
        rest = _without(rest, taken)


def _counts(match: re.Match[str], skeleton: Skeleton, grammar: Grammar) -> bool:
    """False for a single character that is part of a word, such as the 三 of 三亚."""
    if grammar.counted is None or match.re.groupindex.get("n") is None:
        return True
    number = skeleton.numbers[match.start("n")]
    is_long = number.span[1] - number.span[0] > 1
    return (
        number.mark not in {FEW, WORD} or is_long or grammar.counted.match(match.string, match.start("n")) is not None
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Skeleton:
    """A text in which each number is one character, its mark."""

    text: str
    numbers: Mapping[int, Number]
    """By the place of their marks."""
    places: Sequence[int]
    """Where each character stands in the text proper."""

    @classmethod
    def of(cls, prose: str, numbers: tuple[Number, ...]) -> Skeleton:
        parts: list[str] = []
        places: list[int] = []
        marks: dict[int, Number] = {}
        end = 0
        for number in numbers:
            start = number.span[0]
            parts += [prose[end:start], number.mark]
            places += [*range(end, start), start]
            marks[len(places) - 1] = number
            end = number.span[1]
        parts.append(prose[end:])
        places += range(end, len(prose))
        return cls(text="".join(parts).translate(_BLANKS), numbers=marks, places=places)

    def span(self, match: re.Match[str]) -> Span:
        """Where a match in the skeleton stands in the text proper, without blanks around it."""
        words = match.group()
        start = match.start() + len(words) - len(words.lstrip())
        last = match.end() - 1 - (len(words) - len(words.rstrip()))
        number = self.numbers.get(last)
        return self.places[start], number.span[1] if number is not None else self.places[last] + 1
