"""Checks of a translation against its source: each is a small generator of diagnostics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from workflow.checks.consistency import Archive, inconsistent_units, reused_translations
from workflow.checks.credits import lost_credit
from workflow.checks.facts import unaccounted_facts
from workflow.checks.facts.below_zero import lost_minus
from workflow.checks.guards import guards
from workflow.checks.limits import over_limits
from workflow.checks.links import changed_links
from workflow.checks.markup import damaged_markup
from workflow.checks.names import Mention, mentions, names_rendered_twice
from workflow.checks.occurrences import occurrences
from workflow.checks.pair import Pair
from workflow.checks.placeholders import damaged_placeholders
from workflow.checks.questions import unanswered_questions
from workflow.checks.spelling import misspelt_words
from workflow.checks.terms import misused_terms
from workflow.checks.text import stray_characters
from workflow.checks.typography import typography
from workflow.checks.wording import wording
from workflow.diagnostics import Diagnostic
from workflow.glossary import EMPTY, Glossary
from workflow.languages import Language
from workflow.model import Catalog, Role, Unit, UnitState

CHECKS = (
    damaged_markup,
    changed_links,
    damaged_placeholders,
    stray_characters,
    unaccounted_facts,
    lost_minus,
    misused_terms,
    typography,
    guards,
    wording,
    lost_credit,
)
"""Each is given one translated unit."""

STORY_CHECKS = (names_rendered_twice, inconsistent_units, reused_translations, misspelt_words)
"""Each is given all translated units of a catalog."""


def check_pairs(
    slug: str | None,
    language: Language,
    source_language: Language,
    catalog: Catalog,
    path: str,
    glossary: Glossary = EMPTY,
) -> Iterator[Diagnostic]:
    """What the checks find in the catalog's live units; `slug` is None for the domain `site`."""
    pairs = translated_pairs(slug, language, source_language, catalog, path, glossary)
    for pair in pairs:
        yield from chain.from_iterable(check(pair) for check in CHECKS)
    yield from chain.from_iterable(check(pairs) for check in STORY_CHECKS)


def translated_pairs(
    slug: str | None,
    language: Language,
    source_language: Language,
    catalog: Catalog,
    path: str,
    glossary: Glossary = EMPTY,
) -> Sequence[Pair]:
    """The catalog's live units that have a translation, in order."""
    units = (unit for unit in catalog.live if unit.state in {UnitState.TRANSLATED, UnitState.NEEDS_REVIEW})
    return _pairs(slug, language, source_language, units, path, glossary)


def check_comments(
    slug: str | None, language: Language, source_language: Language, catalog: Catalog, path: str
) -> Iterator[Diagnostic]:
    """What is found in the translators' comments of the catalog's live units, translated or not."""
    units = (unit for unit in catalog.live if unit.comments)
    for pair in _pairs(slug, language, source_language, units, path):
        yield from unanswered_questions(pair)


def _pairs(
    slug: str | None,
    language: Language,
    source_language: Language,
    units: Iterable[Unit],
    path: str,
    glossary: Glossary = EMPTY,
) -> list[Pair]:
    return [
        Pair(
            unit=unit,
            role=Role.of_context(unit.context) if slug is not None else None,
            language=language,
            source_language=source_language,
            path=path,
            slug=slug,
            glossary=glossary,
        )
        for unit in units
    ]


__all__ = [
    "CHECKS",
    "STORY_CHECKS",
    "Archive",
    "Mention",
    "Pair",
    "check_comments",
    "check_pairs",
    "mentions",
    "occurrences",
    "over_limits",
    "translated_pairs",
]
