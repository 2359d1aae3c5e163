"""English, after The Chicago Manual of Style, chapter 6: curly quotation marks and apostrophes, the ellipsis as one
character, en dashes in ranges, one blank after a mark.

For a dash between words Chicago sets an em dash without blanks, and British houses an en dash with them. Both are
left alone; a hyphen in their place is not.
"""

from __future__ import annotations

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
from workflow.checks.typography.fault import Rule, pattern_rule
from workflow.checks.typography.quotes import QuoteStyle, quote_rule

QUOTES = QuoteStyle(outer=("“", "”"), inner=("‘", "’"), keeps_kind=True)

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
    no_blank_after_end("a-z", "A-Z"),
    *blanks_inside(r"(\[“‘", ")”"),
    pattern_rule(
        "typography.dash",
        r"-{2,3}(?!-)(?=[\w“‘(\[ \u00a0])",
        "—",
        "hyphens for a dash",
        "write a dash, — or –",
        behind=r"[\w”’)\].,…\ufffc][ \u00a0]?",
    ),
    pattern_rule(
        "typography.dash",
        r"-(?= [^\W_])",
        "–",
        "a hyphen for a dash",
        "write a dash, — or –",
        behind=r"(?:[^\W\d_]|[”’)\]\ufffc]) ",
    ),
)
