"""An edition as its editor reads it before signing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from workflow.canonical import digest
from workflow.errors import InputError
from workflow.languages import Language
from workflow.model import Segment, SignOff
from workflow.newsroom import Newsroom
from workflow.operations.review.comparison import compared_rows
from workflow.operations.review.rows import Moved, Row, RowState
from workflow.operations.standing import EditionState, edition_state, read_edition_files
from workflow.operations.verdicts import Verdicts
from workflow.signoff import Approved, OpenNote
from workflow.story import parse_story, segments


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
    files, tongue = read_edition_files(newsroom, slug, language)
    verdicts = Verdicts.load(newsroom, now)
    state = edition_state(newsroom, files, tongue, verdicts)
    verdicts.save()
    approved = state.standing.approved
    frozen, trouble = _frozen(newsroom, state, approved)
    record = approved.lines[0].record if approved and frozen is not None else None
    rows = tuple(compared_rows(state, record, frozen or ()))
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
