"""Waivers: somebody answers by name for a finding that is to stand, as long as the words stay as they are.

A waiver binds the segment's role, source and target, the code, and what in them is meant, so that any other word, and
any other finding of the same code, is open again. Its file is a set of lines: nothing hangs on their order, so two
branches merge by union, and what one of them took back stays taken back.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.canonical import canonical_json, canonical_time, digest, parse_time
from workflow.codes import is_fixed
from workflow.diagnostics import Diagnostic, Location, Severity
from workflow.errors import InputError
from workflow.settings import Person
from workflow.text import character_faults, decode_text

MAX_BYTES = 10_000_000
_RESTORE = "restore the file from version control, or take the line out: what it waived is then open again"
_HEX = re.compile(r"[0-9a-f]{64}")
_NAME = "waivers"

About = tuple[tuple[str, str], ...]
"""(which text, the words marked in it) of a finding, or its message where nothing is marked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiver:
    """One line of a file of waivers: a finding is waived, or a waiver taken back."""

    story: str
    language: str
    segment: str
    """The digest of (role, source, target)."""
    code: str
    about: About
    message: str
    """What the finding said, for people to read."""
    by: str
    """The e-mail address of whoever answers for it."""
    name: str
    reason: str
    at: datetime.datetime
    """UTC, whole seconds."""
    undoes: str = ""
    """The digest of the line that this one takes back; empty for a waiver."""

    @property
    def digest(self) -> str:
        """sha256 of the line without its line end."""
        return digest(format_waiver(self))

    def covers(self, found: Diagnostic) -> bool:
        """True if it is this finding, in these words, that was waived."""
        segment = found.segment.digest if found.segment else None
        return (self.segment, self.code, self.about) == (segment, found.code, about(found))


def about(found: Diagnostic) -> About:
    """What tells the finding from others of its code in the same segment."""
    marked = [(item.label, item.text[start:end]) for item in found.marked for start, end in item.spans]
    return tuple(marked) or (("message", found.message),)


def format_waiver(waiver: Waiver) -> str:
    """The waiver's line in the file, without its line end: canonical JSON."""
    fields = {field.name: getattr(waiver, field.name) for field in dataclasses.fields(waiver)}
    return canonical_json(fields | {"at": canonical_time(waiver.at), "about": [list(item) for item in waiver.about]})


def parse_waivers(data: bytes, path: str, *, story: str, language: str) -> tuple[Waiver, ...]:
    """The lines of a file of waivers; raises InputError naming every line that is not one of this edition."""
    text = decode_text(data, path, kind=_NAME, max_bytes=MAX_BYTES)
    lines: list[Waiver] = []
    faults: list[Diagnostic] = []
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else (), start=1):
        try:
            lines.append(_parsed(line, story, language))
        except ValueError as error:
            location = Location(path=path, line=number)
            faults.append(Diagnostic(code=f"{_NAME}.line", message=str(error), location=location, hint=_RESTORE))
    if faults:
        raise InputError(faults)
    return tuple(lines)


