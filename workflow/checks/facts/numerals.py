"""Numbers in a text, in digits and in words, as values with a place.

`Number.mark` stands for the number in a text's skeleton, in which the rules of a grammar look for dates and amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from workflow.checks.facts.fact import Strength
from workflow.checks.prose import Span

DAY, YEAR, DIGITS, FEW, WORD, ORDINAL, ROMAN, PART, MONTH, WEEKDAY = (chr(0xE000 + offset) for offset in range(10))
"""Marks: digits that may be a day, digits that may be a year, other digits; spelled up to 31, spelled beyond;
spelled ordinals, Roman digits, `thirds` and the like; and the names of months and days, which are numbers here."""
NAMES = MONTH + WEEKDAY
MARKS = DAY + YEAR + DIGITS + FEW + WORD + ORDINAL + ROMAN + PART
BLANKS = " \u00a0\u202f\u2009"
HALF = Decimal("0.5")


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A number as a text has it."""

    value: Decimal
    span: Span
    mark: str
    strength: Strength
    scale: Decimal = Decimal(1)
    """What it was multiplied with: a million in `1.5 million`."""

    def scaled(self, scale: Decimal) -> Decimal:
        """The value, if the number that it makes a range with lends it its scale: the 2 of `2 to 3 million`."""
        return self.value * scale if self.scale == 1 else self.value


def digits_pattern(marks: tuple[str, str]) -> str:
    """A regular expression for a number in digits, with a language's decimal mark and mark between groups.

    The SI's blanks part groups in every language.
    """
    _, group = marks
    groups = {"\u00a0", "\u202f", "\u2009", group} | ({" "} if group in BLANKS else set())
    between, point = (f"[{re.escape(''.join(sorted(those)))}]" for those in (groups, _decimals(marks)))
    return rf"(?<![\dA-Za-zА-Яа-я])(?:\d{{1,3}}(?:{between}\d{{3}})+(?!\d)|\d+)(?:{point}\d+)?"


def _decimals(marks: tuple[str, str]) -> set[str]:
    """Many write `1.5` where their language has a comma; not where the dot parts groups."""
    decimal, group = marks
    return {decimal} if group == "." else {decimal, "."}


def digits_value(text: str, marks: tuple[str, str]) -> Decimal:
    """The value of what `digits_pattern` found."""
    whole, _, part = next((text.partition(mark) for mark in _decimals(marks) if mark in text), (text, "", ""))
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits}.{part}") if part else Decimal(digits)


def mark_of_digits(text: str, value: Decimal) -> str:
    """Which of the marks a number in digits gets."""
    if not text.isdigit():
        return DIGITS
    if len(text) == 4 and 1000 <= value < 2200:
        return YEAR
    return DAY if len(text) <= 2 and value <= 31 else DIGITS


def mark_of_words(value: Decimal) -> str:
    """Which of the marks a cardinal in words gets."""
    return FEW if value <= 31 else WORD


def strength_of(value: Decimal, *, spelled: bool) -> Strength:
    """How surely a translation repeats a number: small ones in words come and go with the grammar."""
    if not spelled:
        return Strength.SOFT if value == 1 else Strength.FIRM
    if value <= 1:
        return Strength.FAINT
    return Strength.SOFT if value < 4 else Strength.FIRM


class Part(Enum):
    """What a word does in a number."""

    CARDINAL = auto()
    ORDINAL = auto()
    SCALE = auto()
    """Multiplies what stands before it, and is a number by itself."""
    MULTIPLIER = auto()
    """Multiplies, but alone it is vague: `тысячи студентов`."""
    FRACTION = auto()
    """The lower part of a fraction."""
    VAGUE = auto()
    """Makes the number after it no number: `several hundred`."""
    MONTH = auto()
    WEEKDAY = auto()


