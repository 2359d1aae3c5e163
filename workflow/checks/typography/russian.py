"""Russian, after Мильчин and Чельцова, «Справочник издателя и автора», and the rules of 2006 (ed. Лопатин).

«Ёлочки» outside and „лапки“ inside; тире with a no-break blank before it and a blank after; ranges without blanks;
no-break blanks after one-letter words, between a number and what it counts, in initials and after №. The words of
a catalog hold these no-break blanks themselves: nothing puts them in when the edition is set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.prose import listed
from workflow.checks.typography.common import (
    NARROW_MARKS,
    blank_after_mark,
    blank_before_mark,
    blanks_inside,
    double_blanks,
    narrow_ellipsis,
    no_blank_after_end,
    outer_blanks,
    wide_letters,
    years,
)
from workflow.checks.typography.fault import Fault, Rule, pattern_rule
from workflow.checks.typography.quotes import QuoteStyle, quote_rule
from workflow.diagnostics import Severity
from workflow.model import Role

QUOTES = QuoteStyle(outer=("«", "»"), inner=("„", "“"))

_INITIAL = r"(?:\A|[^\w.])[А-ЯЁ]"
_NO_BREAKS = (
    (" (?=—[ \u00a0])", r"[\w»“)\]*%.!?,…\ufffc]", "the dash"),
    (r"[ВвКкСсУуОоИиАа](?<![\w.'’-].)(?P<at> )(?=[\w«„(№§])", "", "what follows a word of one letter"),
    (r"\d(?P<at> )(?=[а-яё])", r"(?:\A|[\s(«„№~–—-])(?:\d+[,.\u00a0]?)*", "what a number counts"),
    (r" (?=[%‰₽])", r"\d", "the sign"),
    (r" (?=[\dIVX])", r"[№§]", "the number"),
    (r"\.(?P<at> )(?=[А-ЯЁ]\.[ \u00a0]?[А-ЯЁ][а-яё])", _INITIAL, "the second initial"),
    (r"\.(?P<at> )(?=[А-ЯЁ][а-яё])", rf"{_INITIAL}\.[ \u00a0]?[А-ЯЁ]", "the surname"),
    (r"\.(?P<at> )(?=[екдпнч]\.)", r"\bт", "the rest of the short form"),
    (r"\.(?P<at> )(?=[А-ЯЁ])", r"(?:\A|[\s(])(?:г|ул|им|акад|проф)", "the name"),
    (r"\.(?P<at> )(?=\d)", r"(?:\A|[\s(])(?:д|корп|стр|рис|табл|гл)", "the number"),
)
"""A blank at which no line may break, what stands before it, and what it ties to."""

_WORD = re.compile("[А-Яа-яЁё]{2,}")
_WORDS_OF_THEIR_OWN = listed(
    "все чем нем небо берет осел мел лет слез озера звезды сестры села весел моем твоем своем том колеса стекла ведра"
    " зерна совершенный совершенная совершенное совершенные признаем узнаем сознаем жены весла падеж тес щеки черт"
    " тем заем житье сел вел жен гнезда звезд истекший передохнем нет слезы платы"
)
"""Written with е they are other words, or other forms, than with ё."""


def _mixed_yo(text: str, _role: Role | None) -> Iterator[Fault]:
    """Words that the text writes with ё here and with е there."""
    if "ё" not in text and "Ё" not in text:
        return
    words = {word.lower() for word in _WORD.findall(text)}
    both = {word for word in (word.replace("ё", "е") for word in words if "ё" in word) if word in words}
    if not both - _WORDS_OF_THEIR_OWN:
        return
    for match in _WORD.finditer(text):
        if match.group().lower() in both - _WORDS_OF_THEIR_OWN:
            yield Fault(
                code="typography.yo",
                span=match.span(),
                message=f"“{match.group()}” stands here with ё too",
                hint="write it the same way everywhere",
            )


def _no_break(pattern: str, behind: str, tied: str) -> Rule:
    return pattern_rule(
        "typography.no-break",
        pattern,
        "\u00a0",
        "a blank at which the line must not break",
        f"put a no-break blank before {tied}",
        behind=behind,
        severity=Severity.INFO,
    )


RULES: tuple[Rule, ...] = (
    quote_rule(QUOTES),
    outer_blanks,
    double_blanks,
    *NARROW_MARKS,
    wide_letters,
    narrow_ellipsis,
    years,
    blank_before_mark,
    blank_after_mark,
    no_blank_after_end("а-яё", "А-ЯЁ"),
    *blanks_inside(r"(\[«„", ")»"),
    _mixed_yo,
    pattern_rule(
        "typography.dash",
        r"[ \u00a0](?:-{1,3}|–)[ \u00a0](?=[^\W\d_]|[«„(\[*\ufffc])",
        "\u00a0— ",
        "a hyphen or a short dash for тире",
        "write the long dash —",
        behind=r"[\w»“”)\]*%.!?,…\ufffc]",
    ),
    pattern_rule(
        "typography.dash",
        r"-(?=[IVX]+[ \u00a0](?:вв?\.|век))",
        "–",
        "a hyphen in a range of centuries",
        "write the en dash –",
        behind=r"\b[IVX]+",
    ),
    pattern_rule(
        "typography.dash",
        r"—(?=[а-яё])",
        None,
        "a dash without blanks between words",
        "put a no-break blank before it and a blank after it",
        behind=r"[а-яё]",
    ),
    *(_no_break(pattern, behind, tied) for pattern, behind, tied in _NO_BREAKS),
)
