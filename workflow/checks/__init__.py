"""Checks of a translation against its source: each is a small generator of diagnostics."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from workflow.checks.guards import guards
from workflow.checks.links import changed_links
from workflow.checks.markup import damaged_markup
from workflow.checks.pair import Pair
from workflow.checks.placeholders import damaged_placeholders
from workflow.checks.text import stray_characters
from workflow.checks.typography import typography
from workflow.checks.wording import wording
from workflow.diagnostics import Diagnostic
from workflow.languages import Language
from workflow.model import Catalog, Role, Unit, UnitState

CHECKS = (damaged_markup, changed_links, damaged_placeholders, stray_characters, typography, guards, wording)

_CONTEXTS = {role.context: role for role in Role}


def check_pairs(
    slug: str | None, language: Language, source_language: Language, catalog: Catalog, path: str
) -> Iterator[Diagnostic]:
    """What the checks find in the catalog's live units; `slug` is None for the domain `site`."""
    for unit in catalog.live:
        if unit.state in {UnitState.TRANSLATED, UnitState.NEEDS_REVIEW}:
            yield from chain.from_iterable(
                check(_pair(slug, language, source_language, unit, path)) for check in CHECKS
            )


def _pair(slug: str | None, language: Language, source_language: Language, unit: Unit, path: str) -> Pair:
    role = _CONTEXTS.get(unit.context) if slug is not None else None
    return Pair(unit=unit, role=role, language=language, source_language=source_language, path=path, slug=slug)


__all__ = ["CHECKS", "Pair", "check_pairs"]
