"""Sign-off records, the log they stand in, and what rules and records say about an edition."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.canonical import canonical_json, digest
from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError
from workflow.model import Catalog, Decision, Edition, Note, SignOff, Stage, UnitState
from workflow.settings import Person, SignOffRule
from workflow.text import decode_text

MAX_BYTES = 50_000_000
_RESTORE = "restore the log from version control; records are never edited"
_HEX = re.compile(r"[0-9a-f]{64}")
_TIME = "%Y-%m-%dT%H:%M:%SZ"

MEANINGS = {
    Decision.APPROVE: "I have read this edition and approve exactly these words and pictures for publication.",
    Decision.RETURN: "I have read this edition and return it for the changes named in the notes.",
    Decision.WITHDRAW: "I withdraw this edition from publication for the reason named in the notes.",
}
"""What a signature says (21 CFR 11.50 asks that a record state it)."""


# --- Records ---------------------------------------------------------------------------------------------


def payload(record: SignOff) -> bytes:
    """The bytes that are signed: canonical JSON of all fields but the signature, and a line end.

    So `jq -cS 'del(.signature)'` on a line of the log prints just what `ssh-keygen -Y verify` wants to read.
    """
    fields = _fields(record)
    del fields["signature"]
    return (canonical_json(fields) + "\n").encode()


def format_record(record: SignOff) -> str:
    """The record's line in the log, without its line end."""
    return canonical_json(_fields(record))


def _fields(record: SignOff) -> dict[str, Any]:
    fields = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
    fields |= {
        "at": record.at.strftime(_TIME),
        "media": dict(record.media),
        "notes": [{"segment": note.segment, "text": note.text} for note in record.notes],
    }
    return fields


def parse_record(line: str) -> SignOff:
    """The record of one line; raises ValueError saying what is wrong with it."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    names = {field.name for field in dataclasses.fields(SignOff)}
    if not isinstance(fields, dict) or set(fields) != names:
        raise ValueError("not the fields of a sign-off record")
    try:
        record = _record(fields)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise ValueError(f"a field has a wrong value ({error})") from None
    if format_record(record) != line:
        raise ValueError("not in canonical form")
    return record


def _record(fields: Mapping[str, Any]) -> SignOff:
    texts = ("newsroom", "story", "language", "section", "role", "signer", "name", "meaning", "signature")
    lists = ("segments", "translators", "follows")
    if not all(isinstance(fields[name], str) for name in texts):
        raise ValueError("a text is missing")
    if not all(isinstance(item, str) for name in lists for item in fields[name]):
        raise ValueError("a list holds something else than texts")
    digests = [fields["edition"], fields["source"], *fields["segments"], *fields["follows"], *fields["media"].values()]
    if not all(isinstance(item, str) and _HEX.fullmatch(item) for item in digests):
        raise ValueError("a digest is no sha256")
    if fields["follows"] != sorted(set(fields["follows"])):
        raise ValueError("follows is not sorted")
    at = datetime.datetime.strptime(fields["at"], _TIME).replace(tzinfo=datetime.UTC)
    return SignOff(
        decision=Decision(fields["decision"]),
        at=at,
        edition=fields["edition"],
        source=fields["source"],
        media=dict(fields["media"]),
        notes=tuple(_note(note) for note in fields["notes"]),
        segments=tuple(fields["segments"]),
        translators=tuple(fields["translators"]),
        follows=tuple(fields["follows"]),
        **{name: fields[name] for name in texts},
    )


def _note(fields: Mapping[str, Any]) -> Note:
    note = Note(**fields)
    if not isinstance(note.text, str) or not (note.segment == "" or _HEX.fullmatch(note.segment)):
        raise ValueError("a note is no text to a segment")
    return note


# --- The log ---------------------------------------------------------------------------------------------


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
            faults.append(fault("chain", f"repeats line {by_digest[line.digest].number}", path, line.number))
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
    return None


def fault(code: str, message: str, path: str, line: int | None = None, hint: str | None = None) -> Diagnostic:
    """A diagnostic about a sign-off log."""
    location = Location(path=path, line=line)
    return Diagnostic(code=f"signoff.{code}", message=message, location=location, hint=hint)


# --- What the records amount to --------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Approved:
    """The words last approved as the rule asks."""

    edition: str
    """sha256 of the frozen edition."""
    lines: tuple[LogLine, ...]
    """The approvals that count, in log order."""
    withdrawal: SignOff | None = None
    """The record that took these words back; None while they are live."""

    @property
    def withdrawn(self) -> bool:
        return self.withdrawal is not None

    @property
    def at(self) -> datetime.datetime:
        """When the last approval that was needed was given."""
        return max(line.record.at for line in self.lines)

    def covers(self, edition: str, source: str) -> bool:
        """True if just these words were approved, and beside just this source."""
        return (self.edition, self.lines[0].record.source) == (edition, source)


RuleOf = Callable[[str], SignOffRule | None]
"""The rule for a language's editions of a section; None if no rule speaks of them."""


def approved(log: Sequence[LogLine], rule_of: RuleOf) -> Approved | None:
    """The edition last approved by enough different people, from lines that were verified; None if none was."""
    found: Approved | None = None
    for number, line in enumerate(log):
        record = line.record
        if record.decision is Decision.WITHDRAW and found and record.edition == found.edition:
            found = dataclasses.replace(found, withdrawal=record)
        elif record.decision is Decision.APPROVE:
            rule = rule_of(record.section)
            counting = counting_approvals(log[: number + 1], record.edition, record.source, rule)
            if not missing_approvals(counting, rule):
                found = Approved(edition=record.edition, lines=counting)
    return found


