"""Currencies and units of measure, and how the languages write them after a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency; each language's words as a regular expression."""

    symbol: str
    before: str
    """What stands before the amount, in any language; empty if nothing does."""
    en: str
    ru: str
    zh: str


CURRENCIES = (
    Currency("HKD", r"HK\$|HKD", r"Hong Kong dollars?|HKD", r"гонконгск[а-я]+ доллар[а-я]*", "港元|港币"),
    Currency("AUD", r"A\$|AUD", r"Australian dollars?", r"австралийск[а-я]+ доллар[а-я]*", "澳元"),
    Currency("CAD", r"C\$|CAD", r"Canadian dollars?", r"канадск[а-я]+ доллар[а-я]*", "加元"),
    Currency(
        "USD",
        r"US\$|USD|\$",
        r"(?:U\.?S\.? |American )?dollars?|USD",
        r"(?:американск[а-я]+ )?долл(?:\.|ар[а-я]*)(?: США)?|USD|\$",
        "美元|美金",
    ),
    Currency(
        "CNY",
        r"RMB|CNY|[¥￥]|人民币",
        r"(?:Chinese )?yuan|RMB|CNY|renminbi",
        r"(?:китайск[а-я]+ )?юан[а-я]*",
        "元(?![素旦月件首年宵宇])",
    ),
    Currency("RUB", r"₽|RUB", r"(?:Russian )?rou?bles?|RUB", r"(?:российск[а-я]+ )?руб(?:\.|л[а-я]*)?|₽", "卢布"),
    Currency("EUR", r"€|EUR", r"euros?|EUR|€", r"евро|€", "欧元"),
    Currency("GBP", r"£|GBP", r"pounds?(?: sterling)?|GBP", r"фунт[а-я]*(?: стерлингов)?", "英镑"),
    Currency("JPY", r"JPY", r"(?:Japanese )?yen|JPY", r"(?:японск[а-я]+ )?иен[а-я]*", "日元"),
    Currency("KRW", r"₩|KRW", r"Korean won|KRW", r"(?:южнокорейск[а-я]+ )?вон", "韩元"),
    Currency("INR", r"₹|INR", r"(?:Indian )?rupees?|INR", r"рупи[а-я]*", "卢比"),
    Currency("CHF", r"CHF", r"Swiss francs?|CHF", r"швейцарск[а-я]+ франк[а-я]*", "瑞士法郎"),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure; each language's words as a regular expression."""

    symbol: str
    dimension: str
    factor: Decimal
    """How many of the dimension's base it is."""
    signs: str
    """The signs that all languages share; case matters in them."""
    en: str
    ru: str
    zh: str


def _unit(symbol: str, dimension: str, factor: str, signs: str, en: str, ru: str, zh: str) -> Unit:
    return Unit(symbol, dimension, Decimal(factor), signs, en, ru, zh)


_UNITS = (
    _unit(
        "km/h",
        "speed",
        "1",
        "km/h|kph",
        r"kilomet(?:re|er)s? (?:per|an) hour",
        r"км/ч|километр[а-я]* в час",
        "公里/小时",
    ),
    _unit("m/s", "m/s", "1", "m/s", r"met(?:re|er)s? per second", r"м/с|метр[а-я]* в секунду", "米/秒|米每秒"),
    _unit(
        "km²",
        "area",
        "1000000",
        "km²|km2",
        r"square[ -]kilomet(?:re|er)s?|sq\.? ?km",
        r"кв\. ?км|км²|км2|квадратн[а-я]+ километр[а-я]*",
        "平方公里|平方千米",
    ),
    _unit(
        "m²",
        "area",
        "1",
        "m²|m2",
        r"square[ -]met(?:re|er)s?|sq\.? ?m",
        r"кв\. ?м|м²|м2|квадратн[а-я]+ метр[а-я]*",
        "平方米|平米",
    ),
    _unit("ha", "area", "10000", "ha", r"hectares?", r"га|гектар[а-я]*", "公顷"),
    _unit("mu", "area", "666.6667", "", r"mu", r"му", "亩"),
    _unit("acre", "area", "4046.856", "", r"acres?", r"акр[а-я]*", "英亩"),
    _unit(
        "m³",
        "volume",
        "1000",
        "m³|m3",
        r"cubic[ -]met(?:re|er)s?",
        r"куб\. ?м|м³|м3|кубическ[а-я]+ метр[а-я]*|кубометр[а-я]*",
        "立方米",
    ),
    _unit("L", "volume", "1", "L", r"lit(?:re|er)s?", r"л|литр[а-я]*", "升(?![级学旗])"),
    _unit("mL", "volume", "0.001", "mL|ml", r"millilit(?:re|er)s?", r"мл|миллилитр[а-я]*", "毫升"),
    _unit("km", "length", "1000", "km", r"kilomet(?:re|er)s?", r"км|километр[а-я]*|километров[а-я]+", "公里|千米"),
    _unit("nm", "length", "0.000000001", "nm", r"nanomet(?:re|er)s?", r"нм|нанометр[а-я]*", "纳米"),
    _unit(
        "µm",
        "length",
        "0.000001",
        "[µμ]m",
        r"micromet(?:re|er)s?|microns?",
        r"мкм|микрометр[а-я]*|микрон[а-я]*",
        "微米",
    ),
    _unit("mm", "length", "0.001", "mm", r"millimet(?:re|er)s?", r"мм|миллиметр[а-я]*", "毫米"),
    _unit("cm", "length", "0.01", "cm", r"centimet(?:re|er)s?", r"см|сантиметр[а-я]*", "厘米"),
    _unit("m", "length", "1", "m", r"met(?:re|er)s?", r"м|метр(?:а|ов|ам|ами|ах|е)?|метров[а-я]+", "米(?![饭其])"),
    _unit("mile", "length", "1609.344", "", r"miles?", r"мил[ьия]|миль", "英里"),
    _unit("ft", "length", "0.3048", "ft", r"feet|foot", r"фут[а-я]*", "英尺"),
    _unit("kg", "mass", "1", "kg", r"kilograms?|kilos?", r"кг|килограмм[а-я]*", "公斤|千克"),
    _unit("mg", "mass", "0.000001", "mg", r"milligrams?", r"мг|миллиграмм[а-я]*", "毫克"),
    _unit("g", "mass", "0.001", "g", r"grams?|grammes?", r"г|грамм[а-я]*", "克(?![服斯拉])"),
    _unit("t", "mass", "1000", "t", r"tonn?es?|tons?|metric tons?", r"т|тонн[а-я]*", "吨"),
    _unit("lb", "mass", "0.453592", "lbs?", r"pounds? of", r"фунт[а-я]* вес[а-я]*", "磅"),
    _unit(
        "°C",
        "°C",
        "1",
        "°C|℃",
        r"degrees? (?:Celsius|centigrade)",
        r"градус[а-я]* (?:по )?Цельси[а-я]+",
        "摄氏度",
    ),
    _unit("°F", "°F", "1", "°F", r"degrees? Fahrenheit", r"градус[а-я]* (?:по )?Фаренгейт[а-я]*", "华氏度"),
    _unit("kWh", "energy", "1", "kWh", r"kilowatt[ -]hours?", r"кВт[·⋅∙*]?ч|киловатт-час[а-я]*", "千瓦时|度电"),
    _unit("MWh", "energy", "1000", "MWh", r"megawatt[ -]hours?", r"МВт[·⋅∙*]?ч|мегаватт-час[а-я]*", "兆瓦时"),
    _unit("GW", "power", "1000000000", "GW", r"gigawatts?", r"ГВт|гигаватт[а-я]*", "吉瓦"),
    _unit("MW", "power", "1000000", "MW", r"megawatts?", r"МВт|мегаватт[а-я]*", "兆瓦"),
    _unit("kW", "power", "1000", "kW", r"kilowatts?", r"кВт|киловатт[а-я]*", "千瓦"),
    _unit("W", "power", "1", "W", r"watts?", r"Вт|ватт[а-я]*", "瓦特?"),
    _unit("GHz", "frequency", "1000000000", "GHz", r"gigahertz", r"ГГц|гигагерц[а-я]*", "吉赫兹?"),
    _unit("MHz", "frequency", "1000000", "MHz", r"megahertz", r"МГц|мегагерц[а-я]*", "兆赫兹?"),
    _unit("kHz", "frequency", "1000", "kHz", r"kilohertz", r"кГц|килогерц[а-я]*", "千赫兹?"),
    _unit("Hz", "frequency", "1", "Hz", r"hertz", r"Гц|герц[а-я]*", "赫兹?"),
    _unit("Tbit/s", "rate", "1000000", "Tbit/s|Tbps", r"terabits? per second", r"Тбит/с", "太比特每秒"),
    _unit(
        "Gbit/s",
        "rate",
        "1000",
        "Gbit/s|Gbps",
        r"gigabits? per second",
        r"Гбит/с|гигабит[а-я]* в секунду",
        "吉比特每秒",
    ),
    _unit(
        "Mbit/s", "rate", "1", "Mbit/s|Mbps", r"megabits? per second", r"Мбит/с|мегабит[а-я]* в секунду", "兆比特每秒"
    ),
    _unit("PB", "data", "1000000000", "PB", r"petabytes?", r"ПБ|петабайт[а-я]*", "拍字节"),
    _unit("TB", "data", "1000000", "TB", r"terabytes?", r"ТБ|терабайт[а-я]*", "太字节"),
    _unit("GB", "data", "1000", "GB", r"gigabytes?", r"ГБ|Гбайт|гигабайт[а-я]*", "吉字节"),
    _unit("MB", "data", "1", "MB", r"megabytes?", r"МБ|Мбайт|мегабайт[а-я]*", "兆字节"),
    _unit("century", "years", "1200", "", r"centur(?:y|ies)", r"столети[а-я]+|век(?:а|ов|ами)?", "个?世纪"),
    _unit("decade", "years", "120", "", r"decades?", r"десятилети[а-я]+", "个十年"),
    _unit(
        "year",
        "years",
        "12",
        "",
        r"years?|yrs?",
        r"лет|год(?:а|у|ом|ов|ы|ами|ам|ах|е)?|лет(?:н|и|к)[а-я]+|годичн[а-я]+",
        "年(?![代级度会报轻龄底初终货味夜])|周?岁",
    ),
    _unit("month", "years", "1", "", r"months?", r"мес\.|месяц[а-я]*|месячн[а-я]+", "个?月"),
    _unit("week", "seconds", "604800", "", r"weeks?", r"нед\.|недел[а-я]+", "个?星期|周(?![年岁边刊期])"),
    _unit(
        "day",
        "seconds",
        "86400",
        "",
        r"days?",
        r"дн(?:я|ей|ям|ями|ях|и|ю|ем|е)|день|сут(?:ки|ок|ками)|дневн[а-я]+",
        "天(?![津然文地气空宫才])|日(?![元本均常])",
    ),
    _unit(
        "hour",
        "seconds",
        "3600",
        "",
        r"hours?|hrs?|h",
        r"ч|час(?:а|ов|ам|ами|ах|е|у|ы|ом)?|часов[а-я]+",
        "个?小时|个钟头",
    ),
    _unit("minute", "seconds", "60", "min", r"minutes?|mins?", r"мин|минут[а-я]*", "分钟"),
    _unit("second", "seconds", "1", "", r"seconds?|sec", r"сек|секунд[а-я]*", "秒钟?"),
)
UNITS = {unit.symbol: unit for unit in _UNITS}
"""By symbol; what is written longer comes first, as `km²` before `km`."""
SPANS_OF_TIME = {unit.symbol for unit in _UNITS if unit.dimension in {"years", "seconds"}}


MAY_BE_BARE = SPANS_OF_TIME | {"°C"}
"""What a language may leave unsaid: `aged 70`, `20 degrees`."""


def same_quantity(one: Decimal, symbol: str, other: Decimal, other_symbol: str) -> bool:
    """True if two quantities are the same after conversion, give or take the two per cent of a rounding."""
    unit, other_unit = UNITS[symbol], UNITS[other_symbol]
    if unit.dimension != other_unit.dimension:
        return False
    here, there = one * unit.factor, other * other_unit.factor
    return abs(here - there) * 50 <= max(here, there)


@dataclass(frozen=True, slots=True)
class Symbols:
    """A language's words for currencies or units: as one pattern, and each with the symbol that it means."""

    pattern: str
    each: tuple[tuple[re.Pattern[str], str], ...]

    def symbol(self, words: str) -> str:
        """What words mean that the pattern has found."""
        return next(symbol for pattern, symbol in self.each if pattern.fullmatch(words))


def _symbols(entries: list[tuple[str, str]]) -> Symbols:
    return Symbols(
        pattern="|".join(f"(?:{pattern})" for pattern, _ in entries),
        each=tuple((re.compile(pattern), symbol) for pattern, symbol in entries),
    )


def currencies_after(base: str) -> Symbols:
    """What a language writes after an amount of money."""
    return _symbols([(getattr(currency, base), currency.symbol) for currency in CURRENCIES])


def currencies_before() -> Symbols:
    """What stands before an amount of money."""
    return _symbols([(currency.before, currency.symbol) for currency in CURRENCIES])


def units_after(base: str) -> Symbols:
    """What a language writes after a quantity; no letter may follow, but in Chinese."""
    entries = [(_whole(getattr(unit, base), unit.signs, base), unit.symbol) for unit in _UNITS]
    return _symbols(entries)


def _whole(words: str, signs: str, base: str) -> str:
    if base == "zh":
        signs = rf"(?:{signs})(?![A-Za-z])" if signs else ""
        return "|".join(filter(None, (signs, words)))
    both = "|".join(filter(None, (signs, words)))
    return rf"(?:{both})(?![^\W\d_])"
