"""Where each edition stands: story, catalog, log and rules put together."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from workflow.canonical import digest
from workflow.diagnostics import Diagnostic
from workflow.edition import localize
from workflow.errors import GateShut, UsageError
from workflow.languages import Language
from workflow.model import Catalog, Channel, Edition, Stage, Story
from workflow.newsroom import Newsroom
from workflow.operations.live import tally_in
from workflow.operations.verdicts import CheckedLog, Verdicts
from workflow.settings import SignOffRule
from workflow.signoff import Standing, standing
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
    languages: tuple[str, ...]
    """The codes of all languages that the story is meant for."""
    catalog: Catalog | None
    edition: Edition | None
    """None while words are missing or damaged."""
    faults: tuple[Diagnostic, ...]
    """Why there is no edition."""
    log: CheckedLog
    standing: Standing

    @property
    def rules(self) -> tuple[SignOffRule, ...]:
        """What the edition needs on its channels, in the section that it stands in now; each rule once."""
        return tuple(dict.fromkeys(item.rule for item in self.standing.channels))


def read_story_files(newsroom: Newsroom, slug: str) -> StoryFiles:
    """The story and its pictures; raises InputError if one of them cannot be used."""
    story = newsroom.read_story(slug)
    pictures = {figure.source: newsroom.read_picture(slug, figure.source, figure.alt.line) for figure in figures(story)}
    return StoryFiles(slug=slug, story=story, pictures=pictures)


def read_edition_files(newsroom: Newsroom, slug: str, language: str) -> tuple[StoryFiles, Language]:
    """The story, its pictures and the language; raises UsageError if the story is not meant for it."""
    tongue, files = newsroom.language(language), read_story_files(newsroom, slug)
    if tongue not in newsroom.story_languages(files.story):
        raise UsageError.of("usage.language", f"{slug} is not meant for `{language}`")
    return files, tongue


def no_catalog(newsroom: Newsroom, slug: str, language: str) -> GateShut:
    """Why nothing can be decided on an edition that nobody has begun."""
    path = newsroom.catalog_file(language, slug)
    return GateShut.of("edition.missing", "no catalog yet", path=path, hint="run workflow update")


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
    return EditionState(
        files=files,
        language=language,
        languages=tuple(item.code for item in newsroom.story_languages(files.story)),
        catalog=catalog,
        edition=edition,
        faults=faults,
        log=verdicts.checked_log(language.code, files.slug),
        standing=standing_of(newsroom, files, language, catalog, edition, verdicts),
    )


def state_to_sign(newsroom: Newsroom, slug: str, language: str, now: datetime.datetime) -> EditionState:
    """The edition's state; raises UsageError if the story is not meant for the language."""
    files, tongue = read_edition_files(newsroom, slug, language)
    return edition_state(newsroom, files, tongue, Verdicts.load(newsroom, now))


def standing_of(
    newsroom: Newsroom,
    files: StoryFiles,
    language: Language,
    catalog: Catalog | None,
    edition: Edition | None,
    verdicts: Verdicts,
) -> Standing:
    """Where these words stand under the rules and by the log as they are now."""
    return standing(
        catalog=catalog,
        edition=edition,
        edition_digest=digest(edition.text) if edition else "",
        log=verdicts.checked_log(language.code, files.slug).lines,
        section=files.story.section,
        rules={channel: newsroom.settings.rules_of(language.code, channel) for channel in Channel},
        tally_of=partial(tally_in, newsroom, verdicts, files.slug),
        waits_for=_waits_for(newsroom, files, language, verdicts),
    )


def _waits_for(newsroom: Newsroom, files: StoryFiles, language: Language, verdicts: Verdicts) -> str:
    """The source language if its edition must be signed first and is not signed as it is now; else empty."""
    source, section = files.story.language, files.story.section
    rules = [newsroom.settings.rule_for(language.code, section, channel) for channel in Channel]
    if language.code == source or not any(rule.source_first for rule in rules if rule):
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