def counting_approvals(
    log: Sequence[LogLine], edition: str, source: str, rule: SignOffRule | None
) -> tuple[LogLine, ...]:
    """The approvals of an edition since it was last returned or withdrawn; a person's last one in a role counts.

    Those given beside other words of the source do not: the same translation may be wrong there. Nor does a
    translator's own, unless the rule allows it.
    """
    counting: dict[tuple[str, str], LogLine] = {}
    for line in log:
        record = line.record
        if record.edition != edition:
            continue
        if record.decision is not Decision.APPROVE:
            counting.clear()
        elif record.source == source and may_approve(record, rule):
            counting[record.signer, record.role] = line
    return tuple(counting.values())


def may_approve(record: SignOff, rule: SignOffRule | None) -> bool:
    """False for a translator's approval of their own words where the rule wants a second person."""
    if rule is not None and rule.approver_may_translate:
        return True
    return record.signer not in {email_of(translator) for translator in record.translators}


def email_of(translator: str) -> str:
    """The address in `Name <address>`, as `Last-Translator` has it; the text itself if there is none."""
    return translator.rpartition("<")[2].rstrip("> ")


def missing_approvals(approvals: Sequence[LogLine], rule: SignOffRule | None) -> tuple[str, ...]:
    """What the rule still asks for, in words; empty when it is met."""
    if rule is None:
        return ("no sign-off rule in newsroom.toml speaks of this edition",)
    missing = []
    for wanted in rule.approvals:
        have = len({line.record.signer for line in approvals if line.record.role == wanted.role})
        if have < wanted.people:
            missing.append(_missing_approval(wanted.people - have, wanted.role, more=have > 0))
    return tuple(missing)


def _missing_approval(count: int, role: str, *, more: bool) -> str:
    number = {1: "one more" if more else "one"}.get(count, f"{count} more" if more else str(count))
    return f"approval by {number} {role}{'s' if count > 1 else ''}"


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenNote:
    """What an editor wants changed and nobody has dealt with yet."""

    signer: str
    name: str
    at: datetime.datetime
    segment: str
    """The digest of the segment that it is about; empty for the whole edition."""
    text: str


def open_notes(log: Sequence[LogLine], segments: Collection[str] | None, edition: str) -> tuple[OpenNote, ...]:
    """The notes of each editor's last decision that still hold.

    A note is settled when the words that it is about change, or by a later decision of its author. `segments` are the
    digests of the segments as they are now; None while the edition is incomplete, when its notes all stay open.
    """
    last = {line.record.signer: line.record for line in log}
    return tuple(
        OpenNote(signer=record.signer, name=record.name, at=record.at, segment=note.segment, text=note.text)
        for record in last.values()
        if record.decision is Decision.RETURN
        for note in record.notes
        if segments is None or (note.segment in segments if note.segment else record.edition == edition)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where an edition stands, and what keeps it from being published as it is now."""

    stage: Stage
    blocked_by: tuple[str, ...]
    approved: Approved | None
    notes: tuple[OpenNote, ...] = ()
    waits_for: str = ""
    """The language whose edition must be signed first; empty if there is nothing to wait for."""


def standing(
    *,
    catalog: Catalog | None,
    edition: Edition | None,
    edition_digest: str,
    log: Sequence[LogLine],
    section: str,
    rule_of: RuleOf,
    waits_for: str = "",
) -> Standing:
    """Derives the stage. `edition` is None while words are missing; the log holds verified lines only.

    `waits_for` is the language of the source edition if the rule wants that signed first and it is not.
    """
    signed = approved(log, rule_of)
    blocked = list(_open_units(catalog))
    if edition is not None:
        rule = rule_of(section)
        approvals = counting_approvals(log, edition_digest, edition.source_digest, rule)
        blocked += missing_approvals(approvals, rule)
    else:
        approvals = ()
    if waits_for:
        blocked.append(f"the source edition ({waits_for}) must be signed first")
    if not blocked and edition is None:
        blocked.append("the edition has faults: see workflow check")
    notes = open_notes(log, edition.segment_digests if edition else None, edition_digest)
    blocked += [f"note of {note.name}: {note.text}" for note in notes]
    last = next((line.record for line in reversed(log) if line.record.edition == edition_digest), None)
    if signed and signed.withdrawn:
        stage = Stage.WITHDRAWN
    elif last is not None and last.decision is Decision.RETURN:
        stage = Stage.RETURNED
    elif signed and edition is not None and signed.covers(edition_digest, edition.source_digest):
        stage = Stage.SIGNED_OFF
    elif signed:
        stage = Stage.STALE
    elif edition is not None:
        stage = Stage.IN_REVIEW if approvals else Stage.TRANSLATED
    else:
        stage = _translation_stage(catalog)
    return Standing(stage=stage, blocked_by=tuple(blocked), approved=signed, notes=notes, waits_for=waits_for)


def _translation_stage(catalog: Catalog | None) -> Stage:
    if catalog is None or not any(unit.is_translated for unit in catalog.live):
        return Stage.UNTRANSLATED
    if all(unit.state is UnitState.TRANSLATED for unit in catalog.live):
        return Stage.TRANSLATED
    return Stage.IN_TRANSLATION


def _open_units(catalog: Catalog | None) -> list[str]:
    if catalog is None:
        return ["no catalog yet: run workflow update"]
    states = [unit.state for unit in catalog.live]
    words = ((UnitState.NEW, "not translated"), (UnitState.NEEDS_REVIEW, "to review"))
    return [f"{count} unit{'s' if count > 1 else ''} {what}" for state, what in words if (count := states.count(state))]
