"""How English writes facts: its number words, and the rules of its grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from workflow.checks.facts import quantities
from workflow.checks.facts.fact import Kind, Strength
from workflow.checks.facts.grammar import (
    HOUR,
    SMALL,
    TWO,
    Grammar,
    RuleText,
    compiled,
    number_rules,
    numbered,
    quantity_rules,
)
from workflow.checks.facts.numerals import (
    DAY,
    DIGITS,
    FEW,
    HALF,
    MONTH,
    ORDINAL,
    PART,
    ROMAN,
    WEEKDAY,
    YEAR,
    Part,
    Vocabulary,
    Word,
    digits_pattern,
    numbers_in,
)
from workflow.languages import Language, month_names, number_marks, weekday_names

# --- Numbers ---------------------------------------------------------------------------------------------

_CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_SHORT_SCALES = {"mn": 10**6, "mln": 10**6, "bn": 10**9, "tn": 10**12, "trn": 10**12}
_VAGUE = "several few many some tens dozens scores hundreds thousands millions billions trillions"
_FRACTIONS = {"thirds": 3, "quarters": 4, "fifths": 5, "sixths": 6, "eighths": 8, "tenths": 10}
_MULTIPLES = {
    "twice double doubled doubles doubling twofold": 2,
    "triple tripled triples tripling threefold": 3,
    "fourfold quadrupled": 4,
    "fivefold": 5,
    "tenfold": 10,
}


def _english() -> Iterator[tuple[str, Word]]:
    for value, word in enumerate(_CARDINALS.split()):
        yield word, Word(Decimal(value), Part.CARDINAL)
    for value, word in enumerate(_ORDINALS.split(), start=1):
        yield word, Word(Decimal(value), Part.ORDINAL)
    for tens, word in enumerate(_TENS.split(), start=2):
        yield word, Word(Decimal(tens * 10), Part.CARDINAL)
        yield word[:-1] + "ieth", Word(Decimal(tens * 10), Part.ORDINAL)
    for word, value in _SCALES.items():
        yield word, Word(Decimal(value), Part.SCALE)
        yield word + "th", Word(Decimal(value), Part.ORDINAL)
    yield from ((word, Word(Decimal(value), Part.MULTIPLIER)) for word, value in _SHORT_SCALES.items())
    yield from ((word, Word(Decimal(0), Part.VAGUE)) for word in _VAGUE.split())
    yield from ((word, Word(Decimal(value), Part.FRACTION)) for word, value in _FRACTIONS.items())
    for words, value in _MULTIPLES.items():
        yield from ((word, Word(Decimal(value), Part.CARDINAL, Strength.SOFT)) for word in words.split())
    yield "dozen", Word(Decimal(12), Part.SCALE, Strength.SOFT)
    yield "half", Word(HALF, Part.CARDINAL, Strength.FAINT)
    yield "both", Word(Decimal(2), Part.CARDINAL, Strength.FAINT)


def _names(language: Language) -> Iterator[tuple[str, Word]]:
    for name, number in numbered(month_names(language)).items():
        strength = Strength.FAINT if name in _NOT_ALONE else Strength.FIRM
        yield name.lower(), Word(Decimal(number), Part.MONTH, strength)
    yield "sept", Word(Decimal(9), Part.MONTH)
    for name, number in numbered(weekday_names(language)).items():
        if len(name) > 3:
            yield from ((form, Word(Decimal(number), Part.WEEKDAY)) for form in (name.lower(), name.lower() + "s"))


_NOT_ALONE = {"May", "March", "Mar", "Jan", "Dec"}
"""Months whose names are also other words, or short for something else."""


def _vocabulary(language: Language) -> Vocabulary:
    marks = number_marks(language)
    return Vocabulary(
        words=dict([*_english(), *_names(language)]),
        token=re.compile(rf"{digits_pattern(marks)}|[a-z]+"),
        marks=marks,
        joins=re.compile(r"[ \u00a0\u2011-]| a |"),
        late_joins=re.compile(r"[ -](?:and)(?:[ -]a)?[ -]"),
        capital_names=True,
    )


# --- Grammar ---------------------------------------------------------------------------------------------


def grammar(language: Language) -> Grammar:
    """How English writes facts."""
    vocabulary = _vocabulary(language)
    return Grammar(
        read_numbers=lambda text: numbers_in(text, vocabulary, _ROMAN),
        rules=compiled(_rules()),
        currencies=quantities.currencies_after("en"),
        units=quantities.units_after("en"),
        idioms=_IDIOMS,
        named=re.compile(r"(?P<covid>[Cc]oronavirus)"),
        names={"covid": (Kind.CODE, "COVID19")},
    )


_ROMAN = re.compile(r"\b(?=[IVX]{2})X{0,3}(?:IX|IV|V?I{0,3})(?<=[IVX])\b")
_IDIOMS = re.compile(
    r"\b(?:first of all|at first|first and foremost|second to none|on the one hand|at sixes and sevens"
    r"|second-hand|zero-sum|split second|a (?:second|third) time|the third world|third part(?:y|ies)"
    r"|third countr(?:y|ies)|two-way|one-stop|(?:first|second) half|half past)\b",
    re.IGNORECASE,
)
_RANGE = r"(?: ?[–—-] ?| to | or | and | through )"
_SPAN = r"(?: ?[–—-] ?| to | or | through )"
_TH = r"(?:st|nd|rd|th)?"
_HALF_DAY = r"(?P<part>[ap]\.?m\b\.?|[AP]\.?M\b\.?)"
_BEFORE_MONTH = ("in", "of", "since", "by", "until", "early", "late", "last", "this", "next", "to", "from", "and")
_BEFORE_YEAR = (*_BEFORE_MONTH, "after", "before", "year", "for", "during")


def _after(words: tuple[str, ...]) -> str:
    """One of the words stands before: each its own look-behind, since they differ in length."""
    both = [form for word in words for form in (word, word.capitalize())]
    return "(?:" + "|".join(rf"(?<=\b{word} )" for word in both) + "|(?<=mid-)" + ")"


def _rules() -> Iterator[RuleText]:
    yield from _date_rules()
    yield from _time_rules()
    yield from quantity_rules("en", _RANGE, r"(?:%|per[ -]?cent(?:age points?)?\b|pct\b)", "-")
    yield Kind.DATE, rf"{_after(_BEFORE_YEAR)}(?P<y>{YEAR})(?! (?:[a-z-]+s|people)\b)(?![\w%])"
    one = r"\b(?:[Aa]|past|last|next|coming|previous|this|per|every)"
    yield Kind.UNIT, rf"{one} (?:(?P<ten_years>decade)|(?P<hundred_years>century))\b", ("decade", "century")
    yield Kind.UNIT, rf"(?P<halved>{FEW})[ -](?:a )?(?P<half_year>year)\b"
    yield Kind.UNIT, r"(?P<all_day>\ba?round[ -]the[ -]clock)|(?P<all_week>\b[Dd]aily\b)", ("clock", "aily")
    yield Kind.UNIT, rf"(?P<halved>{FEW})[ -](?:of )?(?:a )?(?P<fifty_years>century)"
    yield Kind.UNIT, "(?P<hundred_years>[Cc]entenary)", ("entenary",)
    yield Kind.NUMBER, rf"(?P<top>{FEW})[ -](?P<bottom>{PART})"
    yield Kind.NUMBER, rf"(?P<top>{FEW}) (?:out of|in)(?: every)? (?P<ten>{FEW})"
    yield Kind.NUMBER, rf"(?P<top>{DAY})/(?P<bottom>{DAY})(?!\w)"
    yield Kind.NUMBER, rf"(?P<top>{FEW})-(?P<bottom>{ORDINAL})"
    yield Kind.NUMBER, rf"(?P<top>{FEW}) (?P<bottom>{ORDINAL})(?= of\b)"
    yield Kind.NUMBER, rf"(?<=\b[Aa] )(?P<bottom>{ORDINAL})(?= of\b)"
    yield from number_rules(_RANGE)


def _date_rules() -> Iterator[RuleText]:
    month = rf"(?P<mon>{MONTH})"
    more = (
        rf"(?:(?:{_SPAN}|, (?=.{{1,3}},? and .))(?P<d2>{SMALL}){_TH}(?![\w%]))?"
        rf"(?:,? and (?P<d3>{SMALL}){_TH}(?![\w%]| (?:[a-z-]+s|people)\b))?"
    )
    yield Kind.DATE, rf"{month}\.? (?:the )?(?P<d>{SMALL}){_TH}(?![\w%]){more}(?:,? (?:of )?(?P<y>{YEAR}))?"
    yield (
        Kind.DATE,
        (rf"(?P<d>{SMALL}){_TH}(?:{_RANGE}(?P<d2>{SMALL}){_TH})? (?:day )?(?:of )?{month}(?:\.?,? (?P<y>{YEAR}))?"),
    )
    yield Kind.DATE, rf"{month}\.?,? (?:of )?(?P<y>{YEAR})"
    yield Kind.DATE, rf"{_after(_BEFORE_MONTH)}{month}"
    yield Kind.DATE, rf"(?P<sole>{MONTH})"
    yield Kind.DATE, rf"(?P<wd>{WEEKDAY})"
    yield Kind.DATE, rf"(?P<dec>[{YEAR}{DIGITS}{DAY}])['’]?s\b"
    yield Kind.DATE, rf"(?P<c>[{DAY}{ORDINAL}{ROMAN}]){_TH}[ -][Cc]entur(?:y|ies)\b"
    yield Kind.DATE, rf"(?P<y>{YEAR}) ?[–—/-] ?(?P<y2>[{YEAR}{DAY}{DIGITS}])(?![\w%])"


def _time_rules() -> Iterator[RuleText]:
    minutes = rf"(?:[:.](?P<mi>{TWO}))?"
    yield (
        Kind.TIME,
        (rf"(?:(?P<h0>{DAY})(?:[:.](?P<mi0>{TWO}))?{_RANGE})?(?P<h>[{DAY}{FEW}{DIGITS}]){minutes} ?{_HALF_DAY}"),
    )
    yield Kind.TIME, rf"(?P<h>{DAY}):(?P<mi>{TWO})(?!\w)"
    yield Kind.TIME, rf"(?P<h>{HOUR}) o['’]clock(?: in the (?P<part>morning|afternoon|evening))?"
    yield Kind.TIME, r"\b(?:at|by|from|until|before) (?:(?P<noon>noon)|(?P<midnight>midnight))\b", ("noon", "midnight")