def _parsed(line: str, story: str, language: str) -> Waiver:
    """The waiver of one line; raises ValueError saying what is wrong with it."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    if not isinstance(fields, dict) or set(fields) != {field.name for field in dataclasses.fields(Waiver)}:
        raise ValueError("not the fields of a waiver")
    try:
        waiver = _waiver(fields)
    except (TypeError, ValueError) as error:
        raise ValueError(f"a field has a wrong value ({error})") from None
    if format_waiver(waiver) != line:
        raise ValueError("not in canonical form")
    if (waiver.story, waiver.language) != (story, language):
        raise ValueError(f"a waiver for {waiver.story} in `{waiver.language}`")
    return waiver


def _waiver(fields: Mapping[str, Any]) -> Waiver:
    texts = {name: value for name, value in fields.items() if name not in {"about", "at"}}
    if not all(isinstance(value, str) for value in texts.values()):
        raise ValueError("a text is missing")
    if not fields["reason"].strip():
        raise ValueError("no reason is given")
    if not _HEX.fullmatch(fields["segment"]) or not (fields["undoes"] == "" or _HEX.fullmatch(fields["undoes"])):
        raise ValueError("a digest is no sha256")
    places = tuple(tuple(item) for item in fields["about"])
    if not places or not all(len(item) == 2 and all(isinstance(text, str) for text in item) for item in places):
        raise ValueError("`about` is no list of pairs of texts")
    return Waiver(**texts, about=places, at=parse_time(fields["at"]))


def standing(lines: Iterable[Waiver]) -> tuple[Waiver, ...]:
    """The waivers that nobody took back, each once, by date."""
    distinct = {line.digest: line for line in lines}
    undone = {line.undoes for line in distinct.values()}
    kept = [line for key, line in distinct.items() if not line.undoes and key not in undone]
    return tuple(sorted(kept, key=lambda line: (line.at, line.by)))


def made(finding: Diagnostic, lines: Collection[Waiver], *, by: Person, reason: str, now: datetime.datetime) -> Waiver:
    """The line that waives the finding; it is none of `lines`, of which one may be taken back."""
    segment, story, language = finding.segment, finding.story, finding.language
    if segment is None or story is None or language is None:
        raise ValueError("not a finding about a story's words")
    waiver = Waiver(
        story=story,
        language=language,
        segment=segment.digest,
        code=finding.code,
        about=about(finding),
        message=finding.message,
        by=by.email,
        name=by.name,
        reason=reason,
        at=_whole_second(now),
    )
    return _distinct(waiver, lines)


def undone(waiver: Waiver, lines: Collection[Waiver], *, by: Person, reason: str, now: datetime.datetime) -> Waiver:
    """The line that takes the waiver back."""
    line = dataclasses.replace(
        waiver, by=by.email, name=by.name, reason=reason, at=_whole_second(now), undoes=waiver.digest
    )
    return _distinct(line, lines)


def _whole_second(now: datetime.datetime) -> datetime.datetime:
    return now.astimezone(datetime.UTC).replace(microsecond=0)


def _distinct(line: Waiver, lines: Collection[Waiver]) -> Waiver:
    """The line, dated so that it is no line that stands there: that one may be taken back, and this one with it."""
    while line in lines:
        line = dataclasses.replace(line, at=line.at + datetime.timedelta(seconds=1))
    return line


def reason_fault(reason: str) -> str | None:
    """Why the reason cannot be written down; None if it can."""
    if not reason.strip():
        return "a reason must be given"
    found = character_faults(reason, _NAME, kind=_NAME)
    return f"the reason holds {found[0].message}" if found else None


def waiver_fault(
    email: str, people: Mapping[str, Person], language: str, approving: Collection[str], severity: Severity
) -> str | None:
    """Why the person may not waive findings of the severity; None if they may.

    `approving` are the roles whose approval the edition's rule asks for: only they may waive what shuts the gate.
    """
    person = people.get(email)
    if person is None:
        return f"{email} is not among the newsroom's people"
    if not any(person.holds(role, language) for role in person.roles):
        return f"{email} holds no role for {language}"
    if severity is Severity.ERROR and not any(person.holds(role, language) for role in approving):
        wanted = " or ".join(sorted(approving)) or "somebody who approves, and no rule names one"
        return f"{email} may not waive an error: that takes {wanted} for {language}"
    return None


# --- Findings and waivers together ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Waived:
    """A finding, and who answers for it."""

    finding: Diagnostic
    waiver: Waiver


@dataclass(frozen=True, kw_only=True, slots=True)
class Lapsed:
    """A waiver that no longer waives anything."""

    waiver: Waiver
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorted:
    """The findings of an edition, and its waivers."""

    open: tuple[Diagnostic, ...]
    waived: tuple[Waived, ...]
    lapsed: tuple[Lapsed, ...]


def sort_out(
    findings: Sequence[Diagnostic], waivers: Sequence[Waiver], people: Mapping[str, Person], approving: Collection[str]
) -> Sorted:
    """Which findings are open and which are waived by somebody who may; and which waivers have lapsed."""
    open_findings: list[Diagnostic] = []
    waived: list[Waived] = []
    refused: dict[Waiver, str] = {}
    counting: set[Waiver] = set()
    for found in findings:
        covering = [] if is_fixed(found.code) else [waiver for waiver in waivers if waiver.covers(found)]
        faults = {item: waiver_fault(item.by, people, item.language, approving, found.severity) for item in covering}
        refused |= {waiver: why for waiver, why in faults.items() if why is not None}
        good = [waiver for waiver, why in faults.items() if why is None]
        counting.update(good)
        if good:
            waived.append(Waived(finding=found, waiver=good[0]))
        else:
            open_findings.append(found)
    return Sorted(
        open=tuple(open_findings),
        waived=tuple(waived),
        lapsed=tuple(
            Lapsed(waiver=waiver, why=refused.get(waiver, "these words are no longer there, or found in order"))
            for waiver in waivers
            if waiver not in counting
        ),
    )