@dataclass(frozen=True, slots=True)
class Word:
    """A number word, or the name of a month or a day of the week."""

    value: Decimal
    part: Part
    strength: Strength | None = None
    """None: as its value says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """How a language that parts words by blanks writes numbers."""

    words: Mapping[str, Word]
    token: re.Pattern[str]
    """A number in digits, or a word in lower case."""
    marks: tuple[str, str]
    """The decimal mark and the one between groups of digits."""
    joins: re.Pattern[str]
    """What may stand between two parts of a number."""
    late_joins: re.Pattern[str]
    """What may stand there after a hundred or a thousand, and before a half: ` and `."""
    capital_names: bool
    """True if months and days have a capital, so that `may` is no month."""
    compound: re.Pattern[str] | None = None
    """A longer word that begins with a number; the group `number` is a word of the table."""


_IN_NUMBERS = {Part.CARDINAL, Part.ORDINAL, Part.SCALE, Part.MULTIPLIER}
_ALONE = {Part.FRACTION: PART, Part.MONTH: MONTH, Part.WEEKDAY: WEEKDAY}
LONGEST = 30
"""Digits; what has more is no number that anyone counted."""


@dataclass(slots=True)
class _Run:
    """A number under way."""

    start: int
    end: int
    in_digits: bool
    total: Decimal = Decimal(0)
    group: Decimal | None = None
    room: Decimal = Decimal("Infinity")
    """What is added must be less: nothing fits after 5, up to 9 after 20."""
    scale: Decimal = Decimal("Infinity")
    multiplied: Decimal = Decimal(1)
    parts: int = 0
    ordinal: bool = False
    strength: Strength | None = None

    def takes(self, word: Word) -> bool:
        """Add the word if it goes on with the number."""
        if self.ordinal or word.part not in _IN_NUMBERS:
            return False
        fits = self._multiply(word.value) if word.part in {Part.SCALE, Part.MULTIPLIER} else self._add(word)
        if fits:
            self.parts += 1
            self.strength = word.strength if self.parts == 1 else None
        return fits

    def _add(self, word: Word) -> bool:
        value = word.value
        limit = self.room if self.group is not None else min(self.room, self.scale)
        if value >= limit:
            return False
        self.group = (self.group or Decimal(0)) + value
        self.room = _room_after(value)
        self.ordinal = word.part is Part.ORDINAL
        return True

    def _multiply(self, scale: Decimal) -> bool:
        if scale == 100 and (self.group is None or self.group < 100):
            self.group = (self.group or Decimal(1)) * 100
            self.room = Decimal(100)
        elif scale >= self.scale or (self.group is None and self.total):
            return False
        else:
            self.total += (self.group or Decimal(1)) * scale
            self.group, self.scale, self.room = None, scale, Decimal("Infinity")
        self.multiplied *= scale
        return True

    def number(self) -> Number:
        value = self.total + (self.group or 0)
        strength = self.strength
        if strength is None:
            strength = strength_of(value, spelled=not self.in_digits)
        mark = ORDINAL if self.ordinal else DIGITS if self.in_digits else mark_of_words(value)
        return Number(value=value, span=(self.start, self.end), mark=mark, strength=strength, scale=self.multiplied)


def _room_after(value: Decimal) -> Decimal:
    if value and value % 100 == 0:
        return Decimal(100)
    if value >= 20 and value % 10 == 0:
        return Decimal(10)
    return Decimal(1) if value >= 1 else Decimal(0)


def spoken_numbers(text: str, vocabulary: Vocabulary) -> Iterator[Number]:
    """The numbers of a text in lower case, in order."""
    run: _Run | None = None
    vague_end = -5
    for token in vocabulary.token.finditer(text):
        known = token.group()
        word = vocabulary.words.get(known)
        digits = word is None and known[0].isdigit()
        if word is None:
            known, word = _digits_word(known, vocabulary) if digits else _compound(known, vocabulary)
            if word is None:
                continue
        start = token.start()
        end = start + len(known)
        if run is not None and not digits and _joined(text[run.end : start], run, word, vocabulary) and run.takes(word):
            run.end = end
            continue
        if run is not None:
            yield _finished(run, text)
        run = None
        if word.part is Part.VAGUE or (start - vague_end < 5 and _is_vague_still(text[vague_end:start], word)):
            vague_end = end
        elif word.part in _ALONE:
            strength = word.strength or Strength.FIRM
            yield Number(value=word.value, span=(start, end), mark=_ALONE[word.part], strength=strength)
        elif word.part is Part.MULTIPLIER:
            vague_end = end
        else:
            run = _Run(start=start, end=end, in_digits=digits)
            run.takes(word)
    if run is not None:
        yield _finished(run, text)


def _digits_word(digits: str, vocabulary: Vocabulary) -> tuple[str, Word | None]:
    if len(digits) > LONGEST:
        return digits, None
    return digits, Word(digits_value(digits, vocabulary.marks), Part.CARDINAL)


def _compound(text: str, vocabulary: Vocabulary) -> tuple[str, Word | None]:
    """The part of a word that is a number, and what it means."""
    compound = vocabulary.compound.match(text) if vocabulary.compound is not None and len(text) > 6 else None
    if compound is None:
        return text, None
    number = compound["number"]
    return number, Word(vocabulary.words[number].value, Part.CARDINAL, Strength.SOFT)


def _is_vague_still(gap: str, word: Word) -> bool:
    return gap in {" ", " of ", "\u00a0"} and word.part in {Part.SCALE, Part.MULTIPLIER, Part.VAGUE}


def _joined(gap: str, run: _Run, word: Word, vocabulary: Vocabulary) -> bool:
    if word.part in {Part.SCALE, Part.MULTIPLIER}:
        return vocabulary.joins.fullmatch(gap) is not None
    if run.in_digits:
        return False
    is_late = run.multiplied > 1 or word.value == HALF
    late = is_late and vocabulary.late_joins.fullmatch(gap) is not None
    return late or (vocabulary.joins.fullmatch(gap) is not None)


def _finished(run: _Run, text: str) -> Number:
    number = run.number()
    if not run.in_digits or run.parts > 1:
        return number
    mark = mark_of_digits(text[run.start : run.end], number.value)
    return Number(value=number.value, span=number.span, mark=mark, strength=number.strength)


_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10}


def numbers_in(text: str, vocabulary: Vocabulary, roman: re.Pattern[str]) -> Iterator[Number]:
    """The numbers of a language that parts words by blanks, in order; `roman` finds those in Roman digits."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := character.lower()) == 1 else character for character in text)
    found = list(spoken_numbers(lowered, vocabulary))
    if vocabulary.capital_names:
        found = [number for number in found if number.mark not in NAMES or text[number.span[0]].isupper()]
    romans = [_roman(match) for match in roman.finditer(text)]
    return iter(sorted(found + romans, key=lambda number: number.span) if romans else found)


def _roman(match: re.Match[str]) -> Number:
    # Russian keyboards have a Х that looks the same.
    digits = [_ROMAN_DIGITS[character] for character in match.group().replace("Х", "X")]
    value = sum(-digit if digit < after else digit for digit, after in zip(digits, [*digits[1:], 0], strict=True))
    return Number(value=Decimal(value), span=match.span(), mark=ROMAN, strength=Strength.SOFT)
