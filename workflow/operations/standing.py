"""Where each edition stands: story, catalog, log and rules put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.canonical import digest
from workflow.diagnostics import Diagnostic
from workflow.edition import localize
from workflow.errors import GateShut
from workflow.languages import Language
from workflow.model import Catalog, Edition, Stage, Story
from workflow.newsroom import Newsroom
from workflow.operations.verdicts import CheckedLog, Verdicts
from workflow.settings import SignOffRule
from workflow.signoff import RuleOf, Standing, standing
from workflow.story import figures


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryFiles:
    """A story and its pictures, read once for all its languages."""

    slug: str
    story: Story
    pictures: Mapping[str, tuple[str, bytes]]
    """Name in the story → (frozen name, bytes)."""

    @property
    def media(self) -> dict[str, str]:
        """Name in the story → frozen name."""
        return {name: frozen for name, (frozen, _) in self.pictures.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionState:
    """One edition as it is now, and as it was signed."""

    files: StoryFiles
    language: Language
    catalog: Catalog | None
    edition: Edition | None
    """None while words are missing or damaged."""
    faults: tuple[Diagnostic, ...]
    """Why there is no edition."""
    log: CheckedLog
    rule_of: RuleOf
    standing: Standing

    @property
    def rule(self) -> SignOffRule | None:
        """What the edition needs, in the section that it stands in now."""
        return self.rule_of(self.files.story.section)


def read_story_files(newsroom: Newsroom, slug: str) -> StoryFiles:
    """The story and its pictures; raises InputError if one of them cannot be used."""
    story = newsroom.read_story(slug)
    pictures = {figure.source: newsroom.read_picture(slug, figure.source, figure.alt.line) for figure in figures(story)}
    return StoryFiles(slug=slug, story=story, pictures=pictures)


def edition_states(newsroom: Newsroom, slugs: Sequence[str], verdicts: Verdicts) -> Iterator[EditionState]:
    """The state of every edition of the stories; raises InputError at the first file that cannot be used."""
    for slug in verdicts.held(slugs):
        files = read_story_files(newsroom, slug)
        for language in newsroom.story_languages(files.story):
            yield edition_state(newsroom, files, language, verdicts)


def edition_state(newsroom: Newsroom, files: StoryFiles, language: Language, verdicts: Verdicts) -> EditionState:
    """The state of one edition."""
    catalog = newsroom.read_catalog(language.code, files.slug)
    edition, faults = (None, ()) if catalog is None else localized(newsroom, files, language, catalog)
    log = verdicts.checked_log(language.code, files.slug)
    rule_of = newsroom.settings.rules_of(language.code)
    return EditionState(
        files=files,
        language=language,
        catalog=catalog,
        edition=edition,
        faults=faults,
        log=log,
        rule_of=rule_of,
        standing=standing(
            catalog=catalog,
            edition=edition,
            edition_digest=digest(edition.text) if edition else "",
            log=log.lines,
            section=files.story.section,
            rule_of=rule_of,
            waits_for=_waits_for(newsroom, files, language, rule_of(files.story.section), verdicts),
        ),
    )


def _waits_for(
    newsroom: Newsroom, files: StoryFiles, language: Language, rule: SignOffRule | None, verdicts: Verdicts
) -> str:
    """The source language if its edition must be signed first and is not signed as it is now; else empty."""
    source = files.story.language
    if rule is None or not rule.source_first or language.code == source:
        return ""
    state = edition_state(newsroom, files, newsroom.settings.languages[source], verdicts)
    return "" if state.standing.stage is Stage.SIGNED_OFF else source


def localized(
    newsroom: Newsroom, files: StoryFiles, language: Language, catalog: Catalog, *, draft: bool = False
) -> tuple[Edition | None, tuple[Diagnostic, ...]]:
    """(the edition, nothing) or (None, why there is none)."""
    try:
        edition = localize(
            files.story,
            catalog,
            slug=files.slug,
            language=language.code,
            media=files.media,
            rules=newsroom.settings.story_rules,
            path=newsroom.catalog_file(language.code, files.slug),
            draft=draft,
        )
    except GateShut as shut:
        return None, shut.diagnostics
    return edition, ()
