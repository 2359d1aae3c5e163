"""All diagnostics: what keeps editions from being signed, and what deserves a look."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from workflow.canonical import digest_of
from workflow.checks import check_pairs
from workflow.checks.severity import judged
from workflow.diagnostics import Diagnostic, Location, Severity
from workflow.edition import template_units
from workflow.errors import InputError
from workflow.languages import Language
from workflow.model import Catalog, Channel, Story, UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.rules import rule_findings
from workflow.operations.standing import StoryFiles, localized, read_story_files
from workflow.rendering.fonts import fonts_in
from workflow.rendering.pictures import picture_facts
from workflow.rendering.templates import template_folders
from workflow.site import untranslated
from workflow.story import segments
from workflow.waivers import Sorted, Waived, sort_out, standing


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckReport:
    """What was checked, and what was found."""

    editions: tuple[tuple[str, str], ...]
    """(story, language) of each that could be looked at."""
    findings: tuple[Diagnostic, ...]
    """Those that are open."""
    waived: tuple[Waived, ...]


def check(
    newsroom: Newsroom, slugs: Sequence[str], languages: Sequence[Language], now: datetime.datetime
) -> CheckReport:
    """The findings for the stories in the languages, for the newsroom's own words, and for its sign-off rules.

    A file that cannot be used is a finding too, so that one damaged catalog does not hide the rest.
    """
    own: list[Diagnostic] = []
    for language in languages:
        own += rule_findings(newsroom, language, now)
        own += _guarded(_check_site(newsroom, language), None, language)
    reports = [_report((), own), *(_check_story(newsroom, languages, slug) for slug in slugs)]
    return CheckReport(
        editions=tuple(item for report in reports for item in report.editions),
        findings=tuple(item for report in reports for item in report.findings),
        waived=tuple(item for report in reports for item in report.waived),
    )


def _report(editions: Iterable[tuple[str, str]], found: Collection[Diagnostic | Waived]) -> CheckReport:
    return CheckReport(
        editions=tuple(editions),
        findings=tuple(item for item in found if isinstance(item, Diagnostic)),
        waived=tuple(item for item in found if isinstance(item, Waived)),
    )


Found = TypeVar("Found", Diagnostic, Diagnostic | Waived)


def _guarded(findings: Iterator[Found], slug: str | None, language: Language | None) -> Iterator[Found | Diagnostic]:
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


def _check_story(newsroom: Newsroom, languages: Sequence[Language], slug: str) -> CheckReport:
    editions: list[tuple[str, str]] = []
    found = tuple(_guarded(_story_findings(newsroom, slug, languages, editions), slug, None))
    return _report(editions, found)


def _story_findings(
    newsroom: Newsroom, slug: str, languages: Sequence[Language], editions: list[tuple[str, str]]
) -> Iterator[Diagnostic | Waived]:
    """The findings; adds the editions that could be looked at."""
    files = read_story_files(newsroom, slug)
    for name, (frozen, data) in files.pictures.items():
        yield from _guarded(_check_picture(data, frozen, f"stories/{slug}/{name}"), slug, None)
    for language in newsroom.story_languages(files.story):
        if language in languages:
            editions.append((slug, language.code))
            yield from _guarded(_check_edition(newsroom, files, language), slug, language)


def _check_picture(data: bytes, frozen: str, path: str) -> Iterator[Diagnostic]:
    picture_facts(data, frozen, path)
    yield from ()


def _check_edition(newsroom: Newsroom, files: StoryFiles, language: Language) -> Iterator[Diagnostic | Waived]:
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
    found = edition_findings(newsroom, files, language, catalog)
    yield from found.open
    yield from found.waived


def edition_findings(newsroom: Newsroom, files: StoryFiles, language: Language, catalog: Catalog) -> Sorted:
    """What the checks find in a story's catalog, open or waived; raises InputError for a damaged file of waivers."""
    found = catalog_findings(newsroom, files.slug, language, files.story.language, catalog)
    return sort_out(
        tuple(_numbered(found, files.story, catalog)),
        standing(newsroom.read_waivers(language.code, files.slug)),
        newsroom.settings.people,
        approving_roles(newsroom, files, language),
    )


def approving_roles(newsroom: Newsroom, files: StoryFiles, language: Language) -> frozenset[str]:
    """The roles whose approval the edition's rule asks for."""
    rules = [newsroom.settings.rule_for(language.code, files.story.section, channel) for channel in Channel]
    return frozenset(approval.role for rule in rules if rule for approval in rule.approvals)


def _numbered(findings: Iterable[Diagnostic], story: Story, catalog: Catalog) -> Iterator[Diagnostic]:
    """The findings with the numbers of their segments in the story; words that stand twice have the first one's."""
    numbers: dict[str, int] = {}
    for found in findings:
        if found.segment is None:
            yield found
            continue
        numbers = numbers or _first_numbers(segment_digests(story, catalog))
        yield replace(found, segment=replace(found.segment, number=numbers.get(found.segment.digest)))


def segment_digests(story: Story, catalog: Catalog) -> tuple[str, ...]:
    """One sha256 per (role, source, target) in story order, as a sign-off binds them; a missing target is empty."""
    targets = {unit.key: unit.target for unit in catalog.live}
    return tuple(
        digest_of([segment.role, segment.source, targets.get((segment.role.context, segment.source), "")])
        for segment in segments(story)
    )


def _first_numbers(digests: Sequence[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for number, digest in enumerate(digests, start=1):
        numbers.setdefault(digest, number)
    return numbers


def catalog_findings(
    newsroom: Newsroom, slug: str | None, language: Language, source: str, catalog: Catalog
) -> Iterator[Diagnostic]:
    """What the checks find in a catalog, as grave as the newsroom's rules say; waived or not.

    `slug` is None for the domain `site`; `source` is the code of the language that was translated from.
    """
    path = newsroom.catalog_file(language.code, slug or SITE)
    found = check_pairs(slug, language, newsroom.settings.languages[source], catalog, path)
    yield from judged(found, newsroom.settings.check_rules)
    yield from _missing_glyphs(newsroom, slug, language, catalog, path)


def _missing_glyphs(
    newsroom: Newsroom, slug: str | None, language: Language, catalog: Catalog, path: str
) -> Iterator[Diagnostic]:
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
