"""What the screen shows, line by line, already broken to its width. State is told by marks and words, not by colour.

Texts of stories and catalogs become `Content` as they are: nothing in them is markup, and controls are written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from textual.content import Content

from workflow.cli.columns import Mark, Run, clipped, runs, width, wrap
from workflow.cli.output import visible
from workflow.diagnostics import Diagnostic, Severity
from workflow.diff import Change, Piece, word_diff
from workflow.model import UnitState
from workflow.operations.aids import Suggestion, TermInSource
from workflow.operations.rows import Row
from workflow.operations.translate import TranslationSession
from workflow.operations.unit_findings import about_this_unit
from workflow.operations.update import NOTE_MARK
from workflow.questions import is_question
from workflow.signoff import OpenNote

MARKS: Final = {UnitState.TRANSLATED: "✓", UnitState.NEEDS_REVIEW: "~", UnitState.NEW: "-"}
NOTE_SIGN: Final = "!"
QUESTION_SIGN: Final = "?"
UNSAVED_SIGN: Final = "*"
TERM_KEYS: Final = "abcdefghijklmnopqrstuvwxyz"

_MARK_STYLES = {UnitState.TRANSLATED: "$success", UnitState.NEEDS_REVIEW: "$warning", UnitState.NEW: "dim"}
_SEVERITY_STYLES = {Severity.ERROR: "bold $error", Severity.WARNING: "bold $warning", Severity.INFO: "bold $primary"}
_CHANGE_STYLES = {Change.SAME: "", Change.DELETED: "$error strike", Change.INSERTED: "$success underline"}
_MORE = (" PgDn: more of the source ─", " PgDn: more")
_LABEL = 9
_BAR = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Aids:
    """What is known that may help with the unit."""

    suggestions: tuple[Suggestion, ...] = ()
    terms: tuple[TermInSource, ...] = ()
    findings: tuple[Diagnostic, ...] = ()


# --- The story -------------------------------------------------------------------------------------------


def story_bar(session: TranslationSession, columns: int) -> Content:
    """Which story into which language, and how far it is."""
    progress = session.progress
    languages = f"{session.source_language.code} → {session.language.code}"
    if not session.is_translation:
        languages = f"{session.language.code}, copy-editing"
    percent = 100 * progress.words_done // progress.words if progress.words else 100
    right = f"{progress.done}/{progress.units} units  {percent}% of words"
    if columns >= 100:
        filled = _BAR * percent // 100
        right += f"  [{'#' * filled}{'.' * (_BAR - filled)}]"
    if columns < 60:
        right = f"{progress.done}/{progress.units}"
    left = clipped(f"{languages}  {visible(session.title)}", columns - width(right) - 4)
    gap = columns - width(left) - width(right) - 2
    return Content.assemble(f" {left}{' ' * gap}{right} ")


def flow_lines(
    session: TranslationSession, places: Iterable[int], columns: int, unsaved: AbstractSet[int]
) -> list[Content]:
    """The units of those places, one line each, with what stands between them in the story."""
    lines = []
    for place in places:
        row = session.rows[place]
        lines += between_lines(row, columns)
        lines.append(_flow_line(row, columns, unsaved=place in unsaved))
    return lines


def between_lines(row: Row, columns: int) -> list[Content]:
    """What stands before a unit and is not translated."""
    return [Content.styled(f"         {clipped(visible(text), columns - 10)}", "dim") for text in row.before]


def _flow_line(row: Row, columns: int, *, unsaved: bool) -> Content:
    state = row.unit.state
    sign = UNSAVED_SIGN if unsaved else NOTE_SIGN if row.notes else QUESTION_SIGN if row.questions else " "
    head = f"{sign}{row.number:>4}  "
    free = columns - len(head) - 3
    left = (free - 3) // 2 if row.unit.target.strip() else free
    source = clipped(visible(row.unit.source), left)
    target = clipped(visible(row.unit.target), left)
    padding = " " * (left - width(source))
    return Content.assemble(
        " ", (MARKS[state], _MARK_STYLES[state]), (head, "bold" if sign != " " else ""), source, padding, "   ", target
    )


def unit_title(row: Row, columns: int, *, unsaved: bool, form: str, is_long: bool) -> Content:
    """The rule above the unit: its number, what it is, where it stands, whether its source goes on below."""
    numbers = ", ".join(map(str, row.numbers))
    parts = [numbers, row.role.value if row.role else "newsroom's words", form, row.unit.state.value]
    if row.previous:
        parts.append("source changed")
    if row.notes:
        parts.append("note")
    if row.questions:
        parts.append("question")
    if unsaved:
        parts.append("unsaved")
    text = clipped(" · ".join(filter(None, parts)), columns - (len(_MORE[-1]) if is_long else 0) - 5)
    room = columns - width(text) - 4
    more = next(hint for hint in _MORE if len(hint) < room) if is_long else ""
    rule = "─" * (room - len(more))
    return Content.assemble(("── ", "$primary"), (text, "bold"), (f" {rule}{more}", "$primary"))


def key_line(keys: Mapping[str, str], gap: str = "  ") -> Content:
    """Keys and what they do, on one line."""
    return Content(gap).join([Content.assemble((key, "bold reverse"), f" {what}") for key, what in keys.items()])


# --- The source ------------------------------------------------------------------------------------------


def source_lines(row: Row, terms: Sequence[TermInSource], columns: int) -> list[Content]:
    """The source as it is now; where it changed since it was translated, what came and went is marked."""
    spans = [span for term in terms for span in term.spans]
    text = list(_marked_source(row, spans))
    if row.unit.source_plural is not None:
        text = [Run(text=f"{visible(row.unit.source)}\n"), Run(text=visible(row.unit.source_plural))]
    return [painted(line) for line in wrap(text, columns)]


def _marked_source(row: Row, spans: Sequence[tuple[int, int]]) -> Iterator[Run]:
    source = row.unit.source
    pieces = word_diff(row.previous.source, source) if row.previous else (Piece(change=Change.SAME, text=source),)
    at = 0
    for piece in pieces:
        if piece.change is Change.DELETED:
            yield from runs([piece], marked=True)
            continue
        for is_term, text in _cut(piece.text, at, spans):
            for run in runs([Piece(change=piece.change, text=text)], marked=piece.change is not Change.SAME):
                yield Run(text=run.text, change=run.change, mark=run.mark, is_term=is_term and run.mark is Mark.NONE)
        at += len(piece.text)


def _cut(text: str, at: int, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[bool, str]]:
    """The text, which begins at a place of the source, cut where terms begin and end."""
    edges = sorted({0, len(text), *(min(max(edge - at, 0), len(text)) for span in spans for edge in span)})
    for start, end in pairwise(edges):
        yield any(first <= at + start < last for first, last in spans), text[start:end]


def painted(line: Iterable[Run]) -> Content:
    """The runs in their styles."""
    return Content.assemble(*((run.text, _style(run)) for run in line))


def _style(run: Run) -> str:
    return f"{_CHANGE_STYLES[run.change]}{' bold underline' if run.is_term else ''}".strip()


# --- What helps ------------------------------------------------------------------------------------------


def aid_lines(session: TranslationSession, row: Row, aids: Aids, columns: int, *, in_full: bool) -> list[Content]:
    """Notes, questions, findings, suggestions, terms, comments, the pressing ones first; in short unless all is wanted.

    Mere information comes after what is to be used while writing.
    """
    pressing = [found for found in aids.findings if found.severity is not Severity.INFO]
    lines: list[Content] = []
    for note in (*row.notes, *(session.notes_to_all if in_full else ())):
        lines += _labelled("note", "bold ansi_magenta", _note(note), columns)
    for question in row.questions:
        lines += _labelled("question", "bold ansi_magenta", question, columns)
    for found in pressing:
        lines += _finding_lines(found, row, columns)
    for number, item in enumerate(aids.suggestions if in_full else aids.suggestions[:3], start=1):
        lines += _suggestion_lines(number, item, columns, in_full=in_full)
    for key, term in zip(TERM_KEYS, aids.terms, strict=False):
        lines += _labelled(f"{key} term", "bold", term_line(term), columns)
    for found in aids.findings[len(pressing) :]:
        lines += _finding_lines(found, row, columns)
    for text in row.unit.comments:
        if text and not (text.startswith(NOTE_MARK) or is_question(text)):
            lines += _labelled("comment", "dim", text, columns)
    if in_full:
        where = f"{', '.join(row.unit.notes)}; {', '.join(row.unit.references)}"
        lines += _labelled("where", "dim", where, columns)
    return lines


def _finding_lines(found: Diagnostic, row: Row, columns: int) -> list[Content]:
    text = about_this_unit(found, row.unit) + (f"; {found.hint}" if found.hint else "")
    return _labelled(found.severity.value, _SEVERITY_STYLES[found.severity], text, columns)


def term_line(term: TermInSource) -> str:
    """A term with its approved form, and what must not be said."""
    entry = term.entry
    extra = [entry.note, f"not {', '.join(entry.forbidden)}" if entry.forbidden else ""]
    words = "; ".join(filter(None, extra))
    return f"{entry.source} → {entry.target}" + (f"  ({words})" if words else "")


def _note(note: OpenNote) -> str:
    return f"{note.text} ({note.name}, {note.at:%Y-%m-%d})"


def _suggestion_lines(number: int, item: Suggestion, columns: int, *, in_full: bool) -> list[Content]:
    label = f"{number} {100 * item.score:3.0f}%"
    lines = _labelled(label, "bold", item.target, columns)
    origin = Run(text=f"{item.origin}: ")
    source = list(runs(item.difference, marked=True))
    wrapped = [painted(line) for line in wrap([origin, *source], columns - _LABEL)]
    if not in_full:
        lines, wrapped = _shortened(lines, 2), _shortened(wrapped, 2)
    return lines + [Content(" " * _LABEL) + line for line in wrapped]


def _shortened(lines: list[Content], most: int) -> list[Content]:
    return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + Content("…")]


def _labelled(label: str, style: str, text: str, columns: int) -> list[Content]:
    lines = wrap([Run(text=visible(text))], columns - _LABEL)
    first = Content.styled(f"{label:<{_LABEL}}", style)
    return [(first if at == 0 else Content(" " * _LABEL)) + painted(line) for at, line in enumerate(lines)]
