"""Characters that have no business in a translation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from workflow.checks.pair import Pair
from workflow.diagnostics import Diagnostic

_STRAY = re.compile("[\ufffd\ufeff\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def stray_characters(pair: Pair) -> Iterator[Diagnostic]:
    """Invisible characters and replacement marks that the source does not have."""
    allowed = set(pair.unit.source)
    for target in pair.unit.targets:
        for character in sorted(set(_STRAY.findall(target)) - allowed):
            name = unicodedata.name(character, "a control character")
            yield pair.finding("text.stray-character", f"{name} (U+{ord(character):04X})", "delete it")
