"""A translator's session: the units of one catalog in the story's order, each saved as soon as it is confirmed."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from workflow.canonical import digest_of
from workflow.catalog import revised
from workflow.diagnostics import Diagnostic, Severity
from workflow.diff import tokens
from workflow.edition import template_units, unit_faults
from workflow.errors import GateShut, UsageError
from workflow.glossary import Glossary
from workflow.languages import Language
from workflow.model import Catalog, Code, Figure, Previous, Role, Rule, Segment, Story, Unit, UnitState
from workflow.newsroom import SITE, Newsroom
from workflow.operations.edition_findings import catalog_findings
from workflow.operations.glossary import glossary_between
from workflow.operations.standing import edition_state, read_story_files
from workflow.operations.verdicts import Verdicts
from workflow.signoff import OpenNote
from workflow.site import plural_index
from workflow.story import reading_order
from workflow.text import FORBIDDEN
from workflow.three_way import with_other_text

Key: TypeAlias = tuple[str | None, str]

_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")
_EXAMPLES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One unit at its place in the story."""

    numbers: tuple[int, ...]
    """Where it stands, counted as `workflow review` counts; several if the story says the same words again."""
    role: Role | None
    """None for the newsroom's own words."""
    unit: Unit
    notes: tuple[OpenNote, ...] = ()
    """What editors want changed in these very words."""
    before: tuple[str, ...] = ()
    """What stands before it in the story and has no words to translate."""

    @property
    def number(self) -> int:
        return self.numbers[0]

    @property
    def is_open(self) -> bool:
        """True if the translator has something to do here."""
        return self.unit.state is not UnitState.TRANSLATED or bool(self.notes)

    @property
    def takes_lines(self) -> bool:
        """True where a line end in the translation means something."""
        return "\n" in self.unit.source if self.role is None else self.role.may_split

    @property
    def may_be_omitted(self) -> bool:
        return self.role is not None and not self.role.is_required

    @property
    def previous(self) -> Previous | None:
        """The source that the translation was made from, if it is another one now."""
        unit = self.unit
        changed = unit.previous is not None and unit.previous.source != unit.source
        return unit.previous if unit.fuzzy and changed else None


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
        return self.story is not None and _story_keys(self.story) != {unit.key for unit in self.catalog.live}

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
        rows=_rows(story, catalog, notes),
    )


def _story_keys(story: Story) -> set[Key]:
    return {unit.key for unit in template_units(story, "")}


def _rows(story: Story | None, catalog: Catalog, notes: Sequence[OpenNote]) -> tuple[Row, ...]:
    """The live units; what the story does not say stands at the end, in the catalog's order."""
    units = {unit.key: unit for unit in catalog.live}
    rows, last = _story_rows(story, units, notes) if story else ({}, 0)
    for number, unit in enumerate((unit for unit in catalog.live if unit.key not in rows), start=last + 1):
        rows[unit.key] = Row(numbers=(number,), role=None, unit=unit)
    return tuple(rows.values())


def _story_rows(story: Story, units: dict[Key, Unit], notes: Sequence[OpenNote]) -> tuple[dict[Key, Row], int]:
    """(the rows by their units' keys, the number of the story's last segment)."""
    by_segment: dict[str, list[OpenNote]] = defaultdict(list)
    for note in notes:
        by_segment[note.segment].append(note)
    rows: dict[Key, Row] = {}
    between: list[str] = []
    number = 0
    for item in reading_order(story):
        if not isinstance(item, Segment):
            between.append(_wordless(item))
            continue
        number += 1
        key = (item.role.context, item.source)
        if key in rows:
            rows[key] = replace(rows[key], numbers=(*rows[key].numbers, number))
        elif key in units:
            found = by_segment.get(digest_of((item.role, item.source, units[key].target)), ())
            rows[key] = Row(
                numbers=(number,), role=item.role, unit=units[key], notes=tuple(found), before=tuple(between)
            )
            between.clear()
    return rows, number


def _wordless(item: Figure | Code | Rule) -> str:
    match item:
        case Figure():
            return f"picture {item.source}"
        case Code():
            return f"code: {item.text.strip()}"
        case Rule():
            return "* * *"


# --- What a unit becomes ---------------------------------------------------------------------------------


def cleaned(row: Row, text: str) -> str:
    """A translation as the row's unit can hold it; blanks around it are dropped but in the newsroom's own words."""
    text = tidied(row, text)
    return text if row.role is None else text.strip()


