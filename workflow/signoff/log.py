"""The sign-off log: append-only lines, each naming the lines it follows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflow.canonical import digest
from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError
from workflow.model import SignOff
from workflow.settings import Person
from workflow.signoff.records import parse_record
from workflow.text import decode_text

MAX_BYTES = 50_000_000
_RESTORE = "restore the log from version control; records are never edited"


@dataclass(frozen=True, kw_only=True, slots=True)
class LogLine:
    """One line of a sign-off log."""

    record: SignOff
    number: int
    digest: str
    """sha256 of the line without its line end."""


def parse_log(data: bytes, path: str) -> tuple[LogLine, ...]:
    """The lines of a log in file order; raises InputError naming every line that is not a record."""
    try:
        text = decode_text(data, path, kind="signoff", max_bytes=MAX_BYTES)
    except InputError as error:
        raise InputError(dataclasses.replace(found, hint=_RESTORE) for found in error.diagnostics) from None
    lines: list[LogLine] = []
    faults: list[Diagnostic] = []
    for number, line in enumerate(text.split("\n")[:-1] if text.endswith("\n") else text.split("\n"), start=1):
        try:
            lines.append(LogLine(record=parse_record(line), number=number, digest=digest(line)))
        except ValueError as error:
            faults.append(fault("log", str(error), path, number, _RESTORE))
    if text and not text.endswith("\n"):
        faults.append(fault("log", "the last line is cut off", path, text.count("\n") + 1, _RESTORE))
    if faults:
        raise InputError(faults)
    return tuple(lines)


def heads(log: Sequence[LogLine]) -> tuple[str, ...]:
    """The digests that no line follows yet, sorted; the next record follows them all."""
    followed = {item for line in log for item in line.record.follows}
    return tuple(sorted({line.digest for line in log} - followed))


def chain_faults(log: Sequence[LogLine], path: str, *, newsroom: str, story: str, language: str) -> list[Diagnostic]:
    """Lines doubled, removed or brought from elsewhere, and clocks that run backwards."""
    faults: list[Diagnostic] = []
    by_digest: dict[str, LogLine] = {}
    for line in log:
        if line.digest in by_digest:
            hint = "restore the log from version control, or delete this line: nothing is lost by it"
            message = f"repeats line {by_digest[line.digest].number}"
            faults.append(fault("chain", message, path, line.number, hint))
        by_digest.setdefault(line.digest, line)
    for line in log:
        record = line.record
        for name, found, wanted in (
            ("newsroom", record.newsroom, newsroom),
            ("story", record.story, story),
            ("language", record.language, language),
        ):
            if found != wanted:
                message = f"{name}: a record of `{found}` in the log of `{wanted}`"
                hint = "a record counts only where it was signed; restore the log from version control, or sign again"
                faults.append(fault("copied", message, path, line.number, hint))
        faults += _order_faults(line, by_digest, path)
    return [dataclasses.replace(found, hint=found.hint or _RESTORE) for found in faults]


def _order_faults(line: LogLine, by_digest: Mapping[str, LogLine], path: str) -> list[Diagnostic]:
    faults = []
    for item in line.record.follows:
        before = by_digest.get(item)
        if before is None:
            message = f"follows a line that is not in the log (sha256 {item[:12]}…): one was removed or edited"
            faults.append(fault("chain", message, path, line.number))
        elif before.number >= line.number:
            message = f"stands before line {before.number}, which it follows"
            faults.append(fault("chain", message, path, line.number))
        elif line.record.at < before.record.at:
            message = f"dated before line {before.number}, which it follows"
            faults.append(fault("chain", message, path, line.number))
    return faults


def signer_fault(record: SignOff, people: Mapping[str, Person]) -> str | None:
    """Why the signer may not decide in that role and language; None if they may."""
    person = people.get(record.signer)
    if person is None:
        return f"{record.signer} is not among the newsroom's people"
    if not person.holds(record.role, record.language):
        return f"{record.signer} is not {record.role} for {record.language}"
    if person.has_left(record.at):
        return f"{record.signer} decides no more since {person.until}"
    return None


def fault(code: str, message: str, path: str, line: int | None = None, hint: str | None = None) -> Diagnostic:
    """A diagnostic about a sign-off log."""
    location = Location(path=path, line=line)
    return Diagnostic(code=f"signoff.{code}", message=message, location=location, hint=hint)
