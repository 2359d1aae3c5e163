"""All diagnostics: what keeps editions from being signed, and what deserves a look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workflow.checks import Archive, check_pairs, translated_pairs
from workflow.diagnostics import Diagnostic, Location, Severity
from workflow.edition import template_units
from workflow.errors import InputError
from workflow.glossary import Glossary
from workflow.glossary_pairs import pair_glossary
from workflow.languages import Language
from workflow.model import Catalog, UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.glossary import read_glossaries
from workflow.operations.standing import StoryFiles, localized, read_story_files
from workflow.rendering.fonts import fonts_in
from workflow.rendering.pictures import picture_facts
from workflow.rendering.templates import template_folders
from workflow.site import untranslated


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reference:
    """What catalogs are held against, beside their stories."""

    pivot: str
    glossaries: Mapping[str, Glossary]
    archives: Mapping[str, Archive]
    """By language: what the stories before this one say."""

    def glossary(self, source: str, language: Language) -> Glossary:
        return pair_glossary(source, language.code, self.pivot, self.glossaries[source], self.glossaries[language.code])


def check(newsroom: Newsroom, slugs: Sequence[str], languages: Sequence[Language]) -> tuple[Diagnostic, ...]:
    """The findings for the stories in the languages, and for the newsroom's own words.

    A file that cannot be used is a finding too, so that one damaged catalog does not hide the rest.
    """
    glossaries, faults = read_glossaries(newsroom)
    archives = {language.code: Archive() for language in languages}
    reference = _Reference(pivot=newsroom.settings.source_language, glossaries=glossaries, archives=archives)
    found = list(faults)
    for language in languages:
        found += _guarded(_check_site(newsroom, language, reference), None, language)
    for slug in slugs:
        found += _guarded(_check_story(newsroom, slug, languages, reference), slug, None)
    return tuple(found)


def _guarded(findings: Iterator[Diagnostic], slug: str | None, language: Language | None) -> Iterator[Diagnostic]:
    """The findings; a file that cannot be used becomes one, and names its story and language."""
    try:
        yield from findings
    except InputError as error:
        for found in error.diagnostics:
            yield replace(found, story=slug, language=language.code if language else None)


def _check_site(newsroom: Newsroom, language: Language, reference: _Reference) -> Iterator[Diagnostic]:
    path = newsroom.catalog_file(language.code, SITE)
    catalog = newsroom.read_catalog(language.code, SITE)
    if catalog is None:
        yield _finding("site.missing", "no catalog yet", path, hint="run workflow update", language=language)
        return
    for unit in untranslated(catalog):
        what = "needs review" if unit.state is UnitState.NEEDS_REVIEW else "not translated"
        message = f"the newsroom's own words: {what}: {unit.source}"
        hint = f"nothing is published in `{language.code}` until it is: translate it there, or review it"
        yield _finding("site.incomplete", message, path, line=unit.line, hint=hint, language=language)
    source = newsroom.settings.source_language
    glossary = reference.glossary(source, language)
    yield from catalog_findings(newsroom, None, language, source, catalog, glossary)


def _check_story(
    newsroom: Newsroom, slug: str, languages: Sequence[Language], reference: _Reference
) -> Iterator[Diagnostic]:
    files = read_story_files(newsroom, slug)
    for name, (frozen, data) in files.pictures.items():
        yield from _guarded(_check_picture(data, frozen, f"stories/{slug}/{name}"), slug, None)
    for language in newsroom.story_languages(files.story):
        if language in languages:
            yield from _guarded(_check_edition(newsroom, files, language, reference), slug, language)


def _check_picture(data: bytes, frozen: str, path: str) -> Iterator[Diagnostic]:
    picture_facts(data, frozen, path)
    yield from ()


def _check_edition(
    newsroom: Newsroom, files: StoryFiles, language: Language, reference: _Reference
) -> Iterator[Diagnostic]:
    path = newsroom.catalog_file(language.code, files.slug)
    catalog = newsroom.read_catalog(language.code, files.slug)
    if catalog is None:
        hint = "run workflow update"
        yield _finding("catalog.missing", "no catalog yet", path, hint=hint, slug=files.slug, language=language)
        return
    wanted = {unit.key for unit in template_units(files.story, newsroom.story_file(files.slug))}
    if wanted != {unit.key for unit in catalog.live}:
        message = "made from another version of the story"
        yield _finding(
            "catalog.outdated", message, path, hint="run workflow update", slug=files.slug, language=language
        )
    yield from localized(newsroom, files, language, catalog)[1]
    source = files.story.language
    glossary = reference.glossary(source, language)
    yield from catalog_findings(newsroom, files.slug, language, source, catalog, glossary)
    source_language = newsroom.settings.languages[source]
    pairs = translated_pairs(files.slug, language, source_language, catalog, path, glossary)
    yield from reference.archives[language.code].findings(pairs)


def catalog_findings(
    newsroom: Newsroom, slug: str | None, language: Language, source: str, catalog: Catalog, glossary: Glossary
) -> Iterator[Diagnostic]:
    """What the checks find in a catalog, and its characters that no font has.

    `slug` is None for the domain `site`; `source` is the code of the language that was translated from; `glossary`
    has the terms for translating from it.
    """
    path = newsroom.catalog_file(language.code, slug or SITE)
    yield from check_pairs(slug, language, newsroom.settings.languages[source], catalog, path, glossary)
    fonts = fonts_in(template_folders(newsroom.root).find("fonts/coverage.json").parent)
    for unit in catalog.live:
        for character in fonts.missing("".join(unit.targets)):
            message = f"no font of the project has the character {character} (U+{ord(character):04X})"
            hint = "use another character, or add a font that has it to templates/fonts"
            yield _finding("text.glyph", message, path, line=unit.line, hint=hint, slug=slug, language=language)


def _finding(
    code: str,
    message: str,
    path: str,
    *,
    language: Language,
    line: int = 0,
    hint: str | None = None,
    slug: str | None = None,
) -> Diagnostic:
    return Diagnostic(
        code=code,
        message=message,
        severity=Severity.ERROR,
        location=Location(path=path, line=line or None),
        hint=hint,
        story=slug,
        language=language.code,
    )
