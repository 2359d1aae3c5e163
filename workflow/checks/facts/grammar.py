"""How a language writes facts: rules over a text's skeleton, in which each number is one character.

A rule is a regular expression; `readings` says what its named groups mean. Rules are tried in order, and what one
has read no later one reads again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
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

Rules: TypeAlias = tuple[tuple[Kind, re.Pattern[str]], ...]

NOTHING = re.compile(r"(?!)")
CURRENCIES_BEFORE = quantities.currencies_before()
"""What stands before an amount of money in any language."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar:
    """What it takes to read one language."""

    read_numbers: Callable[[str], Iterator[Number]]
    rules: Rules
    currencies: Symbols | None = None
    """After an amount."""
    units: Symbols | None = None
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    idioms: re.Pattern[str] = NOTHING
    """Words that look like facts and are none."""
    named: tuple[tuple[re.Pattern[str], Kind, Value], ...] = ()
    """The language's own names for what others write as a code or a date."""
    counted: re.Pattern[str] | None = None
    """Matches where a spelled number is one; None where blanks part it from other words."""


def compiled(rules: Iterable[tuple[Kind, str]]) -> Rules:
    """The rules of a grammar."""
    return tuple((kind, re.compile(pattern)) for kind, pattern in rules)


def one_of(names: Iterable[str]) -> str:
    """A pattern for any of the names."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def numbered(names: tuple[frozenset[str], ...]) -> dict[str, int]:
    """The number of each name, from 1."""
    return {name: number for number, forms in enumerate(names, start=1) for name in forms}


def numeric_dates() -> Iterator[tuple[Kind, str]]:
    """ISO 8601, and day first with dots."""
    yield Kind.DATE, rf"(?P<y>{YEAR})(?P<by>[-./])(?P<m>{TWO})(?P=by)(?P<d>{TWO})(?!\w)"
    yield Kind.DATE, rf"(?P<d>{TWO})[./](?P<m>{TWO})[./](?P<y>{YEAR})"


def quantity_rules(base: str, between: str, percent: str, hyphen: str = "") -> Iterator[tuple[Kind, str]]:
    """Percentages, money and measures: alike in all languages but for their words."""
    number = rf"(?:(?P<a>{FIRST}){between})?(?P<n>{COUNT})"
    gap = rf"[ {hyphen}]{{0,2}}"
    start, end = ("", "") if base == "zh" else (r"(?<![^\W_])", r"(?![^\W_])")
    after, before = quantities.currencies_after(base).pattern, CURRENCIES_BEFORE.pattern
    yield Kind.PERCENT, rf"(?:(?P<a>{FIRST})%?{between})?(?P<n>{COUNT}){gap}{percent}"
    yield Kind.MONEY, rf"(?:{start}(?:{before}) ?)?{number}{gap}(?P<after>{after}){end}"
    yield (
        Kind.MONEY,
        (rf"{start}(?P<before>{before}) ?(?:(?P<a>{FIRST}){between}(?:{before})?)?(?P<n>{COUNT})(?P<million>m\b)?"),
    )
    yield Kind.UNIT, rf"(?<!第){number}{gap}(?P<unit>{quantities.units_after(base).pattern})"


def number_rules(between: str) -> Iterator[tuple[Kind, str]]:
    """What is left when all else is read."""
    yield Kind.NUMBER, rf"(?P<a>{FIRST}){between}(?P<n>{COUNT})"
    yield Kind.NUMBER, rf"(?P<n>[{DAY}{YEAR}{DIGITS}{FEW}{WORD}{ORDINAL}{ROMAN}])"
