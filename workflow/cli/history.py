"""`workflow history`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from typing import Any

import click

from workflow.cli.columns import width
from workflow.cli.newsroom import current_newsroom, current_time, json_option
from workflow.cli.output import ExitCode, counted, diagnostic_json, note, print_json, show_diagnostics, visible
from workflow.diagnostics import Diagnostic
from workflow.model import Decision, Note, SignOff
from workflow.operations.history import Entry, history
from workflow.signoff import format_record

_COLOURS = {Decision.APPROVE: "green", Decision.RETURN: "yellow", Decision.WITHDRAW: "red"}
_HEADINGS = ("WHEN (UTC)", "LANG", "DECISION", "EDITION", "COUNTS", "ROLE", "WHO")


@click.command("history")
@click.argument("story", metavar="STORY")
@click.argument("language", metavar="[LANG]", required=False)
@json_option
@click.pass_context
def command(ctx: click.Context, story: str, language: str | None, as_json: bool) -> int:
    """Tell who decided what, when, on which words.

    Lists the records of the story's sign-off logs, in LANG or in all languages, the newest last. A record counts if
    its signature is good, its signer might decide, and its place in the log is sound; the approvals of the words that
    are published now are marked `live`. Exits 1 if a log has a fault.
    """
    found = history(current_newsroom(ctx), story, language, current_time())
    unread = [item for item in found.faults if not any(entry.path == _path(item) for entry in found.entries)]
    if as_json:
        print_json(
            {
                "story": found.story,
                "records": [_as_json(entry) for entry in found.entries],
                "diagnostics": [diagnostic_json(item) for item in found.faults],
            }
        )
    elif found.entries:
        _print_table(found.entries)
    if not as_json:
        show_diagnostics(unread)
        if not found.entries and not unread:
            note(f"nobody has decided on {found.story} in {', '.join(found.languages)} yet")
        elif found.faults:
            note(f"{counted(len(found.faults), 'fault')}: see workflow verify")
    return ExitCode.FINDINGS if found.faults else ExitCode.DONE


def _path(found: Diagnostic) -> str | None:
    return found.location.path if found.location else None


def _print_table(entries: Sequence[Entry]) -> None:
    """One line for each record, and below it its notes and why it does not count."""
    rows = [_HEADINGS, *map(_cells, entries)]
    widths = [max(width(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    # A script reads one line a record; a person would rather not have it broken anywhere.
    fits = not sys.stdout.isatty() or sum(widths) + 2 * len(widths) <= shutil.get_terminal_size().columns
    click.echo(click.style(_row(_HEADINGS if fits else _HEADINGS[:-1], widths), bold=True))
    for entry, cells in zip(entries, rows[1:], strict=True):
        record = entry.line.record
        click.echo(_row(cells if fits else cells[:-1], widths, "red" if entry.why_not else _COLOURS[record.decision]))
        below = [] if fits else [cells[-1]]
        below += [f"{_place(item, record)}: {visible(item.text)}" for item in record.notes]
        if entry.why_not:
            reason = f"{visible(entry.why_not)} ({entry.path}:{entry.line.number})"
            below.append(f"{click.style('does not count:', fg='red')} {reason}")
        for text in below:
            click.echo("    " + text.replace("\n", "\n    "))


def _cells(entry: Entry) -> tuple[str, ...]:
    record = entry.line.record
    return (
        f"{record.at:%Y-%m-%d %H:%M:%S}",
        visible(record.language),
        record.decision.value,
        record.edition[:12],
        "no" if entry.why_not else "live" if entry.live else "yes",
        visible(record.role),
        visible(f"{record.name} <{record.signer}>"),
    )


def _row(cells: Sequence[str], widths: Sequence[int], colour: str | None = None) -> str:
    padded = [cell + " " * (wanted - width(cell)) for cell, wanted in zip(cells, widths, strict=False)]
    if colour:
        padded[2] = click.style(padded[2], fg=colour)
        padded[4] = click.style(padded[4], fg="red" if cells[4] == "no" else None, bold=cells[4] == "live" or None)
    return "  ".join(padded).replace("\n", " ").rstrip()


def _place(item: Note, record: SignOff) -> str:
    """What a note is about."""
    if not item.segment:
        return "note"
    if item.segment in record.segments:
        return f"note to segment {record.segments.index(item.segment) + 1}"
    return f"note to a segment of other words ({item.segment[:12]})"


def _as_json(entry: Entry) -> dict[str, Any]:
    """The record as it stands in the log, and what we know about it."""
    return {
        **json.loads(format_record(entry.line.record)),
        "path": entry.path,
        "line": entry.line.number,
        "sha256": entry.line.digest,
        "counts": not entry.why_not,
        "why_not": entry.why_not or None,
        "live": entry.live,
    }
