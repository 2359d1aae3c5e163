"""Source beside target, segment by segment, and what changed since the words were last signed off."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from workflow.canonical import digest, digest_of
from workflow.diff import Change, Piece, pair, word_diff
from workflow.edition import OMIT
from workflow.errors import InputError, UsageError
from workflow.languages import Language, english_name
from workflow.model import Catalog, Role, Segment, SignOff, Unit, UnitState
from workflow.newsroom import Newsroom
from workflow.operations.standing import EditionState, edition_state, read_story_files
from workflow.operations.verdicts import Verdicts
from workflow.questions import open_questions
from workflow.rendering.templates import template_folders
from workflow.signoff import Approved, OpenNote
from workflow.story import parse_story, segments
from workflow.story.dialect import inline_tokens
from workflow.story.folding import fold, paragraphs


class RowState(StrEnum):
    """Where the words of a segment stand."""

    TRANSLATED = "translated"
    NEEDS_REVIEW = "needs review"
    MISSING = "not translated"
    LEFT_OUT = "left out"
    REMOVED = "removed"
    """Signed, and no longer in the story."""


class Moved(StrEnum):
    """What happened to a text since the sign-off."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    UNKNOWN = "unknown"
    """The record holds digests only, and the older words are nowhere to be found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """The source or the target of a segment."""

    text: str
    moved: Moved
    before: str | None
    """The text that was signed, if it is another one and it is known."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The text, with what came and went."""
        if self.moved is Moved.NEW:
            return (Piece(change=Change.INSERTED, text=self.text),) if self.text else ()
        return word_diff(self.text if self.before is None else self.before, self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One segment of the story; or of the signed edition, if the story has lost it."""

    number: int | None
    """Its place in the story, from 1; None for a segment that was removed."""
    role: Role
    line: int
    """In the story's file."""
    state: RowState
    source: Side
    target: Side
    notes: tuple[OpenNote, ...] = ()
    questions: tuple[str, ...] = ()
    """What a translator asked and nobody has answered."""

    @property
    def changed(self) -> bool:
        return {self.source.moved, self.target.moved} != {Moved.SAME}

    @property
    def is_open(self) -> bool:
        """True if an editor has to look at it before signing again."""
        return (
            self.changed
            or bool(self.notes or self.questions)
            or self.state in {RowState.MISSING, RowState.NEEDS_REVIEW}
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """An edition as an editor reads it."""

    state: EditionState
    source_language: Language
    rows: tuple[Row, ...]
    edition: str
    """The digest of the words as they are now; empty while they are incomplete or faulty."""
    signed: tuple[SignOff, ...]
    """The approvals of the words last signed off; none if there never were any."""
    compared: bool
    """True if the signed words are there to compare with."""
    trouble: str
    """Why they are not, although there were some; empty otherwise."""
    notes: tuple[OpenNote, ...]
    """Those to the whole edition, or to a segment that is no longer there."""

    @property
    def stage(self) -> str:
        return self.state.standing.stage.value

    @property
    def has_changes(self) -> bool:
        """True if there is something to mark."""
        return any(row.is_open for row in self.rows)

    @property
    def summary(self) -> str:
        """How many segments there are, and how many of them are open or changed."""
        here = [row for row in self.rows if row.number]
        parts = [f"{len(here)} segment{'' if len(here) == 1 else 's'}"]
        if self.compared:
            parts.append(f"{sum(row.changed for row in self.rows) or 'none'} changed since the sign-off")
        for state, what in (
            (RowState.NEEDS_REVIEW, "to review"),
            (RowState.MISSING, "not translated"),
            (RowState.LEFT_OUT, "left out"),
        ):
            if count := sum(row.state is state for row in here):
                parts.append(f"{count} {what}")
        if questions := sum(len(row.questions) for row in here):
            parts.append(f"{questions} question{'' if questions == 1 else 's'} open")
        return ", ".join(parts)

    def flags(self, row: Row) -> tuple[str, ...]:
        """What is to say about a row."""
        state = () if row.state is RowState.TRANSLATED else (row.state.value,)
        if row.state is RowState.REMOVED:
            return state
        if row.source.moved is row.target.moved is Moved.NEW:
            return (*state, "new")
        flags = list(state)
        if row.source.moved is Moved.UNKNOWN:
            flags.append("source may have changed")
        elif row.source.moved is not Moved.SAME:
            flags.append("source changed" if self.compared else "source changed since it was translated")
        if row.target.moved is not Moved.SAME:
            flags.append("words changed")
        return tuple(flags)


def review(newsroom: Newsroom, slug: str, language: str, now: datetime.datetime) -> Review:
    """The edition beside its source; raises UsageError for a language that the story is not meant for."""
    tongue = newsroom.language(language)
    files = read_story_files(newsroom, slug)
    if tongue not in newsroom.story_languages(files.story):
        raise UsageError.of("usage.language", f"{slug} is not meant for `{language}`")
    verdicts = Verdicts.load(newsroom, now)
    state = edition_state(newsroom, files, tongue, verdicts)
    verdicts.save()
    approved = state.standing.approved
    frozen, trouble = _frozen(newsroom, state, approved)
    record = approved.lines[0].record if approved and frozen is not None else None
    rows = tuple(_Reader(state, record, frozen or ()).rows())
    taken = {id(note) for row in rows for note in row.notes}
    return Review(
        state=state,
        source_language=newsroom.language(files.story.language),
        rows=rows,
        edition=digest(state.edition.text) if state.edition else "",
        signed=tuple(line.record for line in approved.lines) if approved else (),
        compared=record is not None,
        trouble=trouble,
        notes=tuple(note for note in state.standing.notes if id(note) not in taken),
    )


def proof(newsroom: Newsroom, found: Review, now: datetime.datetime) -> str:
    """The review as one HTML file that needs no other. Raises InputError if the newsroom's template is at fault."""
    # Late: the terminal's review starts without Jinja.
    from workflow.rendering.fonts import fonts_in
    from workflow.rendering.web import environment, render
    from workflow.site import SiteWords

    nothing = SiteWords(targets={}, plural_index=lambda _: 0)
    values = {
        "review": found,
        "slug": found.state.files.slug,
        "code": found.state.language.code,
        "language": english_name(found.state.language),
        "source_language": english_name(found.source_language),
        "source_tag": found.source_language.tag,
        "target_tag": found.state.language.tag,
        "newsroom": newsroom.settings.name,
        "accent": newsroom.settings.accent,
        "now": f"{now.astimezone(datetime.UTC):%Y-%m-%d %H:%M}",
    }
    folders = template_folders(newsroom.root)
    templates = environment(folders)
    # Rendered twice: which font parts it carries depends on the characters that it shows.
    shown = render(templates, "web/proof.html", nothing, {**values, "font_rules": ""})
    font_rules = fonts_in(folders.find("fonts/coverage.json").parent).embedded_css(shown)
    return render(templates, "web/proof.html", nothing, {**values, "font_rules": font_rules})


def _frozen(
    newsroom: Newsroom, state: EditionState, approved: Approved | None
) -> tuple[tuple[Segment, ...] | None, str]:
    """(the segments of the words that were signed, nothing) or (None, why they are not there)."""
    if approved is None:
        return None, ""
    code, slug = state.language.code, state.files.slug
    path = newsroom.frozen_words(code, slug).get(approved.edition)
    if path is None:
        main = newsroom.edition_file(code, slug)
        there = newsroom.exists(main)
        return None, f"{main} does not hold the words that were signed" if there else f"{main} is not there"
    try:
        return segments(parse_story(newsroom.read(path), path, newsroom.settings.story_rules)), ""
    except InputError as error:
        return None, str(error.diagnostics[0])


class _Now(NamedTuple):
    """A segment of the story with its words."""

    segment: Segment
    unit: Unit | None
    words: tuple[str, ...]
    """Its paragraphs as they stand in the edition."""

    @property
    def target(self) -> str:
        return _joined(self.words)

    @property
    def state(self) -> RowState:
        if self.unit is None or self.unit.state is UnitState.NEW:
            return RowState.MISSING
        if self.unit.state is UnitState.NEEDS_REVIEW:
            return RowState.NEEDS_REVIEW
        return RowState.TRANSLATED if self.words else RowState.LEFT_OUT


class _Place(NamedTuple):
    """A paragraph of the edition as it is now, and the row that it belongs to."""

    row: int
    role: Role
    text: str


class _Reader:
    """Finds for each segment what was signed in its place.

    The frozen edition has the signed words. The record has a digest of each (role, source, target): which source the
    words stood beside can be tried with the sources that the catalog still knows.
    """

    def __init__(self, state: EditionState, record: SignOff | None, frozen: Sequence[Segment]) -> None:
        self.state = state
        self.record = record
        self.frozen = frozen
        self.signed = set(record.segments) if record else set()
        self.join_wide = state.language.joins_lines_without_blank
        self.older = self._older_sources(state.catalog)
        self.now = self._segments_now()
        self.before = self._aligned() if record else {}

    def _segments_now(self) -> tuple[_Now, ...]:
        units = {unit.key: unit for unit in self.state.catalog.live} if self.state.catalog else {}
        found = []
        for segment in segments(self.state.files.story):
            unit = units.get((segment.role.context, segment.source))
            found.append(_Now(segment, unit, self._words(segment.role, unit.target if unit else "")))
        return tuple(found)

    def _words(self, role: Role, target: str) -> tuple[str, ...]:
        """The paragraphs of a translation in the form in which the edition has them."""
        if not target.strip() or target.strip() == OMIT:
            return ()
        if role.is_plain:
            return (re.sub(r"[ \n]+", " ", target).strip(" "),)
        return tuple(fold(part, inline_tokens(part, {}), join_wide=self.join_wide) for part in paragraphs(target))

    def _older_sources(self, catalog: Catalog | None) -> dict[tuple[Role, str], list[str]]:
        """By role and signed words: the sources beside which they were signed, as far as the catalog knows them."""
        found: dict[tuple[Role, str], list[str]] = defaultdict(list)
        for unit in catalog.units if catalog and self.signed else ():
            role = Role.of_context(unit.context) or Role.PARAGRAPH
            for source in (unit.source, *([unit.previous.source] if unit.previous else [])):
                if digest_of((role, source, unit.target)) in self.signed:
                    found[role, _joined(self._words(role, unit.target))].append(source)
        return found

    # --- Which signed words stood in a segment's place ---

    def _aligned(self) -> dict[int, list[int]]:
        """By row: the places in the frozen edition that hold what was signed there."""
        places = [
            _Place(row, now.segment.role, text)
            for row, now in enumerate(self.now)
            for text in now.words or (() if now.state is RowState.LEFT_OUT else ("",))
        ]
        old = [(segment.role, segment.source, RowState.TRANSLATED) for segment in self.frozen]
        new = [(place.role, place.text, self.now[place.row].state) for place in places]
        found: dict[int, list[int]] = defaultdict(list)
        for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if kind == "equal":
                pairs = dict(zip(range(new_to - new_from), range(old_to - old_from), strict=True))
            else:
                pairs = self._paired(self.frozen[old_from:old_to], places[new_from:new_to])
            for one, other in sorted(pairs.items()):
                found[places[new_from + one].row].append(old_from + other)
        return found

    def _paired(self, old: Sequence[Segment], new: Sequence[_Place]) -> dict[int, int]:
        def may_pair(one: int, other: int) -> bool:
            return old[one].role is new[other].role

        def is_same(one: int, other: int) -> bool:
            role, now = new[other].role, self.now[new[other].row]
            if role in {Role.HEADLINE, Role.SUMMARY}:
                return True
            sources = {now.segment.source, *_previous(now.unit)}
            known = self.older.get((role, old[one].source), ())
            return (
                not sources.isdisjoint(known) or digest_of((role, now.segment.source, old[one].source)) in self.signed
            )

        texts = [segment.source for segment in old], [place.text for place in new]
        return pair(*texts, is_same, may_pair)

    # --- Rows ---

    def rows(self) -> Iterator[Row]:
        """The segments in the story's order; what was removed stands after what it followed."""
        gone = set(range(len(self.frozen))) - {place for places in self.before.values() for place in places}
        reached = 0
        for index, now in enumerate(self.now):
            places = self.before.get(index, [])
            if places:
                yield from self._removed(place for place in sorted(gone) if reached <= place < places[0])
                reached = max(reached, places[-1] + 1)
            yield self._row(index + 1, now, [self.frozen[place].source for place in places])
        yield from self._removed(place for place in sorted(gone) if place >= reached)

    def _removed(self, places: Iterator[int]) -> Iterator[Row]:
        for place in places:
            segment = self.frozen[place]
            source = next(iter(self.older.get((segment.role, segment.source), [])), None)
            moved = Moved.UNKNOWN if source is None else Moved.CHANGED
            yield Row(
                number=None,
                role=segment.role,
                line=0,
                state=RowState.REMOVED,
                source=Side(text="", moved=moved, before=source),
                target=Side(text="", moved=Moved.CHANGED, before=segment.source),
            )

    def _row(self, number: int, now: _Now, before: list[str]) -> Row:
        role, source = now.segment.role, now.segment.source
        triple = digest_of((role, source, now.unit.target)) if now.unit else ""
        return Row(
            number=number,
            role=role,
            line=now.segment.line,
            state=now.state,
            source=self._source_side(now, before, is_signed=triple in self.signed),
            target=self._target_side(now, before, is_signed=triple in self.signed),
            notes=tuple(note for note in self.state.standing.notes if note.segment and note.segment == triple),
            questions=open_questions(now.unit) if now.unit else (),
        )

    def _target_side(self, now: _Now, before: list[str], *, is_signed: bool) -> Side:
        role, source, old = now.segment.role, now.segment.source, _joined(before)
        if self.record is None or (is_signed and (before or not now.words)) or (before and old == now.target):
            return Side(text=now.target, moved=Moved.SAME, before=None)
        if before or digest_of((role, source, OMIT)) in self.signed:
            return Side(text=now.target, moved=Moved.CHANGED, before=old)
        return Side(text=now.target, moved=Moved.NEW, before=None)

    def _source_side(self, now: _Now, before: list[str], *, is_signed: bool) -> Side:
        source = now.segment.source
        if self.record is None:
            # Nothing was signed, but a translator wants to know why a translation needs review.
            previous = next(iter(_previous(now.unit)), None)
            return Side(text=source, moved=Moved.SAME if previous is None else Moved.CHANGED, before=previous)
        if is_signed or self.record.source == self._source_digest:
            return Side(text=source, moved=Moved.SAME, before=None)
        if any(digest_of((now.segment.role, source, target)) in self.signed for target in (_joined(before), OMIT)):
            return Side(text=source, moved=Moved.SAME, before=None)
        if not before:
            return Side(text=source, moved=Moved.NEW, before=None)
        known = self.older.get((now.segment.role, _joined(before)), [])
        if source in known:
            return Side(text=source, moved=Moved.SAME, before=None)
        older = [item for item in _previous(now.unit) if item in known or not known] or known
        if older:
            return Side(text=source, moved=Moved.CHANGED, before=older[0])
        moved = Moved.CHANGED if _joined(before) == now.target else Moved.UNKNOWN
        return Side(text=source, moved=moved, before=None)

    @property
    def _source_digest(self) -> str:
        """As `localize` makes it; an incomplete edition has none."""
        return digest_of([[now.segment.role, now.segment.source] for now in self.now])


def _joined(words: Sequence[str]) -> str:
    return "\n\n".join(words)


def _previous(unit: Unit | None) -> list[str]:
    """The source that a fuzzy unit's translation was made from."""
    return [unit.previous.source] if unit and unit.fuzzy and unit.previous else []
