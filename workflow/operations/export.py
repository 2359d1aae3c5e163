"""Sign-off records as files that stock OpenSSH confirms, for whoever has to believe them without us."""

from __future__ import annotations

import datetime
import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from workflow.diagnostics import Diagnostic
from workflow.errors import InputError, UsageError
from workflow.newsroom import Newsroom
from workflow.operations.verdicts import Verdicts
from workflow.signing import NAMESPACE, SIGNERS_FILE, verify_arguments
from workflow.signoff import LogLine, payload

_REVOKED_FILE = "newsroom.revoked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """The records of one edition, as files in a folder."""

    folder: Path
    commands: tuple[str, ...]
    """What a shell confirms each record with, in the order of the log."""
    faults: tuple[Diagnostic, ...]
    """What `workflow verify` says against the log."""


def signed_slug(newsroom: Newsroom, story: str, language: str) -> str:
    """The slug of a story with a sign-off log in the language; the story itself may be gone.

    Raises UsageError for what the newsroom does not have.
    """
    newsroom.language(language)
    logs = newsroom.files(f"locales/{language}/signoffs", ".jsonl")
    if newsroom.log_file(language, story) in logs:
        return story
    slug = newsroom.known_slug(story)
    if newsroom.log_file(language, slug) not in logs:
        hint = "workflow status tells what is signed"
        raise UsageError.of("usage.unsigned", f"nobody has signed {slug} in {language} yet", hint=hint)
    return slug


def export(newsroom: Newsroom, slug: str, language: str, folder: Path, now: datetime.datetime) -> Export:
    """Writes payload and signature of every record of the log, and beside them the lists of keys as they are now.

    Records that do not count are written too: the faults say which. Raises InputError for a log or list of keys that
    cannot be read, MachineError if the disk refuses.
    """
    verdicts = Verdicts.load(newsroom, now, cached=False)
    log = verdicts.checked_log(language, slug)
    if not log.all_lines:
        raise InputError(log.faults)
    target = replace(newsroom, root=folder)
    target.write(SIGNERS_FILE, verdicts.lists.signers)
    if verdicts.lists.revoked is not None:
        target.write(_REVOKED_FILE, verdicts.lists.revoked)
    commands = [_write(target, line, has_revocations=verdicts.lists.revoked is not None) for line in log.all_lines]
    return Export(folder=folder, commands=tuple(commands), faults=log.faults)


def _write(target: Newsroom, line: LogLine, *, has_revocations: bool) -> str:
    """Writes the record's two files; returns the command line that confirms them."""
    record, name = line.record, f"{line.number:04}-{line.record.decision}.json"
    target.write(name, payload(record))
    target.write(f"{name}.sig", record.signature.encode())
    arguments = verify_arguments(
        signers=str(target.root / SIGNERS_FILE),
        signer=record.signer,
        signature=str(target.root / f"{name}.sig"),
        at=record.at,
        namespace=NAMESPACE,
    )
    if has_revocations:
        arguments += ["-r", str(target.root / _REVOKED_FILE)]
    return f"TZ=UTC {shlex.join(['ssh-keygen', *arguments])} < {shlex.quote(str(target.root / name))}"
