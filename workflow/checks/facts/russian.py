"""How Russian writes facts: its number words in all their forms, and the rules of its grammar."""

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

_CARDINALS = {
    1: "один одна одно одного одной одному одним одном одну",
    2: "два две двух двум двумя двое двоих двоим двоими",
    3: "три трех трем тремя трое троих троим троими",
    4: "четыре четырех четырем четырьмя четверо четверых",
    5: "пять пяти пятью пятеро пятерых",
    6: "шесть шести шестью шестеро шестерых",
    # `семью` is rather a family.
    7: "семь семи семеро семерых",
    8: "восемь восьми восемью восьмью",
    9: "девять девяти девятью",
    10: "десять десяти десятью",
    40: "сорок сорока",
    90: "девяносто девяноста",
    100: "сто ста",
    200: "двести двухсот двумстам двумястами двухстах",
    300: "триста трехсот тремстам тремястами трехстах",
    400: "четыреста четырехсот четыремстам четырьмястами четырехстах",
}
_TEENS = ["один", "две", "три", "четыр", "пят", "шест", "сем", "восем", "девят"]
_TENS = {20: "двадцат", 30: "тридцат"}
_FIVES = {
    5: ("пять", "пяти", "пятью"),
    6: ("шесть", "шести", "шестью"),
    7: ("семь", "семи", "семью"),
    8: ("восемь", "восьми", "восемью"),
    9: ("девять", "девяти", "девятью"),
}
_ORDINALS = {
    1: "перв",
    2: "втор",
    4: "четверт",
    5: "пят",
    6: "шест",
    7: "седьм",
    8: "восьм",
    9: "девят",
    10: "десят",
    20: "двадцат",
    30: "тридцат",
    40: "сороков",
    50: "пятидесят",
    60: "шестидесят",
    70: "семидесят",
    80: "восьмидесят",
    90: "девяност",
    100: "сот",
    200: "двухсот",
    300: "трехсот",
    500: "пятисот",
    1000: "тысячн",
    2000: "двухтысячн",
}
_ORDINAL_ENDINGS = ["ый", "ой", "ого", "ому", "ым", "ом", "ая", "ую", "ое", "ые", "ых", "ыми"]
_THIRD = "третий третьего третьему третьим третьем третья третьей третью третье третьи третьих третьими"
_SCALES = {
    10**3: ("тысяча тысячу тысячей тысячью", "тысячи тысяче тысяч тысячам тысячами тысячах тыс тыс."),
    10**6: (
        "миллион миллиона миллиону миллионом миллионе",
        "миллионы миллионов миллионам миллионами миллионах млн млн.",
    ),
    10**9: (
        "миллиард миллиарда миллиарду миллиардом миллиарде",
        "миллиарды миллиардов миллиардам миллиардами миллиардах млрд млрд.",
    ),
    10**12: ("триллион триллиона триллионом триллионе", "триллионы триллионов триллионам триллионах трлн трлн."),
    12: ("дюжина дюжину дюжины дюжиной", "дюжин"),
}
_VAGUE = (
    "несколько нескольких нескольким несколькими многие многих много сотни сотен сотням сотнями сотнях "
    "десятки десятков десяткам десятками десятках"
)
_FRACTIONS = {3: "треть трети третей третью", 4: "четверть четверти четвертей четвертью"}
_OTHERS = {
    ("половина половины половину половине половиной", "0.5"): Strength.FAINT,
    ("полтора полторы полутора", "1.5"): Strength.SOFT,
    ("оба обе обоих обеих обоим обеим обоими обеими", "2"): Strength.FAINT,
    ("вдвое дважды удвоить удвоил удвоила удвоило удвоили удвоился удвоилась удвоилось удвоились", "2"): Strength.SOFT,
    ("двойной двойная двойное двойные двойного двойную", "2"): Strength.SOFT,
    ("втрое трижды утроить утроил утроила утроили утроился утроилась утроилось утроились", "3"): Strength.SOFT,
    ("вчетверо", "4"): Strength.SOFT,
    ("впятеро", "5"): Strength.SOFT,
    ("вдесятеро", "10"): Strength.SOFT,
    ("десяток десятка десятке десятку", "10"): Strength.SOFT,
    ("двадцатка двадцатки двадцатке двадцатку двадцаткой", "20"): Strength.SOFT,
    ("пятерка пятерки пятерке пятерку пятеркой", "5"): Strength.SOFT,
    ("тройка тройки тройке тройку тройкой", "3"): Strength.SOFT,
    ("сотня сотню сотней", "100"): Strength.SOFT,
    ("полмиллиона", "500000"): Strength.FIRM,
    ("полмиллиарда", "500000000"): Strength.FIRM,
}
_TEEN_ENDINGS = ("надцать", "надцати", "надцатью")


