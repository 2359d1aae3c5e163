"""All diagnostics: what keeps editions from being signed, and what deserves a look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from workflow.checks import check_pairs
from workflow.diagnostics import Diagnostic, Location, Severity
from workflow.edition import template_units
from workflow.errors import InputError
from workflow.languages import Language
from workflow.model import Catalog, UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.standing import StoryFiles, localized, read_story_files
from workflow.operations.workers import Workers, in_order
from workflow.rendering.fonts import fonts_in
from workflow.rendering.pictures import picture_facts
from workflow.rendering.templates import template_folders
from workflow.site import untranslated


def check(
    newsroom: Newsroom, slugs: Sequence[str], languages: Sequence[Language], *, workers: Workers | None = None
) -> tuple[Diagnostic, ...]:
    """The findings for the stories in the languages, and for the newsroom's own words.

    A file that cannot be used is a finding too, so that one damaged catalog does not hide the rest. Stories are
    shared out among workers if there are several.
    """
    found: list[Diagnostic] = []
    for language in languages:
        found += _guarded(_check_site(newsroom, language), None, language)
    for of_story in in_order(partial(_story_findings, newsroom, languages), slugs, workers):
        found += of_story
    return tuple(found)


def _story_findings(newsroom: Newsroom, languages: Sequence[Language], slug: str) -> tuple[Diagnostic, ...]:
    return tuple(_guarded(_check_story(newsroom, slug, languages), slug, None))


def _guarded(findings: Iterator[Diagnostic], slug: str | None, language: Language | None) -> Iterator[Diagnostic]:
    """The findings; a file that cannot be used becomes one, and names its story and language."""
    try:
        yield from findings
    except InputError as error:
        for found in error.diagnostics:
            yield replace(found, story=slug, language=language.code if language else None)


def _check_site(newsroom: Newsroom, language: Language) -> Iterator[Diagnostic]:
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
    yield from catalog_findings(newsroom, None, language, newsroom.settings.source_language, catalog)


def _check_story(newsroom: Newsroom, slug: str, languages: Sequence[Language]) -> Iterator[Diagnostic]:
    files = read_story_files(newsroom, slug)
    wanted = {unit.key for unit in template_units(files.story, newsroom.story_file(slug))}
    for name, (frozen, data) in files.pictures.items():
        yield from _guarded(_check_picture(data, frozen, f"stories/{slug}/{name}"), slug, None)
    for language in newsroom.story_languages(files.story):
        if language in languages:
            yield from _guarded(_check_edition(newsroom, files, wanted, language), slug, language)


def _check_picture(data: bytes, frozen: str, path: str) -> Iterator[Diagnostic]:
    picture_facts(data, frozen, path)
    yield from ()


def _check_edition(
    newsroom: Newsroom, files: StoryFiles, wanted: set[tuple[str | None, str]], language: Language
) -> Iterator[Diagnostic]:
    """`wanted` are the keys of the story's units."""
    path = newsroom.catalog_file(language.code, files.slug)
    catalog = newsroom.read_catalog(language.code, files.slug)
    if catalog is None:
        hint = "run workflow update"
        yield _finding("catalog.missing", "no catalog yet", path, hint=hint, slug=files.slug, language=language)
        return
    if wanted != {unit.key for unit in catalog.live}:
        message = "made from another version of the story"
        yield _finding(
            "catalog.outdated", message, path, hint="run workflow update", slug=files.slug, language=language
        )
    yield from localized(newsroom, files, language, catalog)[1]
    yield from catalog_findings(newsroom, files.slug, language, files.story.language, catalog)


def catalog_findings(
    newsroom: Newsroom, slug: str | None, language: Language, source: str, catalog: Catalog
) -> Iterator[Diagnostic]:
    """What the checks find in a catalog, and its characters that no font has.

    `slug` is None for the domain `site`; `source` is the code of the language that was translated from.
    """
    path = newsroom.catalog_file(language.code, slug or SITE)
    yield from check_pairs(slug, language, newsroom.settings.languages[source], catalog, path)
    fonts = fonts_in(template_folders(newsroom.root).find("fonts/coverage.json").parent)
    without_font = set(fonts.missing("".join(target for unit in catalog.live for target in unit.targets)))
    for unit in catalog.live if without_font else ():
        for character in sorted(without_font.intersection("".join(unit.targets))):
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
