"""A unit told in words, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.cli.columns import runs
from workflow.diff import Piece, word_diff
from workflow.operations.aids import Suggestion, terms_in
from workflow.operations.rows import Row
from workflow.operations.translate import TranslationSession
from workflow.operations.unit_saving import Conflict
from workflow.operations.update import NOTE_MARK
from workflow.questions import is_question


def unit_lines(session: TranslationSession, row: Row, suggested: Sequence[Suggestion]) -> Iterator[str]:
    """The unit, each thing on a line of its own after what it is."""
    unit = row.unit
    yield f"{row.number} of {session.rows[-1].number}, {row.role or 'words'}, {unit.state.value}"
    yield from row.before
    yield f"{session.source_language.code}: {unit.source}"
    if unit.source_plural is not None:
        yield f"{session.source_language.code}, plural: {unit.source_plural}"
    if row.previous:
        yield f"changed: {_marked(word_diff(row.previous.source, unit.source))}"
    if unit.is_translated:
        yield from (f"{session.language.code}: {target}" for target in unit.targets)
    for note in row.notes:
        yield f"note by {note.name}, {note.at:%Y-%m-%d}: {note.text}"
    for question in row.questions:
        yield f"question: {question}"
    for comment in unit.comments:
        if not (comment.startswith(NOTE_MARK) or is_question(comment)):
            yield f"comment: {comment}"
    for number, item in enumerate(suggested, start=1):
        yield f"suggestion {number}, {100 * item.score:.0f}%, {item.origin}: {item.target}"
        yield f"  its source: {_marked(item.difference)}"
    for term in terms_in(session, unit.source):
        forbidden = f", not {', '.join(term.entry.forbidden)}" if term.entry.forbidden else ""
        yield f"term: {term.entry.source}: {term.entry.target}{forbidden}"


def list_line(row: Row) -> str:
    """Number, role, state and beginning of a unit."""
    told = ", note" * bool(row.notes) + ", question" * bool(row.questions)
    start = " ".join(row.unit.source.split())[:60]
    return f"{row.number} {row.role or 'words'}, {row.unit.state.value}{told}: {start}"


def conflict_lines(conflict: Conflict) -> Iterator[str]:
    """Both translations of a unit that somebody else changed."""
    for form, text in enumerate(conflict.mine.targets):
        yield f"yours: {text}"
        if conflict.theirs is not None:
            yield f"theirs: {conflict.theirs.targets[form]}"


def _marked(pieces: Sequence[Piece]) -> str:
    return "".join(run.text for run in runs(pieces, marked=True))
