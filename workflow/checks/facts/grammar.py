"""How a language writes facts: rules over a text's skeleton, in which each number is one character.

A rule is a regular expression; `readings` says what its named groups mean. Rules are tried in order, and what one
has read no later one reads again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from workflow.checks.facts import quantities
from workflow.checks.facts.fact import Kind, Value
from workflow.checks.facts.numerals import DAY, DIGITS, FEW, ORDINAL, ROMAN, WORD, YEAR, Number
from workflow.checks.facts.quantities import Symbols

SMALL = f"[{DAY}{ORDINAL}{FEW}]"
"""What may be a day."""
HOUR = f"[{DAY}{FEW}]"
TWO = f"[{DAY}{DIGITS}]"
"""What may be minutes, or the last figures of a year."""
COUNT = f"[{DAY}{YEAR}{DIGITS}{FEW}{WORD}]"
FIRST = f"[{DAY}{DIGITS}{FEW}{WORD}]"
"""The first number of a range; a year is none: `in 2019 and 15 km`."""

RuleText: TypeAlias = tuple[Kind, str] | tuple[Kind, str, tuple[str, ...]]
"""What makes a rule: its kind, its pattern, and its words if it has any."""

NOTHING = re.compile(r"(?!)")
_SIGNS = ("$", "€", "£", "¥", "₽", "₩", "₹", "RMB", "人民币", *(currency.symbol for currency in quantities.CURRENCIES))
CURRENCIES_BEFORE = quantities.currencies_before()
"""What stands before an amount of money in any language."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One form in which a language writes facts of a kind."""

    kind: Kind
    pattern: re.Pattern[str]
    words: tuple[str, ...] = ()
    """The rule is tried all over a text that has one of them; with none, only where a mark is: it begins with one."""

    def matches(self, text: str, marks: Iterable[int]) -> Iterable[re.Match[str]]:
        """Where the rule holds; matches may overlap."""
        if not self.words:
            match = self.pattern.match
            return [found for place in marks if (found := match(text, place))]
        for word in self.words:
            if word in text:
                return self.pattern.finditer(text)
        return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar:
    """What it takes to read one language."""

    read_numbers: Callable[[str], Iterator[Number]]
    rules: tuple[Rule, ...]
    currencies: Symbols | None = None
    """After an amount."""
    units: Symbols | None = None
    idioms: re.Pattern[str] = NOTHING
    """Words that look like facts and are none."""
    named: re.Pattern[str] = NOTHING
    """The language's own names for what others write as a code or a date."""
    names: Mapping[str, tuple[Kind, Value]] = field(default_factory=dict)
    """What they mean, by the group of `named` that has matched."""
    counted: re.Pattern[str] | None = None
    """Matches where a spelled number is one; None where blanks part it from other words."""


def compiled(rules: Iterable[RuleText]) -> tuple[Rule, ...]:
    """The rules of a grammar."""
    return tuple(Rule(kind, re.compile(pattern), *words) for kind, pattern, *words in rules)


def numbered(names: tuple[frozenset[str], ...]) -> dict[str, int]:
    """The number of each name, from 1."""
    return {name: number for number, forms in enumerate(names, start=1) for name in forms}


def quantity_rules(base: str, between: str, percent: str, hyphen: str = "") -> Iterator[RuleText]:
    """Percentages, money and measures: alike in all languages but for their words."""
    number = rf"(?:(?P<a>{FIRST}){between})?(?P<n>{COUNT})"
    gap = rf"[ {hyphen}]{{0,2}}"
    start, end = ("", "") if base == "zh" else (r"(?<![^\W_])", r"(?![^\W_])")
    after, before = quantities.currencies_after(base).pattern, CURRENCIES_BEFORE.pattern
    yield Kind.PERCENT, rf"(?:(?P<a>{FIRST})%?{between})?(?P<n>{COUNT}){gap}{percent}"
    yield Kind.MONEY, rf"{number}{gap}(?P<after>{after}){end}"
    ranged = rf"(?:(?P<a>{FIRST}){between}(?:{before})?)?(?P<n>{COUNT})(?P<million>m\b)?"
    yield Kind.MONEY, rf"{start}(?P<before>{before}) ?{ranged}", _SIGNS
    yield Kind.UNIT, rf"(?<!第){number}{gap}(?P<unit>{quantities.units_after(base).pattern})"


def number_rules(between: str) -> Iterator[RuleText]:
    """What is left when all else is read."""
    yield Kind.NUMBER, rf"(?P<a>{FIRST}){between}(?P<n>{COUNT})"
    yield Kind.NUMBER, rf"(?P<n>[{DAY}{YEAR}{DIGITS}{FEW}{WORD}{ORDINAL}{ROMAN}])"
