"""Chinese, after GB/T 15834-2011 (标点符号用法) and the W3C's Requirements for Chinese Text Layout (CLREQ).

Full-width marks, quotation marks “” with ‘’ inside, …… and —— two characters wide, · in foreign names. No blank
divides Han characters or stands beside a full-width mark. Between Han and Latin letters or digits the catalog has
no blank either: the gap there is the layout's (CLREQ 3.2.2). In headlines and captions a blank may divide parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.scripts import HAN
from workflow.checks.typography.common import BLANK, LABELS, outer_blanks, wide_letters
from workflow.checks.typography.fault import Fault, Rule, pattern_rule
from workflow.checks.typography.quotes import QuoteStyle, quote_rule
from workflow.languages import Language
from workflow.model import Role

SIMPLIFIED = QuoteStyle(
    outer=("“", "”"), inner=("‘", "’"), alternates=True, alternates_straight=True, mends_apostrophes=False
)
TRADITIONAL = QuoteStyle(
    outer=("「", "」"), inner=("『", "』"), alternates=True, alternates_straight=True, mends_apostrophes=False
)

_WIDE = dict(zip(",.;:!?", "，。；：！？", strict=True))
_MARKS = "，。、；：！？（）《》〈〉【】"
_TEXT = f"{HAN}{_MARKS}“”‘’「」『』"
_AFTER_HAN = rf"[{HAN}”’」』）》】][*_]{{0,2}}"
_BRACKETS = re.compile(r"\(([^()\n]*)\)")
_HAN = re.compile(f"[{HAN}]")

_HALF_WIDTH = "a half-width mark in Chinese"
_WRITE_WIDE = "write the full-width mark"
_TAKE_OUT = "take it out"


def _wide(match: re.Match[str]) -> str:
    return _WIDE[match.group()[0]]


def _half_width_brackets(text: str, _role: Role | None) -> Iterator[Fault]:
    """Half-width brackets after Han, or with Han in them; both of a pair at once."""
    for match in _BRACKETS.finditer(text):
        start, end = match.span()
        if _HAN.match(text[start - 1 : start]) or _HAN.search(match.group()):
            for at, new in ((start, "（"), (end - 1, "）")):
                yield Fault(
                    code="typography.marks",
                    span=(at, at + 1),
                    message="half-width brackets in Chinese",
                    hint="write （）",
                    replacement=new,
                )


def _marks(pattern: str, message: str, hint: str, behind: str) -> Rule:
    """Marks that only a person can mend."""
    return pattern_rule("typography.marks", pattern, None, message, hint, behind=behind)


_SHARED: tuple[Rule, ...] = (
    outer_blanks,
    wide_letters,
    _half_width_brackets,
    pattern_rule(
        "typography.marks", r"[,;:!?](?!//)[ \u3000]{0,40}", _wide, _HALF_WIDTH, _WRITE_WIDE, behind=_AFTER_HAN
    ),
    pattern_rule(
        "typography.marks",
        rf"[,;:!?][ \u3000]{{0,40}}(?=[{HAN}“《])",
        _wide,
        _HALF_WIDTH,
        _WRITE_WIDE,
        behind=r"[A-Za-z0-9%)]",
    ),
    pattern_rule(
        "typography.marks",
        r"\.(?:[ \u3000]{1,40}(?=[^\s.])|(?=[”’」』）》】*_\n]|\Z))",
        "。",
        _HALF_WIDTH,
        _WRITE_WIDE,
        behind=_AFTER_HAN,
    ),
    pattern_rule(
        "typography.marks",
        rf"[•‧・．∙⋅](?=[{HAN}])",
        "·",
        "another dot than · in a name",
        "write · (U+00B7)",
        behind=f"[{HAN}]",
    ),
    _marks(
        rf"\.(?=[{HAN}])",
        "a full stop between Chinese characters",
        "write 。 after a sentence, · in a name",
        f"[{HAN}]",
    ),
    _marks(
        r"[，、；：][，。、；：]|。[，、；：]|。。(?!。)", "two marks in a row", "keep one of them", r"[^，。、；：]"
    ),
    _marks(r"。[”’」』]。", "a full stop on both sides of a quotation’s end", "keep one of them", r"\S"),
    pattern_rule(
        "typography.ellipsis",
        r"(?:\.{3,40}|。{3,40})",
        "……",
        "full stops for an ellipsis",
        "write ……",
        behind=f"[{_TEXT}]",
    ),
    pattern_rule(
        "typography.ellipsis",
        rf"(?:\.{{3,40}}|。{{3,40}})(?=[{_TEXT}])",
        "……",
        "full stops for an ellipsis",
        "write ……",
        behind=r"\A|[^.。]",
    ),
    pattern_rule("typography.ellipsis", r"…(?!…)", "……", "half an ellipsis", "write ……", behind=r"\A|[^…]"),
    pattern_rule(
        "typography.dash",
        r"(?:-{2,3}|－－|──|――)(?![-－─―])",
        "——",
        "another sign for the dash",
        "write ——",
        behind=f"[{_TEXT}]",
    ),
    pattern_rule(
        "typography.dash",
        rf"[ \u00a0](?:[-–—―]|--|——)[ \u00a0](?=[{HAN}“《])",
        "——",
        "a narrow dash between blanks",
        "write ——",
        behind=f"[{HAN}”》]",
        except_in=LABELS - {Role.HEADLINE, Role.HEADING},
    ),
    pattern_rule(
        "typography.blank",
        rf"[{BLANK}]{{1,40}}(?=[{HAN}])",
        "",
        "a blank between Chinese characters",
        _TAKE_OUT,
        behind=f"[{HAN}]",
        except_in=LABELS,
    ),
    pattern_rule(
        "typography.blank",
        rf"[{BLANK}]{{1,40}}(?=[{_MARKS}])",
        "",
        "a blank beside a full-width mark",
        _TAKE_OUT,
        behind=r"\S",
    ),
    pattern_rule(
        "typography.blank",
        rf"[{BLANK}]{{1,40}}(?=\S)",
        "",
        "a blank beside a full-width mark",
        _TAKE_OUT,
        behind=f"[{_MARKS}]",
    ),
    pattern_rule(
        "typography.blank",
        rf"[{BLANK}]{{1,40}}(?=[“‘「『]\S)",
        "",
        "a blank beside a quotation mark",
        _TAKE_OUT,
        behind=f"[{HAN}]",
        except_in=LABELS,
    ),
    pattern_rule(
        "typography.blank",
        rf"[{BLANK}]{{1,40}}(?=[{HAN}])",
        "",
        "a blank beside a quotation mark",
        _TAKE_OUT,
        behind="[”’」』]",
        except_in=LABELS,
    ),
    pattern_rule(
        "typography.han-latin",
        r"[ \u00a0]{1,40}(?=[A-Za-z0-9])",
        "",
        "a blank between Chinese and Latin letters or digits",
        "take it out, the layout makes the gap",
        behind=f"[{HAN}]",
        except_in=LABELS,
    ),
    pattern_rule(
        "typography.han-latin",
        rf"[ \u00a0]{{1,40}}(?=[{HAN}])",
        "",
        "a blank between Chinese and Latin letters or digits",
        "take it out, the layout makes the gap",
        behind="[A-Za-z0-9%]",
        except_in=LABELS,
    ),
    pattern_rule(
        "typography.blank",
        r"[ \u00a0]{2,40}(?=[A-Za-z0-9])",
        " ",
        "double blank",
        "write one blank",
        behind="[A-Za-z0-9,.;:!?]",
    ),
)


def rules_for(language: Language) -> tuple[Rule, ...]:
    """The rules for the script: in traditional Chinese the quotation marks are 「」."""
    is_traditional = "Hant" in language.tag or "Hant" in language.locale
    return (quote_rule(TRADITIONAL if is_traditional else SIMPLIFIED), *_SHARED)
