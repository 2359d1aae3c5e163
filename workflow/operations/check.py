"""All diagnostics: what keeps editions from being signed, and what deserves a look."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from workflow.checks import Archive, Mention, Pair, mentions, translated_pairs
from workflow.checks.severity import judged
from workflow.diagnostics import Diagnostic, Location
from workflow.edition import template_units
from workflow.errors import InputError
from workflow.glossary import Glossary
from workflow.glossary_pairs import pair_glossary
from workflow.languages import Language
from workflow.model import UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.edition_findings import Judge, catalog_findings, judge_of
from workflow.operations.glossary import read_glossaries
from workflow.operations.rules import rule_findings
from workflow.operations.standing import StoryFiles, localized, read_story_files
from workflow.operations.workers import Workers, in_order
from workflow.rendering.pictures import picture_facts
from workflow.site import untranslated
from workflow.waivers import Waived

Found = TypeVar("Found", Diagnostic, Diagnostic | Waived)


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckReport:
    """What was checked, and what was found."""

    editions: tuple[tuple[str, str], ...]
    """(story, language) of each that could be looked at."""
    findings: tuple[Diagnostic, ...]
    """Those that are open."""
    waived: tuple[Waived, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reference:
    """What every story is checked with."""

    newsroom: Newsroom
    languages: Sequence[Language]
    glossaries: Mapping[str, Glossary]

    def glossary(self, source: str, language: Language) -> Glossary:
        pivot = self.newsroom.settings.source_language
        return pair_glossary(source, language.code, pivot, self.glossaries[source], self.glossaries[language.code])


@dataclass(kw_only=True, slots=True)
class _CheckedStory:
    """What was found in a story by itself, and what it takes to compare it with others."""

    editions: list[tuple[str, str]]
    found: list[Diagnostic | Waived]
    translated: list[tuple[Sequence[Pair], Sequence[Mention], Judge]]
    """For each edition: its translated units, and the names in them."""


def check(
    newsroom: Newsroom,
    slugs: Sequence[str],
    languages: Sequence[Language],
    now: datetime.datetime,
    *,
    workers: Workers | None = None,
) -> CheckReport:
    """The findings for the stories in the languages, for the newsroom's own words, and for its sign-off rules.

    A file that cannot be used is a finding too, so that one damaged catalog does not hide the rest. Stories are
    shared out among workers if there are several.
    """
    glossaries, faults = read_glossaries(newsroom)
    reference = _Reference(newsroom=newsroom, languages=languages, glossaries=glossaries)
    editions: list[tuple[str, str]] = []
    found: list[Diagnostic | Waived] = [*faults]
    for language in languages:
        found += rule_findings(newsroom, language, now)
        found += judged(_guarded(_check_site(reference, language), None, language), newsroom.settings.check_rules)
    archives = {language.code: Archive() for language in languages}
    for story in in_order(partial(_check_story, reference), slugs, workers):
        editions += story.editions
        found += story.found
        for pairs, names, judge in story.translated:
            found += _all(judge, archives[pairs[0].language.code].findings(pairs, names)) if pairs else ()
    return CheckReport(
        editions=tuple(editions),
        findings=tuple(item for item in found if isinstance(item, Diagnostic)),
        waived=tuple(item for item in found if isinstance(item, Waived)),
    )


def _all(judge: Judge, findings: Iterable[Diagnostic]) -> tuple[Diagnostic | Waived, ...]:
    found = judge.sorted(findings)
    return (*found.open, *found.waived)


def _guarded(findings: Iterator[Found], slug: str | None, language: Language | None) -> Iterator[Found | Diagnostic]:
    """The findings; a file that cannot be used becomes one, and names its story and language."""
    try:
        yield from findings
    except InputError as error:
        for found in error.diagnostics:
            yield replace(found, story=slug, language=language.code if language else None)


def _check_site(reference: _Reference, language: Language) -> Iterator[Diagnostic]:
    newsroom, source = reference.newsroom, reference.newsroom.settings.source_language
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
    yield from catalog_findings(newsroom, None, language, source, catalog, reference.glossary(source, language))


def _check_story(reference: _Reference, slug: str) -> _CheckedStory:
    story = _CheckedStory(editions=[], found=[], translated=[])
    story.found += _guarded(_story_findings(reference, slug, story), slug, None)
    return story


def _story_findings(reference: _Reference, slug: str, story: _CheckedStory) -> Iterator[Diagnostic | Waived]:
    """The findings; notes the editions that could be looked at."""
    files = read_story_files(reference.newsroom, slug)
    wanted = {unit.key for unit in template_units(files.story, reference.newsroom.story_file(slug))}
    for name, (frozen, data) in files.pictures.items():
        yield from _guarded(_check_picture(data, frozen, f"stories/{slug}/{name}"), slug, None)
    for language in reference.newsroom.story_languages(files.story):
        if language in reference.languages:
            story.editions.append((slug, language.code))
            yield from _guarded(_edition_findings(reference, files, wanted, language, story), slug, language)


def _check_picture(data: bytes, frozen: str, path: str) -> Iterator[Diagnostic]:
    picture_facts(data, frozen, path)
    yield from ()


def _edition_findings(
    reference: _Reference,
    files: StoryFiles,
    wanted: set[tuple[str | None, str]],
    language: Language,
    story: _CheckedStory,
) -> Iterator[Diagnostic | Waived]:
    """`wanted` are the keys of the story's units."""
    newsroom, slug, source = reference.newsroom, files.slug, files.story.language
    path = newsroom.catalog_file(language.code, slug)
    catalog = newsroom.read_catalog(language.code, slug)
    if catalog is None:
        yield _finding("catalog.missing", "no catalog yet", path, hint="run workflow update", language=language)
        return
    if wanted != {unit.key for unit in catalog.live}:
        message = "made from another version of the story"
        yield _finding("catalog.outdated", message, path, hint="run workflow update", language=language)
    yield from localized(newsroom, files, language, catalog)[1]
    judge, glossary = judge_of(newsroom, files, language, catalog), reference.glossary(source, language)
    yield from _all(judge, catalog_findings(newsroom, slug, language, source, catalog, glossary))
    source_language = newsroom.settings.languages[source]
    pairs = translated_pairs(slug, language, source_language, catalog, path, glossary)
    story.translated.append((pairs, tuple(mentions(pairs)), judge))


def _finding(
    code: str, message: str, path: str, *, language: Language, line: int = 0, hint: str | None = None
) -> Diagnostic:
    location = Location(path=path, line=line or None)
    return Diagnostic(code=code, message=message, location=location, hint=hint, language=language.code)
