"""Which records of a log count: the chain is whole, the signer may decide, the signature is good."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from workflow.diagnostics import Diagnostic, Severity
from workflow.errors import InputError
from workflow.model import Decision, SignOff
from workflow.newsroom import Newsroom
from workflow.operations.cache import read_cache, write_cache
from workflow.signers import key_owners
from workflow.signing import REVOKED, REVOKED_HINT, SIGNERS_FILE, Claim, KeyLists, revocations_fault, verify_all
from workflow.signoff import LogLine, chain_faults, fault, key_faults, payload, signer_fault

CACHE_FILE = "verdicts.json"
SHARED_KEY_HINT = (
    "a key has one owner, under one name: each signs again with a key of their own, once this one stands in the "
    "revocation list"
)
_AT_ONCE = 500
"""Logs that are held in memory together, so that their signatures are checked in parallel."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedLog:
    """A log after its check."""

    all_lines: tuple[LogLine, ...]
    """As they stand in the file; none if it cannot be read."""
    lines: tuple[LogLine, ...]
    """Those that count, by date: of two branches that were merged, either may stand first in the file."""
    faults: tuple[Diagnostic, ...]


def key_lists(newsroom: Newsroom) -> KeyLists:
    """The newsroom's lists of keys as they are now; without `newsroom.signers` nobody may sign.

    Raises InputError if one key is listed for two people, or if the settings name a revocation list that is missing,
    empty or unreadable: a key that was revoked would count again.
    """
    signers = newsroom.read(SIGNERS_FILE) if newsroom.signers.exists() else b""
    for owners in key_owners(signers, tuple(newsroom.settings.people)).values():
        if len(owners) > 1:
            one, other, *_ = owners
            message = f"one key for {one} and {other}: they would count as two people"
            raise InputError.of(
                "signing.shared-key", message, path=SIGNERS_FILE, line=owners[other], hint="a key has one owner"
            )
    path = newsroom.settings.revocations
    if not path:
        return KeyLists(signers=signers)
    hint = f"restore {path} from version control: until then no signature can be trusted"
    try:
        revoked = newsroom.read(path)
    except InputError as error:
        raise InputError(
            replace(found, message=f"the revocation list cannot be read: {found.message}", hint=hint)
            for found in error.diagnostics
        ) from None
    if why := revocations_fault(revoked):
        hint += f"; if no key was ever revoked, make one that says so: ssh-keygen -k -f {path} /dev/null"
        raise InputError.of("signing.revocations", why, path=path, hint=hint)
    return KeyLists(signers=signers, revoked=revoked)


def second_names(newsroom: Newsroom, lists: KeyLists, lines: Sequence[LogLine]) -> dict[str, str]:
    """By digest: why lines of one log that are well signed do not tell who signed them."""
    return key_faults(lines, key_owners(lists.signers, tuple(newsroom.settings.people)))


