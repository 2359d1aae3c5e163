"""What the commands share in speaking: results on stdout, all else on stderr, one exit code for each kind of end."""

from __future__ import annotations

import contextlib
import json
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any

import click

from workflow.diagnostics import Diagnostic, Severity
from workflow.errors import ConflictError, GateShut, InputError, MachineError, UsageError, WorkflowError
from workflow.model import SignOff


class ExitCode(IntEnum):
    """How a command can end."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    UNUSABLE = 3
    CONFLICT = 4
    MACHINE = 5
    INTERRUPTED = 130


_CODES: tuple[tuple[type[WorkflowError], ExitCode], ...] = (
    (GateShut, ExitCode.FINDINGS),
    (UsageError, ExitCode.USAGE),
    (InputError, ExitCode.UNUSABLE),
    (ConflictError, ExitCode.CONFLICT),
    (MachineError, ExitCode.MACHINE),
)
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}

_BIDI = {*"\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def report_error(error: WorkflowError) -> ExitCode:
    """Tells the error on stderr and returns its exit code."""
    show_diagnostics(error.diagnostics)
    return next(code for kind, code in _CODES if isinstance(error, kind))


def visible(text: str) -> str:
    """The text with control characters written out: a file's content must not command the terminal."""
    return text if text.isprintable() else "".join(_written_out(item) for item in text)


def _written_out(item: str) -> str:
    if item in _BIDI or (unicodedata.category(item) == "Cc" and item != "\n"):
        return item.encode("unicode_escape").decode()
    return item


def show_diagnostics(
    diagnostics: Iterable[Diagnostic],
    *,
    err: bool = True,
    label: Callable[[Diagnostic], str] | None = None,
    details: Callable[[Diagnostic], Iterable[str]] | None = None,
) -> None:
    """Prints `path:line: severity: what`, below it the details and how to mend it; a hint that repeats is told once.

    The label stands in brackets behind what is wrong.
    """
    last_hint = None
    for found in diagnostics:
        where = f"{found.location}: " if found.location else ""
        severity = click.style(f"{found.severity}:", fg=_COLOURS[found.severity], bold=True)
        behind = click.style(f" [{label(found)}]", dim=True) if label else ""
        lines = [f"{visible(where)}{severity} {visible(found.message)}{behind}", *(details(found) if details else ())]
        if found.hint and found.hint != last_hint:
            lines.append(f"  hint: {visible(found.hint)}")
        click.echo("\n".join(lines), err=err)
        last_hint = found.hint


def tell(found: Diagnostic) -> None:
    """Prints a single finding on stderr, as it comes."""
    show_diagnostics([found])


def counted(count: int, what: str, plural: str = "") -> str:
    """`1 finding`, `2 findings`."""
    return f"{count} {what if count == 1 else plural or f'{what}s'}"


def note(message: str) -> None:
    """Something to know that is not the result."""
    click.echo(message, err=True)


@contextlib.contextmanager
def progress(what: str) -> Iterator[Callable[[int], None]]:
    """Gives a function to be told how much more was done; shows the sum while it lasts over a second on a terminal."""
    begin, done, shown = time.monotonic(), 0, False

    def advance(count: int) -> None:
        nonlocal done, shown
        done += count
        if sys.stderr.isatty() and time.monotonic() - begin > 1:
            shown = True
            click.echo(f"\r{counted(done, what)} …", nl=False, err=True)

    try:
        yield advance
    finally:
        if shown:
            click.echo("\r\033[K", nl=False, err=True)


def print_json(document: dict[str, Any]) -> None:
    """The one JSON document of a reading command."""
    click.echo(json.dumps({"schema": 1, **document}, ensure_ascii=False, indent=2))


def diagnostic_json(found: Diagnostic) -> dict[str, Any]:
    """A diagnostic as `check --json` shows it."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "hint": found.hint,
        "path": found.location.path if found.location else None,
        "line": found.location.line if found.location else None,
        "story": found.story,
        "language": found.language,
    }


def directory_of(ctx: click.Context) -> Path | None:
    """The folder given with -C."""
    directory: Path | None = ctx.find_root().obj
    return directory


def show_record(record: SignOff, *, touch: bool) -> None:
    """What is about to be signed, as 21 CFR 11.50 asks: name, time, meaning, and which words.

    `touch` if a security key may want to be touched: what OpenSSH itself says of it is kept for the reason of a fault.
    """
    note(f"{record.name} <{record.signer}>, {record.role}, {record.at:%Y-%m-%d %H:%M:%S} UTC")
    note(f"“{record.meaning}”")
    segments, pictures = counted(len(record.segments), "segment"), counted(len(record.media), "picture")
    note(f"{record.story} in {record.language}: {segments}, {pictures}, sha256 {record.edition}")
    for item in record.notes:
        place = f"segment {record.segments.index(item.segment) + 1}: " if item.segment else ""
        note(visible(f"note: {place}{item.text}"))
    if touch:
        note("touch the security key if it blinks")
