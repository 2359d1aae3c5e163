"""The record of a decision: made out before anything is signed, appended to its log when it is."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from workflow.canonical import digest
from workflow.errors import ConflictError
from workflow.model import Decision, Edition, Note, SignOff
from workflow.newsroom import Newsroom
from workflow.operations.standing import EditionState
from workflow.settings import Person
from workflow.signoff import MEANINGS, LogLine, format_record, heads


def new_record(
    newsroom: Newsroom,
    state: EditionState,
    edition: Edition,
    person: Person,
    role: str,
    now: datetime.datetime,
    *,
    decision: Decision = Decision.APPROVE,
    notes: tuple[Note, ...] = (),
) -> SignOff:
    """The decision on an edition, not yet signed; raises ConflictError if this machine's clock is behind the log."""
    log = state.log.all_lines
    is_translation = state.files.story.language != state.language.code
    translator = state.catalog.header("Last-Translator") if state.catalog and is_translation else ""
    return SignOff(
        decision=decision,
        newsroom=newsroom.settings.url,
        story=state.files.slug,
        language=state.language.code,
        languages=state.languages,
        section=state.files.story.section,
        role=role,
        signer=person.email,
        name=person.name,
        meaning=MEANINGS[decision],
        at=moment_after(log, now),
        edition=digest(edition.text),
        source=edition.source_digest,
        segments=edition.segment_digests,
        media=dict(edition.media),
        authors=tuple(words.text for words in state.files.story.written_by),
        translators=(translator,) if translator else (),
        notes=notes,
        follows=heads(log),
    )


def moment_after(log: Sequence[LogLine], now: datetime.datetime) -> datetime.datetime:
    """The whole second of a new record; raises ConflictError if the log's last record is later than that."""
    latest = max((line.record.at for line in log), default=None)
    if latest and latest > now:
        raise ConflictError.of(
            "signoff.clock",
            f"the log's last record is dated {latest:%Y-%m-%d %H:%M:%S} UTC, later than this machine's clock",
            hint="set the clock",
        )
    return now.astimezone(datetime.UTC).replace(microsecond=0)


def append_record(newsroom: Newsroom, record: SignOff) -> None:
    """Writes a signed record at the end of its log; the newsroom's lock is held."""
    path = newsroom.log_file(record.language, record.story)
    before = newsroom.read(path) if newsroom.exists(path) else b""
    newsroom.write(path, before + format_record(record).encode() + b"\n")
