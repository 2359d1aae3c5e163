"""Numbers in Chinese: digits with 万 and 亿, and numerals in characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from workflow.checks.facts.fact import Strength
from workflow.checks.facts.numerals import (
    DIGITS,
    FEW,
    LONGEST,
    YEAR,
    Number,
    digits_pattern,
    digits_value,
    mark_of_digits,
    mark_of_words,
    strength_of,
)

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_FULL_TENS = {"廿": 20, "卅": 30}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_NUMERALS = "〇零一二两三四五六七八九十百千万亿廿卅"


def pattern(marks: tuple[str, str]) -> re.Pattern[str]:
    """What `han_numbers` looks for; 百分之 is no hundred."""
    numeral = rf"(?:(?!百分[之点])[{_NUMERALS}])"
    return re.compile(
        rf"""
          (?P<vague>[几数][十百千万亿]+|十几[百千万亿]*|千百万|亿万|万千)
        | (?P<digits>{digits_pattern(marks)})(?:[多余几]?(?P<scale>[百千万亿]+))?[多余]?
        | (?P<plan>十[一二三四五]五)(?=[”"」]?(?:规划|期间|计划|时期))
        | (?P<han>{numeral}+)(?:[多余](?P<over>[百千万亿]+))?[多余几]?
        """,
        re.VERBOSE,
    )


def han_numbers(text: str, found: re.Pattern[str], marks: tuple[str, str]) -> Iterator[Number]:
    """The numbers of a text, in order."""
    for match in found.finditer(text):
        if match["digits"]:
            if len(match["digits"]) <= LONGEST:
                yield _of_digits(match, marks)
        elif match["plan"]:
            yield from _five_year_plan(match)
        elif match["han"]:
            yield from _of_characters(match)


def _of_digits(match: re.Match[str], marks: tuple[str, str]) -> Number:
    plain = digits_value(match["digits"], marks)
    scale = Decimal(_scale(match["scale"] or ""))
    mark = DIGITS if match.group() != match["digits"] else mark_of_digits(match["digits"], plain)
    value = plain * scale
    return Number(value=value, span=match.span(), mark=mark, strength=strength_of(value, spelled=False), scale=scale)


def _five_year_plan(match: re.Match[str]) -> Iterator[Number]:
    """十四五, the fourteenth five-year plan."""
    start, end = match.span()
    ordinal = Decimal(10 + _DIGITS[match["plan"][1]])
    yield Number(value=ordinal, span=(start, end - 1), mark=FEW, strength=Strength.FIRM)
    yield Number(value=Decimal(5), span=(end - 1, end), mark=FEW, strength=Strength.SOFT)


def _of_characters(match: re.Match[str]) -> Iterator[Number]:
    numeral = match["han"]
    value = numeral_value(numeral) if len(numeral) <= LONGEST else None
    if value is None:
        return
    scale = _scale(match["over"] or "")
    total = Decimal(value * scale)
    # 万里 and 百家 are rather many than 10,000 and 100.
    is_round = not match.group().strip("百千万亿")
    is_year = len(numeral) == 4 and 1000 <= value < 2200 and not any(unit in numeral for unit in "十百千万亿")
    yield Number(
        value=total,
        span=match.span(),
        mark=YEAR if is_year else mark_of_words(total),
        strength=Strength.SOFT if is_round else strength_of(total, spelled=True),
        scale=Decimal(_scale(re.sub(r"^.*[^万亿]", "", numeral + (match["over"] or "")))),
    )


def _scale(characters: str) -> int:
    scale = 1
    for character in characters:
        scale *= _TENS.get(character) or _MYRIADS[character]
    return scale


def numeral_value(numeral: str) -> int | None:
    """The value of a numeral in characters; None for one that is no number: 三五 (three to five), 五四 (May Fourth)."""
    if all(character in _DIGITS for character in numeral):
        return None if len(numeral) == 2 else int("".join(str(_DIGITS[character]) for character in numeral))
    total = section = 0
    digit: int | None = None
    last_unit = 1
    for character in numeral:
        if character in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[character]
            last_unit = 1 if digit == 0 else last_unit
        elif character in _FULL_TENS:
            section += _FULL_TENS[character]
        elif character in _TENS:
            last_unit = _TENS[character]
            section += (1 if digit is None else digit) * last_unit
            digit = None
        else:
            last_unit = _MYRIADS[character]
            total, section = _with_myriad(total, section + (digit or 0), last_unit)
            digit = None
    # 一百二 is 120, 一百零二 is 102.
    return total + section + (digit or 0) * max(last_unit // 10, 1)


def _with_myriad(total: int, section: int, unit: int) -> tuple[int, int]:
    """万 and 亿 multiply what stands before them: 万亿 multiplies twice."""
    if section == 0:
        return (total or 1) * unit, 0
    if unit > total:
        return (total + section) * unit, 0
    return total + section * unit, 0
