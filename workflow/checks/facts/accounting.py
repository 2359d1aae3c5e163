"""Which facts of two texts answer each other, and which are left over."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import TypeAlias

from workflow.checks.facts.fact import Amount, Clock, Date, Fact, Kind, Strength, Value
from workflow.checks.facts.quantities import MAY_BE_BARE, same_quantity

Difference: TypeAlias = tuple[Fact | None, Fact | None]
"""A fact of the source and the one that stands in its place; None where one side has nothing."""


def differences(source: Sequence[Fact], target: Sequence[Fact]) -> Iterator[Difference]:
    """What is not accounted for: first what became something else, then what is missing, then what was added."""
    wanted, found = _unequal(source, target)
    wanted, found = _paired_off(wanted[:_MOST], found[:_MOST], may_stand_for)
    wanted, found = _paired_off(wanted, found, lambda one, other: _is_listed(one, other, source, target))
    # The faint ones are never told.
    wanted, found = ([fact for fact in left if fact.strength > Strength.FAINT] for left in (wanted, found))
    pairs = list(_likely_pairs(wanted, found))
    yield from pairs
    told = [fact for pair in pairs for fact in pair]
    yield from ((fact, None) for fact in wanted if _is_missing(fact, target, told))
    yield from ((None, fact) for fact in found if _is_missing(fact, source, told))


_MOST = 200
"""Differences that are looked into: texts with more are no translations of each other, and all pairs of them many."""


def _unequal(source: Sequence[Fact], target: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    """What is left of both when equal facts are paired off, the surest first."""
    rest: dict[tuple[Kind, Value], list[Fact]] = defaultdict(list)
    for fact in sorted(target, key=lambda fact: (fact.strength, -fact.span[0])):
        rest[fact.key].append(fact)
    wanted = []
    for fact in source:
        if equal := rest.get(fact.key):
            equal.pop()
        else:
            wanted.append(fact)
    return wanted, sorted(chain.from_iterable(rest.values()), key=lambda fact: fact.span)


Matches: TypeAlias = Callable[[Fact, Fact], bool]


def _paired_off(wanted: list[Fact], found: list[Fact], matches: Matches) -> tuple[list[Fact], list[Fact]]:
    """What is left of both when each fact has taken the first of the other side that matches it."""
    left = []
    rest = list(found)
    for fact in wanted:
        places = [place for place, other in enumerate(rest) if matches(fact, other)]
        if places:
            del rest[max(places, key=lambda place: (rest[place].strength, -place))]
        else:
            left.append(fact)
    return left, rest


def may_stand_for(one: Fact, other: Fact) -> bool:
    """True if two facts of different texts can be the same one, said with more or fewer words."""
    return _stands(one, other) or _stands(other, one)


def _stands(one: Fact, other: Fact) -> bool:
    match one.value, other.value:
        case Date(), Date():
            return one.value.agrees_with(other.value)
        case Clock(), Clock():
            return one.value.agrees_with(other.value)
        case Amount() as amount, Amount() as second if (
            one.kind is other.kind is Kind.UNIT and amount.symbol != second.symbol
        ):
            return same_quantity(amount.number, amount.symbol, second.number, second.symbol)
        case Decimal() as number, (Date() | Clock()) if one.kind is Kind.NUMBER:
            return _is_in(number, other)
        case Decimal() as number, Amount() as amount if one.kind is Kind.NUMBER:
            return amount.symbol in MAY_BE_BARE and amount.number == number
        case Amount() as amount, Clock() as clock:
            return amount.symbol == "hour" and clock.minute == 0 and amount.number in {clock.hour, clock.hour - 12}
        case Amount() as amount, Date() as date if amount.symbol == "year":
            return date.decade is None and other.number == amount.number
        case Decimal() as part, Decimal() as second if one.kind is Kind.NUMBER and part < 1:
            return _is_same_share(part, second, other.kind)
        case str(), str():
            return one.kind is other.kind is Kind.CODE and _same_code(one.value, other.value)
        case str() as code, Decimal() as number:
            return one.kind is Kind.CODE and _digits(code) == str(number)
        case str() as code, Date():
            return one.kind is Kind.CODE and _digits(code) == str(other.number)
        case _:
            return False


def _is_same_share(part: Decimal, other: Decimal, kind: Kind) -> bool:
    """True for a half and 50 per cent, and for a quarter and every fourth."""
    if kind is Kind.PERCENT:
        return abs(part * 100 - other) < 1
    return abs(part * other - 1) < Decimal("0.001")


def _is_in(number: Decimal, other: Fact) -> bool:
    """True if a bare number says the one thing that a date or a time says."""
    value = other.value
    if isinstance(value, Clock):
        return value.minute == 0 and number in {value.hour, value.hour - 12}
    if isinstance(value, Date) and value.decade is not None:
        return number % 100 == value.decade % 100
    return other.number == number


def _same_code(one: str, other: str) -> bool:
    """The same digits, and letters of another script or none: `МИГ29` and `MIG29`, or a number without its prefix."""
    if _digits(one) != _digits(other):
        return one.isdigit() and other.isdigit() and len(one) > 9 and one[-10:] == other[-10:]
    return _is_cyrillic(one) != _is_cyrillic(other)


def _digits(code: str) -> str:
    return re.sub(r"\D", "", code).lstrip("0")


def _is_cyrillic(code: str) -> bool:
    return re.search("[А-Я]", code) is not None


def _is_listed(one: Fact, other: Fact, source: Sequence[Fact], target: Sequence[Fact]) -> bool:
    """True for `5` and `5 km` where the side that has the bare number says `10 km` too: `5, 10 and 15 km`."""
    return _lends(one, other, source) or _lends(other, one, target)


def _lends(bare: Fact, full: Fact, beside: Sequence[Fact]) -> bool:
    if bare.kind is not Kind.NUMBER or full.kind not in {Kind.PERCENT, Kind.MONEY, Kind.UNIT}:
        return False
    same = any(fact.kind is full.kind and _symbol(fact) == _symbol(full) for fact in beside)
    return same and bare.number == full.number


def _symbol(fact: Fact) -> str:
    return fact.value.symbol if isinstance(fact.value, Amount) else ""


def _is_missing(fact: Fact, others: Sequence[Fact], told: Sequence[Fact]) -> bool:
    """False for what was told in a pair, what need not be there, and what is only said once more."""
    if fact.strength is not Strength.FIRM or any(fact is one for one in told):
        return False
    return not any(fact.key == other.key or may_stand_for(fact, other) for other in others[: 5 * _MOST])


def _likely_pairs(wanted: list[Fact], found: list[Fact]) -> Iterator[tuple[Fact, Fact]]:
    """What probably became what: the most alike first."""
    likely = defaultdict(list)
    for place, fact in enumerate(wanted):
        for other_place, other in enumerate(found):
            likeness = _likeness(fact, other)
            if likeness:
                distance = abs(place / len(wanted) - other_place / len(found))
                likely[-likeness].append((distance, place, other_place))
    gone: set[int] = set()
    taken: set[int] = set()
    for likeness in sorted(likely):
        for _, place, other_place in sorted(likely[likeness]):
            if place not in gone and other_place not in taken:
                gone.add(place)
                taken.add(other_place)
                yield wanted[place], found[other_place]


_NUMBERS = {Kind.NUMBER, Kind.UNIT, Kind.DATE}
"""Kinds between which a language may choose: `70`, `70 years`, `year 70`."""


def _likeness(one: Fact, other: Fact) -> int:
    """0 if one could not have become the other."""
    numbers = one.number, other.number
    same_number = None not in numbers and numbers[0] == numbers[1]
    if one.kind is other.kind:
        return 4 + (3 if same_number else 0) + (2 if _shares(one, other) else 0)
    if Kind.ADDRESS in {one.kind, other.kind}:
        return 0
    if same_number:
        return 5
    is_firm = one.strength is other.strength is Strength.FIRM
    if is_firm and ({one.kind, other.kind} <= _NUMBERS or Kind.CODE in {one.kind, other.kind}):
        return 1
    return 0


def _shares(one: Fact, other: Fact) -> bool:
    """True for dates with a part in common, amounts of the same thing, and numbers with the same figures."""
    match one.value, other.value:
        case Date() as date, Date() as second:
            return bool(date.parts.items() & second.parts.items())
        case Amount() as amount, Amount() as second:
            return amount.symbol == second.symbol
        case Decimal() as number, Decimal() as second:
            return number.normalize().as_tuple().digits == second.normalize().as_tuple().digits
        case _:
            return False
