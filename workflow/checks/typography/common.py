"""What every language's typography shares."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workflow.checks.scripts import HAN
from workflow.checks.typography.fault import Fault, Rule, pattern_rule
from workflow.model import Role

BLANK: Final = " \t\u00a0\u202f\u3000"
"""Blanks of every width, for a set of a regular expression; a line end is none, as it divides."""

LABELS: Final[frozenset[Role | None]] = frozenset(
    {Role.HEADLINE, Role.HEADING, Role.CREDIT, Role.CAPTION, Role.CELL, Role.ALT, None}
)
"""Roles of short texts, in which a blank may divide two parts as a mark would; None: the newsroom's own words."""


def outer_blanks(text: str, _role: Role | None) -> Iterator[Fault]:
    """Blanks at the begin or the end of a text."""
    begin, end = len(text) - len(text.lstrip(BLANK)), len(text.rstrip(BLANK))
    for span in ((0, begin), (end, len(text))):
        if begin < end and span[0] < span[1]:
            message, hint = "a blank at the begin or the end", "take it out"
            yield Fault(code="typography.blank", span=span, message=message, hint=hint, replacement="")


double_blanks = pattern_rule(
    "typography.blank",
    r"[ \u00a0]{2,40}(?=\S)",
    lambda match: "\u00a0" if "\u00a0" in match.group() else " ",
    "double blank",
    "write one blank",
    behind=r"\S",
)

_NARROW = dict(zip("，。、；：！？（）％．", ",.,;:!?()%.", strict=True))


def _narrowed(match: re.Match[str]) -> str:
    mark = match.group()[0]
    is_before_word = match.string[match.end() : match.end() + 1].isalnum()
    return f"{_NARROW[mark]} " if is_before_word and mark not in "（．" else _NARROW[mark]


NARROW_MARKS: Final[tuple[Rule, ...]] = (
    pattern_rule(
        "typography.marks",
        rf"[，。、；：！？（）％．](?![{HAN}])\u3000?",
        _narrowed,
        "a full-width mark of Chinese",
        "write the narrow mark",
        behind=rf"\A|[^{HAN}]",
    ),
    pattern_rule(
        "typography.marks",
        r"[,;](?:[,;](?![,;])|\.(?!\.|\w))|::(?![:\w])|\.(?:[,;]{2}|\.(?=\s|\Z))",
        None,
        "two marks in a row",
        "keep one of them",
        behind=r"[\w)\]”»“’%]",
    ),
    pattern_rule(
        "typography.marks",
        rf"[《〈](?![{HAN}])|[》〉](?<![{HAN}].)",
        None,
        "the marks of a title in Chinese",
        "slant the title, or put it in quotation marks",
    ),
    pattern_rule(
        "typography.dash",
        r"——(?!—)(?=[^\W_])",
        "—",
        "the dash of Chinese",
        "write one dash",
        behind=r"[\w)”»]",
    ),
    pattern_rule(
        "typography.dash", r"——(?=[ \u00a0])", "—", "the dash of Chinese", "write one dash", behind=r"[ \u00a0]"
    ),
)
"""For languages that do not use the full-width marks."""

wide_letters = pattern_rule(
    "typography.marks",
    "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+",
    lambda match: match.group().translate({code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)}),
    "full-width digits or letters",
    "write the narrow ones",
)
years = pattern_rule(
    "typography.dash",
    r"-(?=(?:1\d|20)\d\d\b(?![-/.]\d))",
    "–",
    "a hyphen in a range of years",
    "write the en dash –",
    behind=r"(?:\A|[^-/.\w])(?:1\d|20)\d\d",
)
narrow_ellipsis = pattern_rule(
    "typography.ellipsis",
    r"\.{3}(?!\.)",
    "…",
    "three full stops",
    "write the ellipsis …",
    behind=r"\A|[^.?!]",
)
blank_before_mark = pattern_rule(
    "typography.blank",
    r"[ \u00a0]{1,40}(?=[,;:!?.](?:[\s”’»“)]|\Z))",
    "",
    "a blank before a mark",
    "take it out",
    behind=r"[\w”’»“)\]%…\ufffc]",
)
blank_after_mark = pattern_rule(
    "typography.blank",
    r"[,;](?=[^\W\d_])",
    lambda match: f"{match.group()} ",
    "no blank after a mark",
    "put a blank after it",
    behind=r"[^\W\d_]|[)”»]",
)


def no_blank_after_end(lower: str, upper: str) -> Rule:
    """Sentences that run together; letters as sets of a regular expression name them. A name may be so written."""
    return pattern_rule(
        "typography.blank",
        rf"[.!?](?=[{upper}][{lower}]+[ ,])",
        None,
        "no blank after a mark",
        "put a blank after it",
        behind=rf"[{lower}]{{3}}",
    )


def blanks_inside(opening: str, closing: str) -> tuple[Rule, Rule]:
    """Blanks within brackets and quotation marks, given as sets of a regular expression name them."""
    message, hint = "a blank within brackets or quotation marks", "take it out"
    return (
        pattern_rule("typography.blank", rf"[{opening}](?P<at>[ \u00a0]{{1,40}})(?=\S)", "", message, hint),
        pattern_rule(
            "typography.blank",
            rf"[ \u00a0]{{1,40}}(?=[{closing}](?:[\s,.;:!?]|\Z))",
            "",
            message,
            hint,
            behind=r"[\w.!?…]",
        ),
    )