def _russian() -> Iterator[tuple[str, Word]]:
    for value, form in _russian_cardinals():
        yield form, Word(Decimal(value), Part.CARDINAL)
    stems = _ORDINALS | {11 + nth: f"{stem}надцат" for nth, stem in enumerate(_TEENS)}
    for value, stem in stems.items():
        yield from ((stem + ending, Word(Decimal(value), Part.ORDINAL)) for ending in _ORDINAL_ENDINGS)
    yield from _each(_THIRD, Word(Decimal(3), Part.ORDINAL))
    for value, (alone, only_after) in _SCALES.items():
        yield from _each(alone, Word(Decimal(value), Part.SCALE, Strength.SOFT))
        yield from _each(only_after, Word(Decimal(value), Part.MULTIPLIER))
    yield from _each(_VAGUE, Word(Decimal(0), Part.VAGUE))
    for value, forms in _FRACTIONS.items():
        yield from _each(forms, Word(Decimal(value), Part.FRACTION))
    for (forms, number), strength in _OTHERS.items():
        yield from _each(forms, Word(Decimal(number), Part.CARDINAL, strength))


def _each(forms: str, word: Word) -> Iterator[tuple[str, Word]]:
    return ((form, word) for form in forms.split())


def _russian_cardinals() -> Iterator[tuple[int, str]]:
    for value, forms in _CARDINALS.items():
        for form in forms.split():
            yield value, form
    for nth, stem in enumerate(_TEENS):
        yield from ((11 + nth, stem + ending) for ending in _TEEN_ENDINGS)
    for value, stem in _TENS.items():
        yield from ((value, stem + ending) for ending in ("ь", "и", "ью"))
    for digit, (nominative, genitive, instrumental) in _FIVES.items():
        if digit < 9:
            yield from (
                (digit * 10, form) for form in (nominative + "десят", genitive + "десяти", instrumental + "десятью")
            )
        hundreds = (nominative + "сот", genitive + "сот", genitive + "стам", instrumental + "стами", genitive + "стах")
        yield from ((digit * 100, form) for form in hundreds)


_COMPOUND = re.compile(
    "(?P<number>двух|трех|четырех|пяти|шести|семи|восьми|девяти|десяти|сорока|полутора|дву(?=кратн)"
    "|(?:один|две|три|четыр|пят|шест|сем|восем|девят)надцати|двадцати|тридцати|(?:пяти|шести|семи|восьми)десяти)"
    "(?!нар|лети[еюя]|десят)[а-я]{4}"
)
"""`пятиосевой` counts as `пяти` and the rest; `семинар` does not, and a decade is no ten years to the day."""


def _months(language: Language) -> dict[str, int]:
    """All cases of the months, made from the genitive (`апреля`, `марта`), which the CLDR has."""
    forms = {name: number for name, number in numbered(month_names(language)).items() if name != "мар"}
    for name, number in list(forms.items()):
        if name.endswith("я"):
            forms |= {name[:-1] + ending: number for ending in ("й", "ь", "ю", "е", "ем")}
        elif name.endswith("та"):
            forms |= {name[:-1] + ending: number for ending in ("", "у", "е", "ом")}
    return forms


def _weekdays(language: Language) -> dict[str, int]:
    """The cases that follow `в`, `к`, `до`, `с`, and the plural; the CLDR has the nominative, and short forms."""
    endings = {"а": "ау", "к": ("", "а", "у", "и", "ам"), "г": ("", "а", "у", "и", "ам"), "е": "еяю"}
    forms: dict[str, int] = {}
    for name, number in numbered(weekday_names(language)).items():
        if len(name) > 2:
            stem = name if name[-1] in "кг" else name[:-1]
            forms |= {stem + ending: number for ending in endings[name[-1]]}
    # It is an environment, too.
    del forms["среда"]
    return forms


