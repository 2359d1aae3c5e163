"""Which records of a log count: the chain is whole, the signer may decide, the signature is good."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from workflow.canonical import digest
from workflow.diagnostics import Diagnostic
from workflow.errors import InputError
from workflow.newsroom import Newsroom
from workflow.operations.cache import read_cache, write_cache
from workflow.signing import SIGNERS_FILE, verify
from workflow.signoff import LogLine, chain_faults, fault, payload, signer_fault

CACHE_FILE = "verdicts.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedLog:
    """A log after its check."""

    all_lines: tuple[LogLine, ...]
    """As they stand in the file; none if it cannot be read."""
    lines: tuple[LogLine, ...]
    """Those that count, by date: of two branches that were merged, either may stand first in the file."""
    faults: tuple[Diagnostic, ...]


@dataclass(kw_only=True, slots=True)
class Verdicts:
    """Checks signatures, remembering the verdict on each line as long as `newsroom.signers` stays as it is.

    A signature is judged at the record's own time, so the verdict on a line does not age.
    """

    newsroom: Newsroom
    now: datetime.datetime
    known: dict[str, str] = field(default_factory=dict)
    """Key of line and signers → why the signature is bad; empty if it is good."""
    signers_digest: str = ""
    changed: bool = False

    @classmethod
    def load(cls, newsroom: Newsroom, now: datetime.datetime, *, cached: bool = True) -> Verdicts:
        """The verdicts of earlier runs, or none when everything is to be checked afresh."""
        known = read_cache(newsroom, CACHE_FILE) if cached else {}
        signers = newsroom.read(SIGNERS_FILE) if newsroom.signers.exists() else b""
        return cls(newsroom=newsroom, now=now, known=known, signers_digest=digest(signers))

    def save(self) -> None:
        """Keeps the verdicts for the next run."""
        if self.changed:
            # A bad verdict may come from this machine, so it is asked for again.
            write_cache(self.newsroom, CACHE_FILE, {key: reason for key, reason in self.known.items() if not reason})

    def checked_log(self, language: str, slug: str) -> CheckedLog:
        """The log of an edition; a damaged one has faults and no line that counts."""
        path = self.newsroom.log_file(language, slug)
        try:
            log = self.newsroom.read_log(language, slug)
        except InputError as error:
            return CheckedLog(all_lines=(), lines=(), faults=error.diagnostics)
        settings = self.newsroom.settings
        faults = chain_faults(log, path, newsroom=settings.url, story=slug, language=language)
        if faults:
            return CheckedLog(all_lines=log, lines=(), faults=tuple(faults))
        counting = []
        for line in log:
            why = self._line_fault(line)
            if why is None:
                counting.append(line)
            else:
                faults.append(fault(why[0], why[1], path, line.number, why[2]))
        counting.sort(key=lambda line: line.record.at)
        return CheckedLog(all_lines=log, lines=tuple(counting), faults=tuple(faults))

    def _line_fault(self, line: LogLine) -> tuple[str, str, str] | None:
        """(code, what is wrong, how to mend it), or None if the record counts."""
        if line.record.at > self.now + datetime.timedelta(minutes=5):
            return "future", f"dated in the future: {line.record.at:%Y-%m-%d %H:%M} UTC", "set this machine's clock"
        if message := signer_fault(line.record, self.newsroom.settings.people):
            return "signer", message, "newsroom.toml must name whoever signed: put them back, or sign again"
        if reason := self.signature_fault(line):
            hint = f"{SIGNERS_FILE} must list the key that signed, for {line.record.signer}; or sign again"
            return "signature", f"signature of {line.record.signer} is not good: {reason}", hint
        return None

    def signature_fault(self, line: LogLine) -> str:
        """Why the line's signature is bad; empty if it is good."""
        key = f"{line.digest}:{self.signers_digest}"
        if key not in self.known:
            self.known[key] = self._verify(line)
            self.changed = True
        return self.known[key]

    def _verify(self, line: LogLine) -> str:
        record = line.record
        if not self.newsroom.signers.exists():
            return f"there is no {SIGNERS_FILE}"
        signers = self.newsroom.signers
        reason = verify(payload(record), record.signature, signer=record.signer, at=record.at, signers=signers)
        return reason or ""
