"""A fact that a text states in figures, in a form that is the same in every language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import NamedTuple, TypeAlias

from workflow.checks.prose import Span


class Kind(StrEnum):
    """What a fact is; the value is the last part of the finding's code."""

    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    MONEY = "money"
    UNIT = "unit"
    ADDRESS = "address"
    CODE = "code"


class Strength(IntEnum):
    """How surely a translation has a fact again."""

    FAINT = 0
    """One, both, first: translators write them or not, and nothing follows from it."""
    SOFT = 1
    """Two, three, a weekday: may go, but not turn into another."""
    FIRM = 2
    """Must be there."""


class Date(NamedTuple):
    """The parts of a date that a text gives; the others are None."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """1 is Monday, as in ISO 8601."""
    decade: int | None = None
    """Its first year; less than 100 where the century is not said."""
    century: int | None = None

    @property
    def parts(self) -> dict[str, int]:
        return {name: value for name, value in self._asdict().items() if value is not None}

    def agrees_with(self, other: Date) -> bool:
        """True if they share a part and no part contradicts."""
        mine, theirs = self.parts, other.parts
        shared = mine.keys() & theirs.keys()
        return bool(shared) and all(_same_part(name, mine[name], theirs[name]) for name in shared)


def _same_part(name: str, one: int, other: int) -> bool:
    bare = name == "decade" and min(one, other) < 100
    return one % 100 == other % 100 if bare else one == other


class Clock(NamedTuple):
    """A time of day."""

    hour: int
    minute: int
    is_certain: bool = True
    """False where it may be meant on a clock of twelve hours."""

    def agrees_with(self, other: Clock) -> bool:
        """True if they are the same time, or twelve hours apart and one does not say which half of the day."""
        if self.minute != other.minute:
            return False
        certain = self.is_certain and other.is_certain
        return self.hour == other.hour if certain else (self.hour - other.hour) % 12 == 0


class Amount(NamedTuple):
    """So much of a currency or a unit of measure."""

    number: Decimal
    symbol: str
    """ISO 4217 for money, else a key of `quantities.UNITS`."""


Value: TypeAlias = Decimal | Date | Clock | Amount | str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One fact, and where it stands."""

    kind: Kind
    value: Value
    span: Span
    words: str
    """The text at the span."""
    strength: Strength = Strength.FIRM

    @property
    def key(self) -> tuple[Kind, Value]:
        return self.kind, self.value

    @property
    def number(self) -> Decimal | None:
        """The bare number in it, if there is one only."""
        match self.value:
            case Amount():
                return self.value.number
            case Decimal():
                return self.value
            case Date():
                named = self.value.month or self.value.weekday
                parts = list(self.value.parts.values())
                return None if named or len(parts) != 1 else Decimal(parts[0])
            case Clock():
                return Decimal(self.value.hour) if self.value.minute == 0 else None
            case _:
                return None
