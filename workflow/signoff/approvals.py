"""What the records of a log amount to under the newsroom's rules: which words were approved, and by whom."""

from __future__ import annotations

import dataclasses
import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from workflow.model import Decision, SignOff
from workflow.settings import RuleOf, SignOffRule
from workflow.signoff.log import LogLine
from workflow.text import folded_address


@dataclass(frozen=True, kw_only=True, slots=True)
class Approved:
    """Words that were approved as the rule asks."""

    edition: str
    """sha256 of the frozen edition."""
    lines: tuple[LogLine, ...]
    """The approvals that count, in log order."""
    withdrawal: SignOff | None = None
    """The record that took these words back; None while they are live."""

    @property
    def key(self) -> tuple[str, ...]:
        """What tells the same words approved by others apart: the digests of the log lines."""
        return tuple(line.digest for line in self.lines)

    @property
    def source(self) -> str:
        """sha256 over the source segments that they were approved beside."""
        return self.lines[0].record.source

    @property
    def at(self) -> datetime.datetime:
        """When the last approval that was needed was given."""
        return max(line.record.at for line in self.lines)

    def covers(self, edition: str, source: str) -> bool:
        """True if just these words were approved, and beside just this source."""
        return (self.edition, self.source) == (edition, source)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The approvals of a log, on one channel."""

    approved: tuple[Approved, ...]
    """Each time that a rule was met, the newest last."""
    counting: Mapping[tuple[str, str], tuple[LogLine, ...]]
    """By edition and source: the approvals that count towards the rule."""

    @property
    def last(self) -> Approved | None:
        """The words last approved; None if none ever were."""
        return self.approved[-1] if self.approved else None

    def approvals(self, edition: str, source: str) -> tuple[LogLine, ...]:
        """The approvals that count of these words beside this source."""
        return self.counting.get((edition, source), ())


def tally(log: Sequence[LogLine], rule_of: RuleOf) -> Tally:
    """Counts the approvals in lines that were verified.

    Each person's last approval in a role counts for the words and the source that it names: the same translation may
    be wrong beside another source. It counts until the words are returned or withdrawn, or other words are approved in
    their place: words that were replaced come back only if everybody approves them anew.
    """
    approved: list[Approved] = []
    standing: list[int] = []
    """Those of `approved` that nobody has withdrawn."""
    pending: dict[str, dict[str, dict[tuple[str, str], LogLine]]] = {}
    """By edition, source, and signer and role."""
    older: dict[str, int] = {}
    """By edition: how many had been approved when it was last signed."""
    for line in log:
        record = line.record
        if record.decision is not Decision.APPROVE:
            pending.pop(record.edition, None)
            if record.decision is Decision.WITHDRAW:
                standing = _withdraw(approved, standing, record, older.get(record.edition, 0))
            continue
        older[record.edition] = len(approved)
        signed = pending.setdefault(record.edition, {}).setdefault(record.source, {})
        # Taken out first, so that the lines stay in log order: the last one tells which languages the story is for.
        signed.pop((record.signer, record.role), None)
        signed[record.signer, record.role] = line
        rule = rule_of(record.section)
        counting = tuple(line for line in signed.values() if may_approve(line.record, rule))
        if not missing_approvals(counting, rule):
            if not approved or not approved[-1].covers(record.edition, record.source):
                pending = {record.edition: {record.source: signed}}
            standing.append(len(approved))
            approved.append(Approved(edition=record.edition, lines=counting))
    counting_now = {
        (edition, source): tuple(
            line for line in lines.values() if may_approve(line.record, rule_of(line.record.section))
        )
        for edition, sources in pending.items()
        for source, lines in sources.items()
    }
    return Tally(approved=tuple(approved), counting=counting_now)


def _withdraw(approved: list[Approved], standing: Sequence[int], record: SignOff, older: int) -> list[int]:
    """Takes back the words that the record names, and the `older` ones before them, which may still be live.

    Returns which still stand.
    """
    kept = [number for number in standing if number >= older and approved[number].edition != record.edition]
    for number in set(standing).difference(kept):
        approved[number] = dataclasses.replace(approved[number], withdrawal=record)
    return kept


def may_approve(record: SignOff, rule: SignOffRule | None) -> bool:
    """False for the approval of a translator or an author where the rule wants a second person."""
    if rule is None:
        return True
    if not rule.approver_may_translate and has_translated(record):
        return False
    return rule.author_may_approve or record.name not in record.authors


def has_translated(record: SignOff) -> bool:
    """True if the signer is one of the translators; nobody becomes a second person by a capital letter."""
    return folded_address(record.signer) in {folded_address(_email_of(item)) for item in record.translators}


def _email_of(translator: str) -> str:
    """The address in `Name <address>`, as `Last-Translator` has it; the text itself if there is none."""
    return translator.rpartition("<")[2].rstrip("> ")


def missing_approvals(approvals: Sequence[LogLine], rule: SignOffRule | None) -> tuple[str, ...]:
    """What the rule still asks for, in words; empty when it is met."""
    if rule is None:
        return ("no sign-off rule in newsroom.toml speaks of this edition",)
    people: dict[str, set[str]] = {}
    for line in approvals:
        people.setdefault(line.record.role, set()).add(line.record.signer)
    have, missing = people_in_roles(rule, people), []
    for wanted in rule.approvals:
        lacking = wanted.people - have[wanted.role]
        if lacking > 0:
            missing.append(_missing_approval(lacking, wanted.role, more=have[wanted.role] > 0))
    return tuple(missing)


def people_in_roles(rule: SignOffRule, people: Mapping[str, Collection[str]]) -> Counter[str]:
    """How many of the people that a rule wants in each role there are, if nobody counts in two.

    `people` are those who may stand in a role. As many places as can be are filled (Kuhn's matching).
    """
    places = [
        wanted.role for wanted in rule.approvals for _ in range(min(wanted.people, len(people.get(wanted.role, ()))))
    ]
    holders: dict[str, int] = {}

    def fill(place: int, asked: set[str]) -> bool:
        for person in sorted(set(people[places[place]]) - asked):
            asked.add(person)
            if person not in holders or fill(holders[person], asked):
                holders[person] = place
                return True
        return False

    for place in range(len(places)):
        fill(place, set())
    return Counter(places[place] for place in holders.values())


def _missing_approval(count: int, role: str, *, more: bool) -> str:
    number = {1: "one more" if more else "one"}.get(count, f"{count} more" if more else str(count))
    return f"approval by {number} {role}{'s' if count > 1 else ''}"
