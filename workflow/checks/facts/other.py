"""Languages without a grammar: numbers in digits, with the marks that the CLDR gives, and percentages with a sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.facts.fact import Kind
from workflow.checks.facts.grammar import Grammar, compiled
from workflow.checks.facts.numerals import (
    DAY,
    DIGITS,
    LONGEST,
    YEAR,
    Number,
    digits_pattern,
    digits_value,
    mark_of_digits,
    strength_of,
)
from workflow.languages import Language, number_marks


def grammar(language: Language) -> Grammar:
    """What can be read in any language."""
    marks = number_marks(language)
    found = re.compile(digits_pattern(marks))
    number = rf"(?P<n>[{DAY}{YEAR}{DIGITS}])"
    return Grammar(
        read_numbers=lambda text: _digits(text, found, marks),
        rules=compiled([(Kind.PERCENT, rf"{number} ?[%٪]"), (Kind.NUMBER, number)]),
    )


def _digits(text: str, found: re.Pattern[str], marks: tuple[str, str]) -> Iterator[Number]:
    for match in found.finditer(text):
        if len(match.group()) > LONGEST:
            continue
        value = digits_value(match.group(), marks)
        mark = mark_of_digits(match.group(), value)
        yield Number(value=value, span=match.span(), mark=mark, strength=strength_of(value, spelled=False))
