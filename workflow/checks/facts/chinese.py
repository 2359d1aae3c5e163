"""How Chinese writes facts: rules of its grammar, and where a character like 三 counts something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.facts import han, quantities
from workflow.checks.facts.fact import Date, Kind
from workflow.checks.facts.grammar import (
    COUNT,
    FIRST,
    HOUR,
    TWO,
    Grammar,
    RuleText,
    compiled,
    number_rules,
    quantity_rules,
)
from workflow.checks.facts.numerals import DAY, DIGITS, FEW, MARKS, YEAR
from workflow.languages import Language, number_marks

_CLASSIFIERS = (
    "个名位所项家座届期次场岁人件种份条张本台套间层栋门篇部支批组类级章节股校国省市县村户院系号线轮队车架艘颗棵块片段句倍代员"
    "幅枚把道笔封首曲集款处地方步大族区室馆站点局等子女对双重例起回遍番度头只匹株堂课学年月日天周时分秒元米里克吨升亩斤星者生轴轮"
)
"""Characters after which a numeral stands for a number, not for a part of a word."""
_IDIOMS = re.compile(
    "(?<![一二三四五六七八九十百千万亿])(?:"
    "万一(?![千百十])|十分(?![钟之])|四面八方|千家万户|三番五次|五湖四海|千方百计|百家争鸣|四通八达|五花八门|七上八下"
    "|三三两两|接二连三|三门峡|三代同堂|三国演义|三位一体|四大皆空|四季|百年大计|百度|百科|百分百|双十一"
    "|[一两][岸会方面系列同步起定直般些下边旦律致路道手]|一时|第一时间|统一|唯一)"
)


def grammar(language: Language) -> Grammar:
    """How Chinese writes facts."""
    marks = number_marks(language)
    found = han.pattern(marks)
    return Grammar(
        read_numbers=lambda text: han.han_numbers(text, found, marks),
        rules=compiled(_rules()),
        currencies=quantities.currencies_after("zh"),
        units=quantities.units_after("zh"),
        idioms=_IDIOMS,
        named=re.compile(rf"(?P<covid>新冠(?:病毒)?(?:肺炎)?)|{'|'.join(_named_days())}"),
        names={
            "covid": (Kind.CODE, "COVID19"),
            **{name: (Kind.DATE, Date(month=m, day=d)) for name, (m, d) in _NAMED_DAYS.items()},
        },
        counted=re.compile(rf"(?<=第).|. ?[{_CLASSIFIERS}]|.[”」\"]?(?:规划|期间|计划|时期)"),
    )


_NAMED_DAYS = {
    "三八": (3, 8),
    "五一": (5, 1),
    "五四": (5, 4),
    "六一": (6, 1),
    "七一": (7, 1),
    "七七": (7, 7),
    "八一": (8, 1),
    "九一八": (9, 18),
    "十一": (10, 1),
    "一二九": (12, 9),
}
_AFTER_NAMED_DAY = '[”"]?(?:运动|青年|劳动节|儿童节|妇女节|国庆|长假|假期|黄金周|建军节|事变|奖章|精神|期间|前夕|前后)'


def _named_days() -> Iterator[str]:
    """五四 is the Fourth of May, where a movement, a holiday or the like follows."""
    for name in _NAMED_DAYS:
        yield rf"(?P<{name}>{name})(?<![〇零一二两三四五六七八九十百千]{name})(?={_AFTER_NAMED_DAY})"


_RANGE = "(?: ?[–—~～至到和与、或-]{1,2} ?)"
_DAY_PART = "(?P<part>上午|下午|晚上|早上|凌晨|清晨|中午|傍晚|晚间|夜间|早晨|当晚|今晚|晚|早)"


def _rules() -> Iterator[RuleText]:
    yield from _date_rules()
    yield from _time_rules()
    yield Kind.PERCENT, rf"百分之(?:(?P<a>{FIRST})(?:{_RANGE}(?:百分之)?))?(?P<n>{COUNT})(?!成)", ("百分之",)
    yield Kind.PERCENT, rf"(?P<tenths>[{DAY}{FEW}])成(?P<half>半)?(?![立为果员功就长绩熟份分都])"
    yield Kind.UNIT, rf"(?P<n>{COUNT})个(?P<half>半)(?P<unit>小时|月)"
    yield Kind.UNIT, rf"(?P<n>{COUNT})(?P<unit>[年天])(?P<half>半)"
    yield Kind.UNIT, rf"(?P<n>{COUNT})(?P<unit>秒)(?P<hundredths>{TWO})"
    yield from quantity_rules("zh", _RANGE, "(?:%|个百分点)")
    yield (
        Kind.UNIT,
        "(?P<half_year>(?<![上下])半年(?!度))|(?P<fifty_years>半个?多?世纪)|(?P<all_day>昼夜|全天候)|(?P<all_week>天天|每天|每日)",
        ("半", "昼夜", "全天候", "天天", "每天", "每日"),
    )
    yield Kind.NUMBER, rf"(?P<bottom>[{DAY}{FEW}])分之(?P<top>[{DAY}{FEW}])"
    yield Kind.NUMBER, rf"(?P<half>{FEW}半|半数|过半|大半)", ("半",)
    yield Kind.NUMBER, rf"(?P<double>翻{FEW}?番|翻倍|加倍)", ("翻", "加倍")
    yield from number_rules(_RANGE)


def _date_rules() -> Iterator[RuleText]:
    year = rf"(?P<y>{YEAR}) ?年(?!代)"
    day = rf"(?P<d>[{DAY}{FEW}]) ?[日号]?"
    more = rf"(?:{_RANGE}(?P<d2>[{DAY}{FEW}]) ?[日号])?(?:{_RANGE}(?P<d3>[{DAY}{FEW}]) ?[日号])?"
    yield (
        Kind.DATE,
        rf"(?:星期|礼拜|(?<![{MARKS}每数几])周)(?:(?P<wdn>{FEW})(?![次年期岁游度个])|(?P<sunday>[日天]))",
        ("周", "星期", "礼拜"),
    )
    yield Kind.DATE, rf"(?:(?P<y>{YEAR}) ?年 ?)?(?P<m>[{DAY}{FEW}]) ?月(?!球)(?:份| ?{day}{more})?"
    yield Kind.DATE, rf"(?:(?P<c>[{DAY}{FEW}])世纪)(?P<dec>[{DAY}{DIGITS}{FEW}])年代"
    yield Kind.DATE, rf"(?P<dec>[{YEAR}{DAY}{DIGITS}{FEW}])年代"
    yield Kind.DATE, rf"(?<!个)(?P<c>[{DAY}{FEW}])世纪"
    yield Kind.DATE, rf"(?P<y>{YEAR}) ?年?{_RANGE}(?P<y2>[{YEAR}{DAY}{DIGITS}]) ?(?:学年|年)"
    yield Kind.DATE, year
    yield Kind.DATE, rf"(?P<d>{DAY}) ?日{_RANGE}(?P<d2>{DAY}) ?日"
    yield Kind.DATE, rf"(?P<d>{DAY}) ?日(?![元本均常内游程间])"


def _time_rules() -> Iterator[RuleText]:
    rest = rf"(?::(?P<mi>{TWO})| ?[点时](?:(?P<mi2>[{DAY}{DIGITS}{FEW}])分|(?P<half>半)|(?P<quarter>一刻|三刻)|整|钟)?)"
    yield (
        Kind.TIME,
        rf"{_DAY_PART} ?(?:(?P<h0>{DAY}):(?P<mi0>{TWO}){_RANGE})?(?P<h>{HOUR}){rest}",
        ("午", "晚", "早", "晨", "夜"),
    )
    yield Kind.TIME, rf"(?:(?P<h0>{DAY}):(?P<mi0>{TWO}){_RANGE})?(?P<h>{DAY}):(?P<mi>{TWO})"
    yield (
        Kind.TIME,
        rf"(?P<h>{HOUR}) ?[点时](?:(?P<mi2>[{DAY}{DIGITS}{FEW}])分|(?P<half>半)|(?P<quarter>一刻|三刻)|整|钟)",
    )
    yield Kind.TIME, rf"(?P<h>{DAY}) ?时(?!间|代|期)"
    yield Kind.TIME, rf"(?P<h>{DAY}) ?点(?!建议|意见|要求|希望|共识|看法|倡议|内容|原因|体会|经验|[A-Za-z])"
    yield Kind.TIME, r"(?P<noon>正午)|(?P<midnight>午夜)", ("正午", "午夜")
