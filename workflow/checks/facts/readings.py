"""What the named groups of a grammar's rules mean: from a match in the skeleton to the values of facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from workflow.checks.facts.fact import Amount, Clock, Date, Kind, Strength, Value
from workflow.checks.facts.grammar import CURRENCIES_BEFORE, Grammar
from workflow.checks.facts.numerals import HALF, Number
from workflow.checks.facts.quantities import SPANS_OF_TIME


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule has found."""

    match: re.Match[str]
    numbers: Mapping[int, Number]
    """By place in the skeleton."""
    text: str
    grammar: Grammar

    def words(self, name: str) -> str:
        """What a group matched; empty if it did not, or the rule has none of the name."""
        return self.match[name] or "" if name in self.match.re.groupindex else ""

    def number(self, name: str) -> Number | None:
        """The number that a group matched."""
        return self.numbers[self.match.start(name)] if self.words(name) else None

    def whole(self, name: str) -> int | None:
        """The same as an int; None if there is no such number, or it is not a whole one."""
        number = self.number(name)
        return int(number.value) if number is not None and number.value == int(number.value) else None

    def digits(self, name: str) -> str:
        """The characters of the number."""
        number = self.number(name)
        return self.text[slice(*number.span)] if number is not None else ""


Reading = tuple[Value, Strength]


def read(kind: Kind, found: Found) -> list[Reading]:
    """The facts in a match, in order; none if its numbers cannot be what the rule takes them for."""
    return _READERS[kind](found)


def _numbers(found: Found) -> list[tuple[Decimal, Strength]]:
    """The number of a rule; both ends if it is a range, where the first may borrow the scale of the second."""
    last = found.number("n")
    if last is None:
        return []
    first = found.number("a")
    if first is None:
        return [(last.value, last.strength)]
    is_lent = first.value * last.scale < last.value
    return [(first.scaled(last.scale) if is_lent else first.value, first.strength), (last.value, last.strength)]


def _plain(found: Found) -> list[Reading]:
    bottom = found.number("bottom")
    if bottom is not None:
        return _fraction(found.number("top"), bottom)
    ten = found.number("ten")
    if ten is not None:
        return _fraction(found.number("top"), ten) if ten.value == 10 else []
    if found.words("half"):
        return [(HALF, Strength.FAINT)]
    if found.words("double"):
        return [(Decimal(2), Strength.SOFT)]
    return list(_numbers(found))


def _fraction(top: Number | None, bottom: Number) -> list[Reading]:
    if bottom.value < 2 or (top is not None and top.value >= bottom.value):
        return []
    strength = Strength.SOFT if top is None or top.value == 1 else Strength.FIRM
    value = (top.value if top is not None else 1) / bottom.value
    return [(value.quantize(Decimal("0.000001")), strength)]


def _percent(found: Found) -> list[Reading]:
    tenths = found.number("tenths")
    if tenths is not None:
        share = tenths.value * 10 + (5 if found.words("half") else 0)
        return [(share, Strength.FIRM)] if share <= 100 else []
    return [(value, Strength.FIRM) for value, _ in _numbers(found)]


def _money(found: Found) -> list[Reading]:
    after, before = found.words("after"), found.words("before")
    currencies = found.grammar.currencies
    symbol = currencies.symbol(after) if after and currencies else CURRENCIES_BEFORE.symbol(before)
    times = 10**6 if found.words("million") else 1
    return [(Amount(value * times, symbol), Strength.FIRM) for value, _ in _numbers(found)]


_PERIODS = {
    "half_year": Amount(Decimal(6), "month"),
    "ten_years": Amount(Decimal(10), "year"),
    "fifty_years": Amount(Decimal(50), "year"),
    "hundred_years": Amount(Decimal(100), "year"),
    "all_day": Amount(Decimal(24), "hour"),
    "all_week": Amount(Decimal(7), "day"),
}
"""What has a name of its own: a decade, round the clock."""


def _unit(found: Found) -> list[Reading]:
    for name, period in _PERIODS.items():
        if found.words(name):
            halved = found.number("halved")
            return [(period, Strength.FAINT)] if halved is None or halved.value == HALF else []
    if found.words("of_life"):
        return [(Amount(value - 1, "year"), strength) for value, strength in _numbers(found)]
    units = found.grammar.units
    if units is None:
        return []
    symbol = units.symbol(found.words("unit"))
    more = HALF if found.words("half") else (found.whole("hundredths") or 0) * Decimal("0.01")
    return [
        (Amount(value + more, symbol), strength if symbol in SPANS_OF_TIME else max(strength, Strength.SOFT))
        for value, strength in _numbers(found)
    ]


