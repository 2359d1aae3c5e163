"""Placeholders of the templates' words, `%(name)s`: a translation has the same ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.pair import Pair
from workflow.diagnostics import Diagnostic

_PLACEHOLDER = re.compile(r"%(?:\([^)]*\)?)?.?")


def damaged_placeholders(pair: Pair) -> Iterator[Diagnostic]:
    """Placeholders that only one side has; a plural form may leave its number out."""
    if pair.role is not None or pair.slug is not None:
        return
    for source, target in pair.texts:
        wanted, found = set(_PLACEHOLDER.findall(source)), set(_PLACEHOLDER.findall(target))
        optional = {"%(num)s"} if pair.unit.source_plural is not None else set()
        for name in sorted(wanted - found - optional):
            yield pair.finding("placeholders.changed", f"{name} is missing", "put it where the value belongs")
        for name in sorted(found - wanted):
            yield pair.finding("placeholders.changed", f"{name} is not in the source", "take it out, or write %%")
