"""The facts that a text states: in full for the languages that have a grammar, in digits for all others."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from workflow.checks.facts import chinese, english, other, russian
from workflow.checks.facts.addresses import addresses_in, codes_in
from workflow.checks.facts.fact import Date, Fact, Kind, Strength, Value
from workflow.checks.facts.grammar import Grammar
from workflow.checks.facts.numerals import FEW, ORDINAL, WEEKDAY, WORD, Number
from workflow.checks.facts.readings import Found, read
from workflow.checks.prose import Span, protected_spans
from workflow.languages import Language

_GRAMMARS = {"en": english.grammar, "ru": russian.grammar, "zh": chinese.grammar}
_FULL_WIDTH = {0xFF01 + nth: chr(0x21 + nth) for nth in range(94) if chr(0x21 + nth) not in ",;!?()"}
_PLAIN: dict[int, str] = {
    **_FULL_WIDTH,
    **dict.fromkeys(map(ord, "*_\t\n"), " "),
    **dict.fromkeys(range(0xE000, 0xE010), " "),
    ord("ё"): "е",
    ord("Ё"): "Е",
    ord("\u2011"): "-",
}
"""One character for one, so that what is found keeps its place."""
_ODD = re.compile("[" + re.escape("".join(map(chr, _PLAIN))) + "]")
_MARKUP = re.compile(r"[`\]<\\]|%\(")
"""One of these is in every text of which a part is no prose."""
_BLANKS = re.compile("[\u00a0\u202f\u2009]")


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
    spans = protected_spans(text, addresses=False) if _MARKUP.search(text) else ()
    prose = _ODD.sub(_plain, _without(text, spans))
    facts: list[Fact] = []
    for finder in (_addresses, _codes, _numeric_dates, functools.partial(_named, grammar=grammar)):
        found = [
            Fact(kind=kind, value=value, span=span, words=text[slice(*span)], strength=strength)
            for kind, value, span, strength in finder(prose)
        ]
        prose = _without(prose, [fact.span for fact in found])
        facts += found
    facts += _figures(text, prose, grammar)
    return tuple(sorted(facts, key=lambda fact: fact.span))


def _plain(odd: re.Match[str]) -> str:
    return _PLAIN[ord(odd.group())]


def _without(prose: str, spans: Sequence[Span]) -> str:
    """Something stays where the spans were, so that what stood around them does not join; it fits no rule."""
    if not spans:
        return prose
    parts, end = [], 0
    for start, stop in spans:
        parts += [prose[end:start], "\0" * (stop - start)]
        end = stop
    return "".join(parts) + prose[end:]


_Plain: TypeAlias = tuple[Kind, Value, Span, Strength]
"""A fact whose value stands in the text itself."""


def _addresses(prose: str) -> Iterator[_Plain]:
    return ((Kind.ADDRESS, address, span, Strength.FIRM) for span, address in addresses_in(prose))


def _codes(prose: str) -> Iterator[_Plain]:
    return ((Kind.CODE, code, span, Strength.FIRM) for span, code in codes_in(prose))


def _numeric_dates(prose: str) -> Iterator[_Plain]:
    """ISO 8601, and day first with dots."""
    for match in _NUMERIC_DATE.finditer(prose) if _MAY_BE_DATE.search(prose) else ():
        year, month, day = (int(match[name] or match[name + "2"]) for name in ("y", "m", "d"))
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Kind.DATE, Date(year=year, month=month, day=day), match.span(), Strength.FIRM


_MAY_BE_DATE = re.compile(r"\d[-./]\d{1,2}[-./]\d")
_NUMERIC_DATE = re.compile(
    r"(?<![\d.])(?:(?P<y>[12]\d{3})(?P<by>[-./])(?P<m>\d{1,2})(?P=by)(?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>[12]\d{3}))(?![\d])"
)


def _named(prose: str, grammar: Grammar) -> Iterator[_Plain]:
    for match in grammar.named.finditer(prose):
        kind, value = grammar.names[match.lastgroup or ""]
        yield kind, value, match.span(), Strength.FAINT


def _figures(text: str, prose: str, grammar: Grammar) -> Iterator[Fact]:
    """All facts with numbers in them, and the names of months and days."""
    skeleton = Skeleton.of(prose, _numbers(prose, grammar))
    rest = skeleton.text
    for rule in grammar.rules:
        if not (rule.words or skeleton.numbers):
            continue
        taken: list[Span] = []
        for match in rule.matches(rest, skeleton.numbers):
            if taken and match.start() < taken[-1][1]:
                continue
            if readings := read(rule.kind, Found(match, skeleton.numbers, prose, grammar)):
                taken.append(match.span())
                span = skeleton.span(match)
                words = text[slice(*span)]
                is_sure = rule.kind is not Kind.NUMBER or _counts(match, skeleton, grammar)
                for value, strength in readings:
                    sure = strength if is_sure else Strength.FAINT
                    yield Fact(kind=rule.kind, value=value, span=span, words=words, strength=sure)
        rest = _without(rest, taken)


def _numbers(prose: str, grammar: Grammar) -> tuple[Number, ...]:
    """The numbers of a text but for those in idioms, which only spelled ones and weekdays are part of."""
    numbers = tuple(grammar.read_numbers(prose))
    if not any(number.mark in _IN_IDIOMS for number in numbers):
        return numbers
    idioms = [match.span() for match in grammar.idioms.finditer(prose)]
    if not idioms:
        return numbers
    return tuple(number for number in numbers if not any(_overlap(number.span, idiom) for idiom in idioms))


_IN_IDIOMS = {FEW, WORD, ORDINAL, WEEKDAY}


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


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
        return cls(text=_BLANKS.sub(" ", "".join(parts)), numbers=marks, places=places)

    def span(self, match: re.Match[str]) -> Span:
        """Where a match in the skeleton stands in the text proper, without blanks around it."""
        words = match.group()
        start = match.start() + len(words) - len(words.lstrip())
        last = match.end() - 1 - (len(words) - len(words.rstrip()))
        number = self.numbers.get(last)
        return self.places[start], number.span[1] if number is not None else self.places[last] + 1