def _date(found: Found) -> list[Reading]:
    weekday = _weekday(found)
    if weekday is not None:
        return [(Date(weekday=weekday), Strength.SOFT)] if 1 <= weekday <= 7 else []
    if found.words("dec"):
        return _decade(found)
    if found.words("c"):
        century = found.whole("c") or 0
        return [(Date(century=century), Strength.FIRM)] if 1 <= century <= 21 else []
    dates = _years(found) if found.words("y2") or found.words("ordinal_year") else _days(found)
    return [(date, Strength.FIRM) for date in dates]


def _weekday(found: Found) -> int | None:
    if found.words("sunday"):
        return 7
    return found.whole("wdn") or found.whole("wd")


def _decade(found: Found) -> list[Reading]:
    decade = found.whole("dec") or 0
    if decade % 10 or (decade < 100 and decade < 10) or 100 <= decade < 1000:
        return []
    century = found.whole("c")
    start = decade if century is None else (century - 1) * 100 + decade
    return [(Date(decade=start), Strength.FIRM)]


def _years(found: Found) -> list[Date]:
    ordinal = found.whole("ordinal_year")
    if ordinal is not None:
        return [Date(year=ordinal)] if ordinal >= 1000 else []
    first, last = found.whole("y") or 0, found.whole("y2") or 0
    if last < 100:
        last += first // 100 * 100
    return [Date(year=first), Date(year=last)] if first < last <= first + 300 else []


def _days(found: Found) -> list[Date]:
    year, month = found.whole("y"), _month(found)
    names = sorted((name for name in ("d", "d2", "d3") if found.words(name)), key=found.match.start)
    days = [found.whole(name) for name in names]
    sole = found.number("sole")
    if sole is not None and sole.strength is Strength.FAINT:
        return []
    if any(day is None or not 1 <= day <= 31 for day in days) or (month is not None and not 1 <= month <= 12):
        return []
    if "m" in found.match.re.groupindex and found.words("m") and month is None:
        return []
    return [Date(year=year, month=month, day=day) for day in days or [None]]


def _month(found: Found) -> int | None:
    return found.whole("mon") or found.whole("sole") or found.whole("m")


_MORNING = ("a", "morning", "утра", "ночи", "上午", "早", "凌晨", "清晨")
_NIGHT = {"ночи", "凌晨", "晚上", "晚", "夜间", "晚间"}
_QUARTERS = {"一刻": 15, "三刻": 45}


def _time(found: Found) -> list[Reading]:
    if found.words("noon") or found.words("midnight"):
        return [(Clock(12 if found.words("noon") else 0, 0), Strength.FAINT)]
    clocks = [_clock(found, "h0", "mi0"), _clock(found, "h", "mi")]
    return [(clock, Strength.FIRM) for clock in clocks if clock is not None]


def _clock(found: Found, hour_name: str, minute_name: str) -> Clock | None:
    digits = found.digits(hour_name)
    if not digits:
        return None
    dotted = re.fullmatch(r"(\d{1,2})\.(\d\d)", digits)
    if dotted:
        return _checked(int(dotted[1]), int(dotted[2]), found.words("part"))
    hour, minute = found.whole(hour_name), _minute(found, minute_name)
    return None if hour is None or minute is None else _checked(hour, minute, found.words("part"))


def _minute(found: Found, name: str) -> int | None:
    """None for what cannot be minutes, such as the 2 of a score of 3:2."""
    if found.words(name):
        return found.whole(name) if len(found.digits(name)) == 2 else None
    if name == "mi0":
        return 0
    if found.words("mi2"):
        return found.whole("mi2")
    return 30 if found.words("half") else _QUARTERS.get(found.words("quarter"), 0)


def _checked(hour: int, minute: int, part: str) -> Clock | None:
    if not (0 <= hour <= 24 and 0 <= minute <= 59):
        return None
    if not part:
        return Clock(hour % 24, minute, hour > 12 or hour == 0)
    if hour <= 12:
        is_morning = part.lower().startswith(_MORNING)
        hour = hour % 12 if is_morning or (hour == 12 and part in _NIGHT) else hour % 12 + 12
    return Clock(hour % 24, minute)


_READERS: Mapping[Kind, Callable[[Found], list[Reading]]] = {
    Kind.NUMBER: _plain,
    Kind.PERCENT: _percent,
    Kind.MONEY: _money,
    Kind.UNIT: _unit,
    Kind.DATE: _date,
    Kind.TIME: _time,
}