@dataclass(kw_only=True, slots=True)
class Verdicts:
    """Checks signatures, remembering the verdict on each line as long as the lists of keys stay as they are.

    A signature is judged at the record's own time, so the verdict on a line does not age.
    """

    newsroom: Newsroom
    now: datetime.datetime
    lists: KeyLists
    lists_digest: str
    known: dict[str, str] = field(default_factory=dict)
    """Key of line and lists → why the signature is bad; empty if it is good."""
    records: int = 0
    """Lines of logs that were looked at."""
    remarks: list[Diagnostic] = field(default_factory=list)
    """The records of revoked keys. They count for nothing, but are no faults: the log must stay fit to be signed."""
    changed: bool = False
    checked: Callable[[int], None] = lambda _: None
    """Is told of so many signatures more that were checked."""
    at_hand: dict[tuple[str, str], CheckedLog] = field(default_factory=dict)
    """(language, slug) → a log that was checked together with others, and will be asked for."""

    @classmethod
    def load(
        cls,
        newsroom: Newsroom,
        now: datetime.datetime,
        *,
        cached: bool = True,
        checked: Callable[[int], None] = lambda _: None,
    ) -> Verdicts:
        """The verdicts of earlier runs, or none when everything is to be checked afresh.

        Raises InputError if the newsroom's revocation list cannot be used.
        """
        known, lists = read_cache(newsroom, CACHE_FILE) if cached else {}, key_lists(newsroom)
        return cls(newsroom=newsroom, now=now, known=known, lists=lists, lists_digest=lists.digest, checked=checked)

    def save(self) -> None:
        """Keeps the verdicts for the next run."""
        if self.changed:
            # Another bad verdict may come from this machine, so it is asked for again.
            sure = {
                key: reason
                for key, reason in self.known.items()
                if reason in ("", REVOKED) and key.endswith(self.lists_digest)
            }
            write_cache(self.newsroom, CACHE_FILE, sure)

    def checked_log(self, language: str, slug: str) -> CheckedLog:
        """The log of an edition; a damaged one has faults and no line that counts."""
        if log := self.at_hand.get((language, slug)):
            return log
        ((_, log),) = self.checked_logs(language, [slug])
        return log

    def held(self, slugs: Iterable[str]) -> Iterator[str]:
        """The slugs, in turn; the logs of many are checked together, and held while those slugs are gone through."""
        waiting, languages = iter(slugs), tuple(self.newsroom.settings.languages)
        while some := list(islice(waiting, _AT_ONCE // len(languages) + 1)):
            self.at_hand = self._checked_together([(language, slug) for slug in some for language in languages])
            yield from some
        self.at_hand = {}

    def checked_logs(self, language: str, slugs: Iterable[str]) -> Iterator[tuple[str, CheckedLog]]:
        """(slug, log) of many editions of a language; their signatures are checked in parallel."""
        waiting = iter(slugs)
        while some := list(islice(waiting, _AT_ONCE)):
            logs = self._checked_together([(language, slug) for slug in some])
            for slug in some:
                yield slug, logs[language, slug]

    def _checked_together(self, editions: Sequence[tuple[str, str]]) -> dict[tuple[str, str], CheckedLog]:
        """(language, slug) → log; the signatures of all are checked in parallel."""
        logs = {edition: self._read(*edition) for edition in editions}
        self._judge([line for log in logs.values() for line in log.lines])
        return {(language, slug): self._checked(log, language, slug) for (language, slug), log in logs.items()}

    def _read(self, language: str, slug: str) -> CheckedLog:
        """The log before its signatures are checked: its faults are those of its lines' places."""
        path, settings = self.newsroom.log_file(language, slug), self.newsroom.settings
        try:
            log = self.newsroom.read_log(language, slug)
        except InputError as error:
            return CheckedLog(all_lines=(), lines=(), faults=error.diagnostics)
        self.records += len(log)
        faults = chain_faults(log, path, newsroom=settings.url, story=slug, language=language)
        return CheckedLog(all_lines=log, lines=log, faults=tuple(faults))

    def _checked(self, log: CheckedLog, language: str, slug: str) -> CheckedLog:
        path, counting, dropped = self.newsroom.log_file(language, slug), [], []
        faults = [replace(found, story=slug, language=language) for found in log.faults]
        judged = [(line, self._author_fault(line.record) or self._signature_fault(line)) for line in log.lines]
        shared = second_names(self.newsroom, self.lists, [line for line, why in judged if why is None])
        for line, why in judged:
            if why is None and line.digest in shared:
                why = "shared-key", f"signature: {shared[line.digest]}", SHARED_KEY_HINT
            if why is None:
                counting.append(line)
                continue
            dropped.append(line.record)
            found = replace(fault(why[0], why[1], path, line.number, why[2]), story=slug, language=language)
            if why[0] == "revoked":
                self.remarks.append(replace(found, severity=Severity.WARNING))
            else:
                faults.append(found)
        return CheckedLog(
            all_lines=log.all_lines,
            lines=() if log.faults else _in_order(_without_overtaken(counting, dropped), log.all_lines),
            faults=tuple(faults),
        )

    def _author_fault(self, record: SignOff) -> tuple[str, str, str] | None:
        """(code, field and what is wrong with it, how to mend it), or None if the signer may decide."""
        if record.at > self.now + datetime.timedelta(minutes=5):
            return "future", f"at: dated in the future: {record.at:%Y-%m-%d %H:%M} UTC", "set this machine's clock"
        if message := signer_fault(record, self.newsroom.settings.people):
            hint = "newsroom.toml must keep whoever signed, in that role (until = DATE for who left); or sign again"
            return "signer", f"signer: {message}", hint
        return None

    def _signature_fault(self, line: LogLine) -> tuple[str, str, str] | None:
        reason, signer = self.known[self._key(line)], line.record.signer
        if not reason:
            return None
        if reason == REVOKED:
            return "revoked", f"signature: does not count: a key of {signer} that is revoked", REVOKED_HINT
        hint = f"{SIGNERS_FILE} must list the key that signed, for {signer}; or sign again"
        return "signature", f"signature: not good for {signer}: {reason}", hint

    def _judge(self, lines: Sequence[LogLine]) -> None:
        """Checks the signatures of people who may decide, where nothing is known of them yet."""
        unknown = {
            key: line
            for line in lines
            if (key := self._key(line)) not in self.known and not self._author_fault(line.record)
        }
        if not unknown:
            return
        self.changed = True
        if not self.newsroom.signers.exists():
            self.known |= dict.fromkeys(unknown, f"there is no {SIGNERS_FILE}")
            return
        found = verify_all([claim(line.record) for line in unknown.values()], self.lists)
        self.checked(len(unknown))
        self.known |= {key: reason or "" for key, reason in zip(unknown, found, strict=True)}

    def _key(self, line: LogLine) -> str:
        return f"{line.digest}:{self.lists_digest}"


def _without_overtaken(counting: Sequence[LogLine], dropped: Sequence[SignOff]) -> Iterator[LogLine]:
    """The lines that count, but for approvals that were taken back by a record that counts no more.

    Words that were returned or withdrawn must not go live again because a key was revoked or a person left, nor must
    the older ones that a withdrawal took back with them.
    """
    withdrawn = max((record.at for record in dropped if record.decision is Decision.WITHDRAW), default=None)
    returned: dict[str, datetime.datetime] = {}
    for record in dropped:
        if record.decision is Decision.RETURN:
            returned[record.edition] = max(record.at, returned.get(record.edition, record.at))
    for line in counting:
        ends = [at for at in (withdrawn, returned.get(line.record.edition)) if at]
        if all(line.record.at > at for at in ends):
            yield line


def _in_order(lines: Iterable[LogLine], log: Sequence[LogLine]) -> tuple[LogLine, ...]:
    """The lines by date; those of one second as they follow one another, and approvals before what takes them back.

    Which of two merged branches stands first in the file must not tell which words are live.
    """
    at = {line.digest: line.record.at for line in log}
    depth: dict[str, int] = {}
    for line in log:
        same_second = (depth[item] for item in line.record.follows if at.get(item) == line.record.at and item in depth)
        depth[line.digest] = max(same_second, default=-1) + 1
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                line.record.at,
                depth[line.digest],
                line.record.decision is not Decision.APPROVE,
                line.digest,
            ),
        )
    )


def claim(record: SignOff) -> Claim:
    """What the record's signature is said to be."""
    return Claim(payload=payload(record), signature=record.signature, signer=record.signer, at=record.at)
