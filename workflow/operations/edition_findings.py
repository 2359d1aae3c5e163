"""What the checks find in one catalog, as grave as the newsroom holds it to be, and what somebody answered for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workflow.canonical import digest_of
from workflow.checks import check_comments, check_pairs, over_limits, translated_pairs
from workflow.checks.severity import judged
from workflow.diagnostics import Diagnostic, Location
from workflow.glossary import Glossary
from workflow.languages import Language
from workflow.model import Catalog, Channel, Story
from workflow.newsroom import SITE, Newsroom
from workflow.operations.standing import StoryFiles
from workflow.rendering.fonts import fonts_in
from workflow.rendering.templates import template_folders
from workflow.settings import CheckRule, Person
from workflow.story import segments
from workflow.waivers import Sorted, Waiver, sort_out, standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """What the newsroom and its people say about the findings of one edition."""

    rules: Sequence[CheckRule]
    numbers: Mapping[str, int]
    """The digest of each segment → its number in story order, from 1; words that stand twice have the first one's."""
    waivers: Sequence[Waiver]
    people: Mapping[str, Person]
    approving: frozenset[str]
    """The roles that may answer for an error."""

    def sorted(self, findings: Iterable[Diagnostic]) -> Sorted:
        """The findings, open or waived."""
        found = tuple(map(self._numbered, judged(findings, self.rules)))
        return sort_out(found, self.waivers, self.people, self.approving)

    def _numbered(self, found: Diagnostic) -> Diagnostic:
        if found.segment is None:
            return found
        return replace(found, segment=replace(found.segment, number=self.numbers.get(found.segment.digest)))


def judge_of(newsroom: Newsroom, files: StoryFiles, language: Language, catalog: Catalog) -> Judge:
    """What holds for the findings of an edition; raises InputError for a damaged file of waivers."""
    numbers: dict[str, int] = {}
    for number, digest in enumerate(segment_digests(files.story, catalog), start=1):
        numbers.setdefault(digest, number)
    return Judge(
        rules=newsroom.settings.check_rules,
        numbers=numbers,
        waivers=standing(newsroom.read_waivers(language.code, files.slug)),
        people=newsroom.settings.people,
        approving=approving_roles(newsroom, files, language),
    )


def edition_findings(
    newsroom: Newsroom,
    files: StoryFiles,
    language: Language,
    catalog: Catalog,
    glossary: Glossary,
    others: Iterable[Diagnostic] = (),
) -> Sorted:
    """What the checks find in a story's catalog, and `others`; raises InputError for a damaged file of waivers."""
    judge = judge_of(newsroom, files, language, catalog)
    own = catalog_findings(newsroom, files.slug, language, files.story.language, catalog, glossary)
    return judge.sorted((*own, *others))


def catalog_findings(
    newsroom: Newsroom, slug: str | None, language: Language, source: str, catalog: Catalog, glossary: Glossary
) -> Iterator[Diagnostic]:
    """What the checks find in a catalog, its words and its comments, as grave as the checks say.

    `slug` is None for the domain `site`; `source` is the code of the language that was translated from; `glossary`
    has the terms for translating from it.
    """
    yield from word_findings(newsroom, slug, language, source, catalog, glossary)
    path = newsroom.catalog_file(language.code, slug or SITE)
    yield from check_comments(slug, language, newsroom.settings.languages[source], catalog, path)


def word_findings(
    newsroom: Newsroom, slug: str | None, language: Language, source: str, catalog: Catalog, glossary: Glossary
) -> Iterator[Diagnostic]:
    """What the checks find in the words of a catalog alone."""
    path = newsroom.catalog_file(language.code, slug or SITE)
    source_language = newsroom.settings.languages[source]
    yield from check_pairs(slug, language, source_language, catalog, path, glossary)
    if limits := newsroom.settings.length_limits:
        yield from over_limits(translated_pairs(slug, language, source_language, catalog, path), limits)
    fonts = fonts_in(template_folders(newsroom.root).find("fonts/coverage.json").parent)
    without_font = set(fonts.missing("".join(target for unit in catalog.live for target in unit.targets)))
    for unit in catalog.live if without_font else ():
        for character in sorted(without_font.intersection("".join(unit.targets))):
            yield Diagnostic(
                code="text.glyph",
                message=f"no font of the project has the character {character} (U+{ord(character):04X})",
                location=Location(path=path, line=unit.line or None),
                hint="use another character, or add a font that has it to templates/fonts",
                story=slug,
                language=language.code,
            )


def approving_roles(newsroom: Newsroom, files: StoryFiles, language: Language) -> frozenset[str]:
    """The roles whose approval the edition's rules ask for."""
    rules = [newsroom.settings.rule_for(language.code, files.story.section, channel) for channel in Channel]
    return frozenset(approval.role for rule in rules if rule for approval in rule.approvals)


def segment_digests(story: Story, catalog: Catalog) -> tuple[str, ...]:
    """One sha256 per (role, source, target) in story order, as a sign-off binds them; a missing target is empty."""
    targets = {unit.key: unit.target for unit in catalog.live}
    return tuple(
        digest_of([segment.role, segment.source, targets.get((segment.role.context, segment.source), "")])
        for segment in segments(story)
    )
