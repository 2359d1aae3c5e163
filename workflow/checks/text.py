"""Characters that have no business in a translation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from workflow.checks.pair import Pair
from workflow.diagnostics import Diagnostic

_STRAY = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # controls, the tab among them
    "\u200b\u2060\ufeff"  # invisible, and breaking or joining words
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # directions of writing
    "\u2028\u2029\ufff9-\ufffb\ufffd-\uffff]"  # line ends of other kinds, what was lost, no characters at all
)


def stray_characters(pair: Pair) -> Iterator[Diagnostic]:
    """Invisible characters and replacement marks that the source does not have."""
    allowed = set(pair.unit.source)
    for target in pair.unit.targets:
        for character in sorted(set(_STRAY.findall(target)) - allowed):
            name = unicodedata.name(character, "a control character")
            yield pair.finding("text.stray-character", f"{name} (U+{ord(character):04X})", "delete it")