def tidied(row: Row, text: str) -> str:
    """A piece of text as the row's unit can hold it: no controls, line ends only where they mean something."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _FORBIDDEN.sub("", text)
    if row.takes_lines or "\n" not in text:
        return text
    first, *rest = text.split("\n")
    return " ".join([first.rstrip(" "), *(part.strip(" ") for part in rest if part.strip(" "))])


def accepted(row: Row, targets: Sequence[str]) -> Unit:
    """The unit with the translation confirmed."""
    return _with_targets(row, targets, fuzzy=False)


def needing_work(row: Row, targets: Sequence[str]) -> Unit:
    """The unit with the translation to be looked at again; a blank one takes the translation away."""
    return _with_targets(row, targets, fuzzy=True)


def _with_targets(row: Row, targets: Sequence[str], *, fuzzy: bool) -> Unit:
    texts = tuple(cleaned(row, text) for text in targets)
    fuzzy = fuzzy and any(text.strip() for text in texts)
    return replace(row.unit, targets=texts, fuzzy=fuzzy, previous=row.unit.previous if fuzzy else None)


# --- Saving ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """The unit is on disk."""

    session: TranslationSession
    """As the catalog is now."""
    changed: bool
    """False if it said so already, and nothing was written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """Somebody else changed the unit; nothing was written."""

    session: TranslationSession
    """As the catalog is now."""
    mine: Unit
    """What was to be saved."""
    theirs: Unit | None
    """What the catalog has in its place; None if the story no longer says this."""


def save_unit(
    session: TranslationSession,
    base: Unit,
    wanted: Unit,
    *,
    translator: str,
    now: datetime.datetime,
    beside: Unit | None = None,
) -> Saved | Conflict:
    """Writes one unit into the catalog as it is on disk now, where other units may have changed.

    `base` is the unit as the translator saw it. If the catalog has another translation by now, or the unit no more,
    nothing is written. `translator` (`Name <address>`, or empty) goes into the header as Poedit writes it; the
    translation of `beside` is kept in the unit's comments. Raises ConflictError if another command is writing.
    """
    with session.newsroom.lock():
        fresh = reread(session)
        present = {unit.key: unit for unit in fresh.catalog.live}.get(base.key)
        if present is None or present.source_plural != base.source_plural:
            return Conflict(session=fresh, mine=wanted, theirs=None)
        if present.targets not in (base.targets, wanted.targets):
            return Conflict(session=fresh, mine=wanted, theirs=present)
        unit = replace(present, targets=wanted.targets, fuzzy=wanted.fuzzy, previous=wanted.previous)
        if beside is not None:
            unit = with_other_text(unit, "theirs", beside)
        return _written(fresh, present, unit, translator, now)


def keep_obsolete(session: TranslationSession, unit: Unit, *, translator: str, now: datetime.datetime) -> Saved:
    """Keeps the translation of a unit that the story no longer has, where `workflow update` finds it again.

    If another translation is kept there already, this one stands in its comments. Raises ConflictError as
    `save_unit` does.
    """
    with session.newsroom.lock():
        fresh = reread(session)
        kept = {other.key: other for other in fresh.catalog.units}.get(unit.key)
        if kept is not None:
            changed = kept if kept.targets == unit.targets else with_other_text(kept, "ours", unit)
            return _written(fresh, kept, changed, translator, now)
        old = replace(unit, obsolete=True, previous=None, references=(), fuzzy=False)
        units = (*fresh.catalog.units, old)
        return _rewritten(fresh, replace(fresh.catalog, units=units), translator, now)


def _written(session: TranslationSession, old: Unit, unit: Unit, translator: str, now: datetime.datetime) -> Saved:
    if unit == old:
        return Saved(session=session, changed=False)
    units = tuple(unit if other is old else other for other in session.catalog.units)
    return _rewritten(session, replace(session.catalog, units=units), translator, now)


def _rewritten(session: TranslationSession, catalog: Catalog, translator: str, now: datetime.datetime) -> Saved:
    catalog = revised(catalog, translator=translator, at=now)
    session.newsroom.write_catalog(session.language.code, session.slug, catalog)
    return Saved(session=_with_catalog(session, session.story, catalog), changed=True)


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
    if story is not None and _story_keys(story) != {unit.key for unit in catalog.live}:
        story = session.newsroom.read_story(session.slug)
    return _with_catalog(session, story, catalog)


def _with_catalog(session: TranslationSession, story: Story | None, catalog: Catalog) -> TranslationSession:
    return replace(session, story=story, catalog=catalog, rows=_rows(story, catalog, session.notes))


# --- Checks ----------------------------------------------------------------------------------------------


def findings(session: TranslationSession, row: Row, targets: Sequence[str]) -> tuple[Diagnostic, ...]:
    """What the checks say of a translation that is being written, the gravest first; nothing while it is blank."""
    unit = needing_work(row, targets)
    if unit.state is UnitState.NEW:
        return ()
    slug = None if row.role is None else session.slug
    alone = replace(session.catalog, units=(unit,))
    source = session.source_language.code
    found = list(catalog_findings(session.newsroom, slug, session.language, source, alone, session.glossary))
    if row.role is not None:
        rules, code = session.newsroom.settings.story_rules, session.language.code
        found += unit_faults(row.role, unit, slug=session.slug, language=code, path=session.path, rules=rules)
    return tuple(sorted(found, key=lambda item: [*Severity].index(item.severity)))


def about_this_unit(found: Diagnostic, unit: Unit) -> str:
    """The finding's message without the excerpt of the source that tells where; it stands beside it."""
    where = found.message.rfind(f": {unit.source[:30]}")
    return found.message if where < 0 else found.message[:where]