def _vocabulary(language: Language) -> Vocabulary:
    marks = number_marks(language)
    words = dict(_russian())
    words["дву"] = Word(Decimal(2), Part.CARDINAL)
    words |= {form: Word(Decimal(month), Part.MONTH) for form, month in _months(language).items()}
    words |= {form: Word(Decimal(day), Part.WEEKDAY) for form, day in _weekdays(language).items()}
    return Vocabulary(
        words=words,
        token=re.compile(rf"{digits_pattern(marks)}|[а-я]+(?:(?<=тыс)\.|(?<=млн)\.|(?<=млрд)\.|(?<=трлн)\.)?"),
        marks=marks,
        joins=re.compile(r"[ \u00a0\u2011-]| с лишним |"),
        late_joins=re.compile(r" с "),
        capital_names=False,
        compound=_COMPOUND,
    )


# --- Grammar ---------------------------------------------------------------------------------------------


def grammar(language: Language) -> Grammar:
    """How Russian writes facts; the text is read with `ё` as `е`."""
    vocabulary = _vocabulary(language)
    return Grammar(
        read_numbers=lambda text: numbers_in(text, vocabulary, _ROMAN),
        rules=compiled(_rules()),
        currencies=quantities.currencies_after("ru"),
        units=quantities.units_after("ru"),
        idioms=_IDIOMS,
        named=re.compile(r"(?P<covid>[Кк]оронавирус[а-я]*|[Кк]овид(?:а|е|у|ом)?\b)"),
        names={"covid": (Kind.CODE, "COVID19")},
    )


_ROMAN = re.compile(r"\b(?=[IVXХ])[XХ]{0,3}(?:I[XХ]|IV|V?I{0,3})(?<=[IVXХ])\b")
_IDIOMS = re.compile(
    r"\b(?:во-первых|во-вторых|в-третьих|в (?:первую|третью) очередь|во вторую очередь"
    r"|(?:первой|второй) половин[аеыу](?: дня)?|одно и то же|один за другим|из первых рук"
    r"|третьи (?:лица|страны)|третьих (?:лиц|стран)|в двух словах|второе дыхание|с одной стороны"
    # Tuesday night, or the small hours of Wednesday.
    r"|в ночь на (?:понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье))\b",
    re.IGNORECASE,
)
_RANGE = r"(?: ?[–—-] ?| до | и | или | по )"
_TH = r"(?:-(?:го|му|й|е|я|м|х|ми|ю|ой|ый|ая|ое|ые|ых|ым|ти|и)\b)?"
_DAY_PART = r"(?P<part>утра|дня|вечера|ночи)"


def _rules() -> Iterator[RuleText]:
    yield from _date_rules()
    yield from _time_rules()
    yield Kind.UNIT, rf"(?P<n>[{DAY}{DIGITS}])-м (?P<of_life>году жизни)"
    percent = r"(?:%(?:-н[а-я]+)?|процентн[а-я]+ пункт[а-я]*|процент[а-я]*|п\. ?п\.)"
    yield from quantity_rules("ru", _RANGE, percent, "-")
    yield (
        Kind.UNIT,
        "(?P<ten_years>[Дд]есятилети[еюя])|(?P<hundred_years>[Сс]толети[еюя])|(?P<fifty_years>полвека)",
        ("есятилети", "толети", "полвека"),
    )
    yield Kind.UNIT, "(?P<half_year>(?:пол|полу)год(?:а|ие|ия|ием|ию|ов[а-я]+))(?![а-я])", ("полгод", "полугод")
    yield (
        Kind.UNIT,
        "(?P<all_day>[Кк]руглосуточн[а-я]+)|(?P<all_week>без выходных|[Ее]жедневн[а-я]+)",
        ("руглосуточн", "без выходных", "жедневн"),
    )
    yield Kind.NUMBER, rf"(?P<top>{FEW}) (?P<bottom>[{PART}{ORDINAL}])(?= [а-я])"
    yield Kind.NUMBER, rf"(?P<top>{FEW}) (?P<bottom>{PART})"
    yield Kind.NUMBER, rf"(?P<top>{DAY})/(?P<bottom>{DAY})(?!\w)"
    yield Kind.NUMBER, rf"(?P<bottom>{PART})"
    yield Kind.NUMBER, rf"(?P<top>{FEW}) из (?P<ten>{FEW})"
    yield from number_rules(_RANGE)


