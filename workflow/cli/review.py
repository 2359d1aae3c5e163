"""`workflow review`."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from workflow.canonical import canonical_time
from workflow.cli.columns import Run, runs, width, wrap
from workflow.cli.newsroom import current_newsroom, current_time, json_option
from workflow.cli.output import ExitCode, print_json, visible
from workflow.diff import Change
from workflow.errors import MachineError, UsageError
from workflow.operations.review import Review, Row, RowState, Side, proof, review
from workflow.signoff import OpenNote

STACKED_BELOW = 70
WIDEST = 150
_GUTTER = "     "
_RULE = " │ "
_STATE_COLOURS = {
    RowState.MISSING: "red",
    RowState.REMOVED: "red",
}


@click.command("review")
@click.argument("story", metavar="STORY")
@click.argument("language", metavar="LANG")
@click.option(
    "--html",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a proof to read, print and mark up: one HTML file that needs no other.",
)
@json_option
@click.pass_context
def command(ctx: click.Context, story: str, language: str, html: Path | None, as_json: bool) -> int:
    """Show source beside target, and what changed since sign-off.

    Segments are numbered in the story's order. Old words come from the frozen edition; [-these were deleted-], {+these
    inserted+}, or red and green where there is colour. Editors' open notes and translators' open questions
    stand below their segment.
    """
    if html and as_json:
        raise UsageError.of("usage.html", "--html and --json exclude each other", hint="choose one")
    newsroom = current_newsroom(ctx)
    now = current_time()
    found = review(newsroom, newsroom.known_slug(story), language, now)
    if html:
        _write(html, proof(newsroom, found, now))
        click.echo(html)
    elif as_json:
        print_json(_as_json(found))
    else:
        _show(found, ctx)
    return ExitCode.DONE


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"cannot write: {(error.strerror or str(error)).lower()}"
        raise MachineError.of("machine.write", message, path=str(file), hint="name another file") from None


# --- The terminal ----------------------------------------------------------------------------------------


def _show(found: Review, ctx: click.Context) -> None:
    is_terminal = sys.stdout.isatty()
    colour = is_terminal and ctx.find_root().color is not False and _pager_takes_colour()
    columns, lines = shutil.get_terminal_size()
    columns = min(columns, WIDEST)
    text = [*_head(found, columns), ""]
    for row in found.rows:
        text += [*_row(found, row, columns, colour=colour), ""]
    text.append(found.summary)
    if not colour:
        text = [click.unstyle(line).rstrip() for line in text]
    if is_terminal and len(text) >= lines:
        click.echo_via_pager("\n".join(text) + "\n", color=colour)
    else:
        click.echo("\n".join(text), color=colour)


def _pager_takes_colour() -> bool:
    """As git does: `less` is told to take colour, unless somebody has told it otherwise."""
    flags = os.environ.setdefault("LESS", "FRX")
    pager = os.environ.get("PAGER", "").split() or ["less"]
    return Path(pager[0]).name != "less" or "r" in flags.lower()


def _head(found: Review, columns: int) -> Iterator[str]:
    state = found.state
    headline = found.rows[0].target.text or found.rows[0].source.text
    for line in _plain(headline, columns):
        yield click.style(line, bold=True)
    edition = f"edition {found.edition[:12]}" if found.edition else "not fit to be signed yet"
    facts = [f"{state.files.slug}, {state.language.code}: {found.stage}, {edition}"]
    facts += [
        f"signed off {record.at:%Y-%m-%d %H:%M} UTC by {record.name} <{record.signer}>, {record.role}: "
        f"edition {record.edition[:12]}"
        for record in found.signed
    ] or ["never signed off"]
    if found.trouble:
        facts.append(f"cannot compare: {found.trouble}: see workflow verify")
    for fact in facts:
        yield from _plain(fact, columns)
    for note in found.notes:
        yield from _note(note, columns, "")


def _row(found: Review, row: Row, columns: int, *, colour: bool) -> Iterator[str]:
    yield _label(found, row)
    source = list(runs(row.source.pieces, marked=not colour))
    target = list(runs(row.target.pieces, marked=not colour)) or [Run(text=_no_words(row))]
    inside = columns - len(_GUTTER)
    if columns < STACKED_BELOW:
        codes = found.source_language.code, found.state.language.code
        for code, words in zip(codes, (source, target), strict=True):
            for number, line in enumerate(wrap(words, inside - 4)):
                label = click.style(f"{code if number == 0 else '':<4}", dim=True)
                yield (_GUTTER + label + _painted(line)).rstrip()
    else:
        left, right = (inside - len(_RULE)) // 2, (inside - len(_RULE) + 1) // 2
        nothing: list[Run] = []
        for one, other in itertools.zip_longest(wrap(source, left), wrap(target, right), fillvalue=nothing):
            blank = " " * (left - sum(width(run.text) for run in one))
            yield (_GUTTER + _painted(one) + blank + click.style(_RULE, dim=True) + _painted(other)).rstrip()
    for note in row.notes:
        yield from _note(note, columns, _GUTTER)
    for question in row.questions:
        yield from _remark(f"question: {question}", columns, _GUTTER)


def _no_words(row: Row) -> str:
    return "" if row.state is RowState.REMOVED else f"({row.state.value})"


def _label(found: Review, row: Row) -> str:
    number = "–" if row.number is None else str(row.number)
    start = click.style(f"{'*' if row.is_open else ' '}{number:>3} ", bold=True)
    role = click.style(row.role.value, dim=True)
    flags = ", ".join(found.flags(row))
    return f"{start}{role}  {click.style(flags, fg=_STATE_COLOURS.get(row.state, 'yellow'))}".rstrip()


def _painted(line: Iterable[Run]) -> str:
    """The runs in their colours; one for blanks would not be seen, so they are also underlined or struck through."""
    return "".join(
        run.text
        if run.change is Change.SAME
        else click.style(run.text, fg="red", strikethrough=True)
        if run.change is Change.DELETED
        else click.style(run.text, fg="green", underline=True)
        for run in line
    )


def _note(note: OpenNote, columns: int, indent: str) -> Iterator[str]:
    yield from _remark(f"note by {note.name}, {note.at:%Y-%m-%d}: {note.text}", columns, indent)


def _remark(text: str, columns: int, indent: str) -> Iterator[str]:
    for number, line in enumerate(_plain(text, columns - len(indent) - 2)):
        yield click.style(f"{indent}{'▸ ' if number == 0 else '  '}{line}", fg="magenta")


def _plain(text: str, columns: int) -> list[str]:
    return ["".join(run.text for run in line) for line in wrap([Run(text=visible(text))], columns)]


# --- JSON ------------------------------------------------------------------------------------------------


def _as_json(found: Review) -> dict[str, Any]:
    state = found.state
    return {
        "story": state.files.slug,
        "language": state.language.code,
        "source_language": found.source_language.code,
        "stage": state.standing.stage.value,
        "edition": found.edition or None,
        "signed": [
            {
                "signer": record.signer,
                "name": record.name,
                "role": record.role,
                "at": canonical_time(record.at),
                "edition": record.edition,
            }
            for record in found.signed
        ],
        "compared": found.compared,
        "segments": [_row_json(row) for row in found.rows],
        "notes": [_note_json(note) for note in found.notes],
    }


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "number": row.number,
        "role": row.role.value,
        "line": row.line or None,
        "state": row.state.value,
        "source": _side_json(row.source),
        "target": _side_json(row.target),
        "notes": [_note_json(note) for note in row.notes],
        "questions": list(row.questions),
    }


def _side_json(side: Side) -> dict[str, Any]:
    return {
        "text": side.text,
        "change": side.moved.value,
        "before": side.before,
        "diff": [[piece.change.value, piece.text] for piece in side.pieces],
    }


def _note_json(note: OpenNote) -> dict[str, Any]:
    return {"signer": note.signer, "name": note.name, "at": canonical_time(note.at), "text": note.text}
