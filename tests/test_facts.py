"""Facts are read back from what each language writes; the writers here know nothing of the readers."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st
from planted import LANGUAGES, planted_faults

from workflow.catalog import parse_catalog
from workflow.checks import check_pairs
from workflow.checks.facts import Amount, Clock, Date, Fact, Kind, facts_in
from workflow.checks.facts.accounting import differences
from workflow.languages import Language

ROOT = Path(__file__).parents[1]
CODES = st.sampled_from(sorted(LANGUAGES))
GERMAN = Language(code="de", tag="de", locale="de_DE")
FRENCH = Language(code="fr", tag="fr", locale="fr_FR")
SENTENCES = {
    "en": "There were {} of them in all.",
    "ru": "Всего их было {}, и не более.",
    "zh": "总共有{}个，不多不少。",
}


def values(text: str, code: str, kind: Kind) -> list[object]:
    return [fact.value for fact in facts_in(text, LANGUAGES[code]) if fact.kind is kind]


# --- Writers ---------------------------------------------------------------------------------------------

EN_SMALL, EN_TENS = (
    words.split()
    for words in (
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        ),
        "twenty thirty forty fifty sixty seventy eighty ninety",
    )
)


def in_english(number: int) -> str:
    if number < 20:
        return EN_SMALL[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return EN_TENS[tens - 2] + (f"-{EN_SMALL[rest]}" if rest else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{EN_SMALL[hundreds]} hundred" + (f" and {in_english(rest)}" if rest else "")
    scale, name = (1_000_000, "million") if number >= 1_000_000 else (1000, "thousand")
    many, rest = divmod(number, scale)
    return f"{in_english(many)} {name}" + (f" {'and ' if rest < 100 else ''}{in_english(rest)}" if rest else "")


RU_SMALL, RU_TENS, RU_HUNDREDS = (
    words.split()
    for words in (
        (
            "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать "
            "четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
        ),
        "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
        "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот",
    )
)


def in_russian(number: int) -> str:
    words = []
    for scale, forms in ((1_000_000, "миллион миллиона миллионов"), (1000, "тысяча тысячи тысяч")):
        many, number = divmod(number, scale)
        if many:
            few = (
                0
                if many % 10 == 1 and many % 100 != 11
                else 1
                if many % 10 in {2, 3, 4} and many % 100 // 10 != 1
                else 2
            )
            spelled = russian_below_1000(many)
            if scale == 1000:
                spelled = [{"один": "одна", "два": "две"}.get(word, word) for word in spelled]
            words += [*spelled, forms.split()[few]]
    return " ".join(words + russian_below_1000(number))


def russian_below_1000(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    words = [RU_HUNDREDS[hundreds - 1]] if hundreds else []
    if rest >= 20:
        words.append(RU_TENS[rest // 10 - 2])
        rest %= 10
    return [*words, RU_SMALL[rest]] if rest else words


def in_chinese(number: int) -> str:
    if number >= 10_000:
        myriads, rest = divmod(number, 10_000)
        gap = "零" if 0 < rest < 1000 else ""
        return f"{in_chinese(myriads)}万{gap}{in_chinese(rest) if rest else ''}"
    text, zero = "", False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        zero = zero or (digit == 0 and bool(text))
        if digit:
            text += ("零" if zero and text else "") + "一二三四五六七八九"[digit - 1] + unit
            zero = False
    return text


SPELLED: dict[str, Callable[[int], str]] = {"en": in_english, "ru": in_russian, "zh": in_chinese}


# --- What is written is read -----------------------------------------------------------------------------


@given(CODES, st.integers(0, 10**12))
def test_whole_numbers_in_digits(code: str, number: int) -> None:
    text = SENTENCES[code].format(format_decimal(number, locale=LANGUAGES[code].locale))
    assert values(text, code, Kind.NUMBER) == [Decimal(number)]


@given(CODES, st.decimals(0, 10**6, places=3))
def test_decimals(code: str, number: Decimal) -> None:
    text = SENTENCES[code].format(format_decimal(number, locale=LANGUAGES[code].locale))
    assert values(text, code, Kind.NUMBER) == [number]


@given(CODES, st.integers(2, 99_999_999))
def test_numbers_in_words(code: str, number: int) -> None:
    assert values(SENTENCES[code].format(SPELLED[code](number)), code, Kind.NUMBER) == [Decimal(number)]


@given(CODES, st.dates(datetime.date(1000, 1, 1), datetime.date(2199, 12, 31)), st.sampled_from(["long", "full"]))
def test_dates(code: str, day: datetime.date, form: str) -> None:
    text = SENTENCES[code].format(f" {format_date(day, form, locale=LANGUAGES[code].locale)} ")
    found = values(text, code, Kind.DATE)
    assert Date(year=day.year, month=day.month, day=day.day) in found
    weekdays = [date.weekday for date in found if isinstance(date, Date) and date.weekday]
    assert weekdays == ([day.isoweekday()] if form == "full" and (code, day.isoweekday()) != ("ru", 3) else [])


@given(CODES, st.dates(datetime.date(1000, 1, 1), datetime.date(2199, 12, 31)))
def test_dates_in_digits(code: str, day: datetime.date) -> None:
    wanted = Date(year=day.year, month=day.month, day=day.day)
    for text in (day.isoformat(), f"{day.day:02}.{day.month:02}.{day.year}"):
        assert values(SENTENCES[code].format(text), code, Kind.DATE) == [wanted]


@given(CODES, st.times().map(lambda time: time.replace(second=0, microsecond=0, tzinfo=None)))
def test_times(code: str, time: datetime.time) -> None:
    text = SENTENCES[code].format(f" {format_time(time, 'short', locale=LANGUAGES[code].locale)} ")
    (found,) = values(text, code, Kind.TIME)
    assert isinstance(found, Clock)
    assert found.agrees_with(Clock(time.hour, time.minute))


@given(CODES, st.integers(0, 1000))
def test_percentages(code: str, tenths: int) -> None:
    share = Decimal(tenths) / 1000
    written = format_percent(share, "#,##0.#%", locale=LANGUAGES[code].locale)
    assert values(SENTENCES[code].format(written), code, Kind.PERCENT) == [share * 100]


@given(st.integers(2, 999), st.sampled_from([10**6, 10**9]))
def test_large_sums(number: int, scale: int) -> None:
    english, russian = ("million", "млн") if scale == 10**6 else ("billion", "млрд")
    wanted = [Amount(Decimal(number * scale), "USD")]
    assert values(f"It cost ${number} {english}.", "en", Kind.MONEY) == wanted
    assert values(f"Это обошлось в {number} {russian} долларов.", "ru", Kind.MONEY) == wanted
    unit, size = ("万", 10**4) if scale == 10**6 else ("亿", 10**8)
    assert values(f"耗资{number * scale // size}{unit}美元。", "zh", Kind.MONEY) == wanted


CASES_OF_FIVE = "пять пяти пятью пятый пятого пятому пятым пятом пятая пятой пятую пятое пятые пятых пятеро пятерых"


@pytest.mark.parametrize("form", CASES_OF_FIVE.split())
def test_russian_forms(form: str) -> None:
    assert values(f"Речь о {form} из них.", "ru", Kind.NUMBER)[0] == Decimal(5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("first of all, one of them, on the one hand", "en"),
        ("во-первых, один из них, с одной стороны", "ru"),
        ("一起、一定、统一、之一、万一、十分重要、七上八下、三好学生", "zh"),
        ("hundreds of people, tens of thousands of visits, several million", "en"),
        ("сотни людей, десятки тысяч посещений, несколько миллионов", "ru"),
        ("几百人、数万次、几十个、三五名、十几家", "zh"),
        ("seminar, severity, oneself, often", "en"),
        ("семинар, пятно, стоимость, семья и трибуна", "ru"),
    ],
)
def test_words_that_are_no_facts(text: str, code: str) -> None:
    assert list(differences(facts_in(text, LANGUAGES[code]), ())) == []


# --- Laws ------------------------------------------------------------------------------------------------

WRITTEN = (
    "27 April 2021 , . : - – % $ € № th 3:30 p.m. 一 万 亿 百分之 年 月 日 二 十 第 个 два тысячи млн апреля года ２ "
    "half and a hundred million of XXI век https://a.example x@y.example GB/T 7714 +7 (812) ` ** [a](b) [^1] < > \\ \n"
)
PIECES = st.sampled_from(WRITTEN.split(" "))
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(PIECES, max_size=25).map("".join), st.lists(PIECES, max_size=25).map(" ".join)
)


@given(TEXTS, st.sampled_from([*LANGUAGES.values(), GERMAN]))
def test_any_text_is_read(text: str, language: Language) -> None:
    facts = facts_in(text, language)
    assert [fact.span for fact in facts] == sorted(fact.span for fact in facts)
    for fact in facts:
        start, end = fact.span
        assert 0 <= start < end <= len(text)
        assert fact.words == text[start:end]


@given(TEXTS, TEXTS, CODES, CODES)
def test_differences_are_of_the_two_texts(source: str, target: str, code: str, other: str) -> None:
    wanted, found = facts_in(source, LANGUAGES[code]), facts_in(target, LANGUAGES[other])
    told = list(differences(wanted, found))
    assert {fact for fact, _ in told} <= {None, *wanted}
    assert {fact for _, fact in told} <= {None, *found}
    assert (None, None) not in told
    assert list(differences(wanted, wanted)) == []


@given(st.integers(32, 10**9), st.integers(32, 10**9), CODES, CODES)
def test_a_number_is_told_when_it_is_another(number: int, other: int, code: str, other_code: str) -> None:
    source = facts_in(SENTENCES[code].format(format_decimal(number, locale=LANGUAGES[code].locale)), LANGUAGES[code])
    written = format_decimal(other, locale=LANGUAGES[other_code].locale)
    target = facts_in(SENTENCES[other_code].format(written), LANGUAGES[other_code])
    told = [(fact and fact.value, found and found.value) for fact, found in differences(source, target)]
    assert told == ([] if number == other else [(Decimal(number), Decimal(other))])


def test_texts_that_have_nothing_in_common_come_to_an_end() -> None:
    source = facts_in(" ".join(str(number) for number in range(32, 4000)), LANGUAGES["en"])
    target = facts_in(" ".join(f"{number} км" for number in range(5000, 7000)), LANGUAGES["ru"])
    assert 0 < len(list(differences(source, target))) <= 400


def test_a_unit_may_be_converted_but_not_rounded_away() -> None:
    source = facts_in("It covers 10 hectares and is 99 km away.", LANGUAGES["en"])
    assert list(differences(source, facts_in("占地150亩，距此99公里。", LANGUAGES["zh"]))) == []
    ((fact, other),) = differences(source, facts_in("占地150亩，距此100公里。", LANGUAGES["zh"]))
    assert (fact and fact.words, other and other.words) == ("99 km", "100公里")


def numbers(facts: tuple[Fact, ...]) -> list[object]:
    return [fact.value for fact in facts]


def test_a_language_without_grammar_is_read_by_its_digits() -> None:
    german = facts_in("Am 27. April 2021 kamen 1.500,5 Tonnen, das sind 20 %, siehe www.example.org.", GERMAN)
    assert numbers(german) == [27, 2021, Decimal("1500.5"), 20, "example.org"]
    french = facts_in("Le 27 avril 2021, 1 500,5 tonnes, soit 20 %, voir www.example.org.", FRENCH)
    assert list(differences(german, french)) == []


@pytest.mark.parametrize("domain", ["site", "2021/hust-itmo-partnership"])
@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_our_own_story_has_no_finding(code: str, domain: str) -> None:
    path = f"locales/{code}/LC_MESSAGES/{domain}.po"
    catalog = parse_catalog((ROOT / path).read_bytes(), path)
    slug = None if domain == "site" else domain
    found = check_pairs(slug, LANGUAGES[code], LANGUAGES["en"], catalog, path)
    assert [item.message for item in found if item.code.startswith("facts.")] == []


def test_good_planted_translations_have_no_finding_of_this_family() -> None:
    told = [item.message for case in planted_faults() for item in case.findings(case.good) if "facts." in item.code]
    assert told == []


HOSTILE = (
    "1" * 50 + " ",
    "A1" + "a" * 200 + " ",
    "http://!",
    "a",
    "1",
    "1 ",
    "一",
    "a-1",
    "1-",
    "((1",
    "a.b",
    "[",
    "пяти",
    "五 ",
    "April ",
    "1,1",
    "+1 1",
    "Aa-",
    "hundred ",
    "a@",
    "US$ ",
)


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_long_text_comes_to_an_end(piece: str, code: str) -> None:
    facts = facts_in(piece * (5_000 // len(piece)), LANGUAGES[code])
    assert len(facts) <= 5_000