def _date_rules() -> Iterator[RuleText]:
    month = rf"(?P<mon>{MONTH})"
    of_century = rf"(?: (?P<c>[{DAY}{ROMAN}]) (?:века|столетия|в\.))?"
    year = r"(?: ?(?:года|г\.|году|г\b))?"
    yield (
        Kind.DATE,
        (
            rf"(?:(?P<d3>{SMALL}){_TH}, )?(?:(?P<d2>{SMALL}){_TH}{_RANGE})?(?P<d>{SMALL}){_TH}"
            rf" {month}(?:\.? (?P<y>{YEAR})(?:-го)?{year})?"
        ),
    )
    yield Kind.DATE, rf"{month}\.? (?P<y>{YEAR})(?:-го)?{year}"
    yield Kind.DATE, rf"(?P<mon>{MONTH})"
    yield Kind.DATE, rf"(?P<wd>{WEEKDAY})"
    yield (
        Kind.DATE,
        rf"(?P<dec>[{YEAR}{DIGITS}{DAY}])-(?:е|х|м|ми|ые|ых|ым) (?:год[а-я]+|гг\.){of_century}",
    )
    yield Kind.DATE, rf"(?P<dec>{YEAR})-(?:е|х|ые|ых)\b"
    yield Kind.DATE, rf"(?P<c>[{DAY}{ORDINAL}{ROMAN}]){_TH}[ -](?:век[а-я]*\b|столети[а-я]+|в\.)"
    yield (
        Kind.DATE,
        (
            rf"(?P<y>{YEAR})(?:-го)? ?(?:[–—/-]| и | до | по ) ?(?P<y2>[{YEAR}{DAY}{DIGITS}])(?:-й|-го|-м)?"
            rf"(?: ?(?:учебн[а-я]+ )?(?:год[а-я]*\b|гг?\.?))?(?![\w%])"
        ),
    )
    yield Kind.DATE, rf"(?P<y>{YEAR}){_TH} ?(?:учебн[а-я]+ )?(?:год(?:а|у|ом|е|ов|ы|ам|ами|ах)?\b|гг?\.|г\b)"
    yield Kind.DATE, rf"(?P<y>{YEAR})-(?:й|го|м|му)\b"
    yield Kind.DATE, rf"(?P<ordinal_year>{ORDINAL}) год(?:а|у|ом|е)?\b"


def _time_rules() -> Iterator[RuleText]:
    yield Kind.TIME, rf"(?:(?P<h0>{DAY}):(?P<mi0>{TWO}){_RANGE})?(?P<h>{DAY}):(?P<mi>{TWO})(?: {_DAY_PART})?(?!\w)"
    minutes = rf"(?P<h>{HOUR}) (?:часов|часа|час|ч\.?) (?P<mi>{TWO}) (?:мин\b\.?|минут[а-я]*)"
    yield Kind.TIME, rf"{minutes} {_DAY_PART}"
    yield Kind.TIME, rf"(?:(?<=\b[вВкКсС] )|(?<=\b[дД]о )){minutes}"
    yield Kind.TIME, rf"(?P<h>{HOUR}) (?:часов|часа|час|часам|ч\.?) {_DAY_PART}"
    yield Kind.TIME, rf"(?<=\b[вВкКсС] )(?P<h>{HOUR}) {_DAY_PART}"
    yield (
        Kind.TIME,
        rf"(?:(?<=\b[вВсС] )|(?<=\b[дД]о ))(?P<h>{DIGITS})(?! ?(?:%|[км]?м|к?г|т|га|руб|долл|раза?\b|процент|балл))",
    )
    yield (
        Kind.TIME,
        rf"(?:(?<=\b[вВсС] )|(?<=\b[дД]о )|(?<=\b[кК] ))(?P<h>{DAY}) (?:часов|часам|ч\.)(?! [а-я]+(?:ий|ой|ов|ей)\b)",
    )
    yield (
        Kind.TIME,
        r"\b(?:[Вв]|[Дд]о|[Кк]) (?:(?P<noon>полдень|полудня|полудню)|(?P<midnight>полночь|полуночи))\b",
        ("полдень", "полуд", "полноч"),
    )
