"""A translator's session: the units of one catalog in the story's order, as they were last read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from workflow.diff import tokens
from workflow.errors import GateShut, UsageError
from workflow.glossary import Glossary
from workflow.languages import Language
from workflow.model import Catalog, Story, UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.glossary import glossary_between
from workflow.operations.rows import Key, Row, rows_of, story_keys
from workflow.operations.standing import edition_state, read_story_files
from workflow.operations.verdicts import Verdicts
from workflow.signoff import OpenNote
from workflow.site import plural_index

_EXAMPLES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How much is translated; words are those of the source, in Han its characters."""

    units: int
    done: int
    words: int
    words_done: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TranslationSession:
    """One catalog as it was last read, for one translator."""

    newsroom: Newsroom
    slug: str
    language: Language
    source_language: Language
    glossary: Glossary
    story: Story | None
    """None for the newsroom's own words."""
    catalog: Catalog
    notes: tuple[OpenNote, ...]
    """All open notes of editors to this edition."""
    rows: tuple[Row, ...]

    @property
    def title(self) -> str:
        return self.story.headline.text if self.story else f"{self.newsroom.settings.name}: its own words"

    @property
    def path(self) -> str:
        """The catalog's file."""
        return self.newsroom.catalog_file(self.language.code, self.slug)

    @property
    def is_translation(self) -> bool:
        """False for the source's own language, where a copy-editor changes words."""
        return self.language != self.source_language

    @property
    def notes_to_all(self) -> tuple[OpenNote, ...]:
        """Those that are about the whole edition."""
        return tuple(note for note in self.notes if not note.segment)

    @property
    def is_outdated(self) -> bool:
        """True if the story and the catalog no longer speak of the same units."""
        return self.story is not None and story_keys(self.story) != {unit.key for unit in self.catalog.live}

    @property
    def questions(self) -> int:
        """How many questions are open."""
        return sum(len(row.questions) for row in self.rows)

    @property
    def progress(self) -> Progress:
        sizes = [(_words(row.unit.source), row.unit.state is UnitState.TRANSLATED) for row in self.rows]
        return Progress(
            units=len(sizes),
            done=sum(done for _, done in sizes),
            words=sum(size for size, _ in sizes),
            words_done=sum(size for size, done in sizes if done),
        )

    def place_of(self, key: Key) -> int | None:
        """The place of a unit among the rows; None if it is not there any more."""
        return next((place for place, row in enumerate(self.rows) if row.unit.key == key), None)

    def place_of_number(self, number: int) -> int | None:
        """The place of the row with the number of a segment."""
        return next((place for place, row in enumerate(self.rows) if number in row.numbers), None)

    def next_open(self, after: int) -> int | None:
        """The place of the nearest open row behind a place, going round at the end; None if nothing is open."""
        return next((place for place in _around(len(self.rows), after) if self.rows[place].is_open), None)

    def next_asked(self, after: int) -> int | None:
        """The place of the nearest row behind a place with an open question; None if there is none."""
        return next((place for place in _around(len(self.rows), after) if self.rows[place].questions), None)

    def find(self, text: str, after: int) -> int | None:
        """The place of the next row whose source or translation has the text, however it is capitalized."""
        wanted = text.casefold()
        for place in _around(len(self.rows), after):
            unit = self.rows[place].unit
            if any(wanted in said.casefold() for said in (unit.source, unit.source_plural or "", *unit.targets)):
                return place
        return None

    def examples(self, form: int) -> str:
        """Numbers that take a plural form: `1, 21, 31, 41, 51 …`."""
        form_of = plural_index(self.catalog)
        found = [str(number) for number in islice((n for n in range(1000) if form_of(n) == form), _EXAMPLES + 1)]
        return ", ".join(found[:_EXAMPLES]) + (" …" if len(found) > _EXAMPLES else "")


def _around(count: int, after: int) -> Iterator[int]:
    """All places, beginning behind one and ending with it."""
    return ((after + distance) % count for distance in range(1, count + 1))


def _words(text: str) -> int:
    return sum(word[0].isalnum() for word in tokens(text))


# --- Opening ---------------------------------------------------------------------------------------------


def open_session(newsroom: Newsroom, slug: str, language: str, now: datetime.datetime) -> TranslationSession:
    """The session for a story, or with the slug `site` for the newsroom's own words.

    Raises UsageError for a language that the story is not meant for, InputError for a file that cannot be used,
    GateShut if there is no catalog yet or it was made from another version of the story.
    """
    tongue = newsroom.language(language)
    path, hint = newsroom.catalog_file(language, slug), f"run workflow update {'' if slug == SITE else slug}".rstrip()
    session = _site_session(newsroom, tongue) if slug == SITE else _story_session(newsroom, slug, tongue, now)
    if session is None or not session.rows:
        raise GateShut.of("catalog.missing", "no catalog yet", path=path, hint=hint)
    if session.is_outdated:
        raise GateShut.of("catalog.outdated", "made from another version of the story", path=path, hint=hint)
    return session


def _site_session(newsroom: Newsroom, language: Language) -> TranslationSession | None:
    catalog = newsroom.read_catalog(language.code, SITE)
    source = newsroom.language(newsroom.settings.source_language)
    return None if catalog is None else _session(newsroom, SITE, language, source, None, catalog, ())


def _story_session(
    newsroom: Newsroom, slug: str, language: Language, now: datetime.datetime
) -> TranslationSession | None:
    files = read_story_files(newsroom, slug)
    if language not in newsroom.story_languages(files.story):
        raise UsageError.of("usage.language", f"{slug} is not meant for `{language.code}`")
    verdicts = Verdicts.load(newsroom, now)
    state = edition_state(newsroom, files, language, verdicts)
    verdicts.save()
    source = newsroom.language(files.story.language)
    notes = state.standing.notes
    if state.catalog is None:
        return None
    return _session(newsroom, slug, language, source, files.story, state.catalog, notes)


def _session(
    newsroom: Newsroom,
    slug: str,
    language: Language,
    source_language: Language,
    story: Story | None,
    catalog: Catalog,
    notes: tuple[OpenNote, ...],
) -> TranslationSession:
    return TranslationSession(
        newsroom=newsroom,
        slug=slug,
        language=language,
        source_language=source_language,
        glossary=glossary_between(newsroom, source_language.code, language.code),
        story=story,
        catalog=catalog,
        notes=notes,
        rows=rows_of(story, catalog, notes),
    )


# --- Reading again ---------------------------------------------------------------------------------------


def reread(session: TranslationSession) -> TranslationSession:
    """The session as the files are now; what the catalog lost with its file is all gone.

    Raises InputError if one of them cannot be used any more.
    """
    catalog = session.newsroom.read_catalog(session.language.code, session.slug)
    if catalog is None:
        catalog = replace(session.catalog, units=())
    elif catalog == session.catalog:
        return session
    story = session.story
    if story is not None and story_keys(story) != {unit.key for unit in catalog.live}:
        story = session.newsroom.read_story(session.slug)
    return with_catalog(session, story, catalog)


def with_catalog(session: TranslationSession, story: Story | None, catalog: Catalog) -> TranslationSession:
    """The session with another story and catalog."""
    return replace(session, story=story, catalog=catalog, rows=rows_of(story, catalog, session.notes))
