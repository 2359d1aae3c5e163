"""Mends the typography of translations where only one thing can be meant."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.checks.typography import repaired
from workflow.diagnostics import Location
from workflow.errors import InputError
from workflow.languages import Language
from workflow.model import Catalog, Role, Unit, UnitState
from workflow.newsroom import Newsroom


@dataclass(frozen=True, kw_only=True, slots=True)
class Mended:
    """A translation that was rewritten."""

    location: Location
    """Of the unit in its catalog, before it was written."""
    story: str
    language: str
    before: str
    after: str


def mend(newsroom: Newsroom, slugs: Sequence[str], languages: Sequence[Language]) -> tuple[Mended, ...]:
    """Rewrites the translations of the stories in the languages, and tells which; the newsroom's lock is held.

    What needs review, is obsolete or stands in a story's own file stays as it is. A file that cannot be used is
    left to the check that follows. All catalogs are mended before the first is written.
    """
    done: list[Mended] = []
    catalogs = []
    for slug in slugs:
        for language in _languages_of(newsroom, slug, languages):
            if found := _mended_catalog(newsroom, slug, language):
                catalogs.append((language.code, slug, found[0]))
                done += found[1]
    newsroom.sweep(newsroom.catalog_file(code, slug) for code, slug, _ in catalogs)
    for code, slug, catalog in catalogs:
        newsroom.write_catalog(code, slug, catalog)
    return tuple(done)


def _languages_of(newsroom: Newsroom, slug: str, languages: Sequence[Language]) -> tuple[Language, ...]:
    try:
        story = newsroom.read_story(slug)
    except InputError:
        return ()
    return tuple(language for language in newsroom.story_languages(story) if language in languages)


def _mended_catalog(newsroom: Newsroom, slug: str, language: Language) -> tuple[Catalog, list[Mended]] | None:
    """The catalog with its mended units, and what they were; None if nothing is to mend."""
    try:
        catalog = newsroom.read_catalog(language.code, slug)
    except InputError:
        return None
    if catalog is None:
        return None
    units = tuple(_mended_unit(unit, language) for unit in catalog.units)
    path = newsroom.catalog_file(language.code, slug)
    done = [
        Mended(
            location=Location(path=path, line=old.line or None),
            story=slug,
            language=language.code,
            before=old.target,
            after=new.target,
        )
        for old, new in zip(catalog.units, units, strict=True)
        if old.targets != new.targets
    ]
    return (dataclasses.replace(catalog, units=units), done) if done else None


def _mended_unit(unit: Unit, language: Language) -> Unit:
    role = Role.of_context(unit.context)
    if unit.state is not UnitState.TRANSLATED or role is None:
        return unit
    return dataclasses.replace(unit, targets=tuple(repaired(target, language, role) for target in unit.targets))
