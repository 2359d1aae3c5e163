"""The other two decisions: an edition goes back to its translator, or out of publication."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workflow.errors import GateShut, UsageError
from workflow.model import Decision, Edition, Note, SignOff
from workflow.newsroom import Newsroom
from workflow.operations.people import person_of, role_of
from workflow.operations.record import append_record, moment_after, new_record
from workflow.operations.signature import signed
from workflow.operations.standing import EditionState, no_catalog, state_to_sign
from workflow.signoff import MEANINGS, heads


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteText:
    """A note as the editor gives it."""

    segment: int | None
    """The segment's number in story order, from 1; None for the whole edition."""
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A decision that waits for its signature."""

    state: EditionState
    record: SignOff


def prepare_return(
    newsroom: Newsroom,
    slug: str,
    language: str,
    *,
    signer: str,
    role: str | None,
    notes: Sequence[NoteText],
    now: datetime.datetime,
) -> Prepared:
    """The record that sends the present words back with the notes.

    Raises UsageError for a person or a segment that is not there, GateShut while the edition is incomplete.
    """
    person = person_of(newsroom, signer)
    state = state_to_sign(newsroom, slug, language, now)
    role = role_of(person, state, role, now)
    _require_sound_log(state)
    if state.catalog is None:
        raise no_catalog(newsroom, slug, language)
    if state.edition is None:
        raise GateShut(state.faults)
    bound = tuple(_bound(note, state.edition) for note in notes)
    record = new_record(newsroom, state, state.edition, person, role, now, decision=Decision.RETURN, notes=bound)
    return Prepared(state=state, record=record)


def prepare_withdrawal(
    newsroom: Newsroom,
    slug: str,
    language: str,
    *,
    signer: str,
    role: str | None,
    reason: str,
    now: datetime.datetime,
) -> Prepared:
    """The record that takes the published words back, for the reason that readers are told.

    Raises UsageError for a person who is not there, GateShut if nothing of the edition is published.
    """
    person = person_of(newsroom, signer)
    state = state_to_sign(newsroom, slug, language, now)
    role = role_of(person, state, role, now)
    _require_sound_log(state)
    live = state.standing.approved
    if live is None or live.withdrawal:
        hint = "workflow status shows what is signed"
        raise GateShut.of("signoff.not-live", f"nothing of {slug} is published in {language}", hint=hint)
    log = state.log.all_lines
    record = replace(
        live.lines[-1].record,
        decision=Decision.WITHDRAW,
        role=role,
        signer=person.email,
        name=person.name,
        meaning=MEANINGS[Decision.WITHDRAW],
        at=moment_after(log, now),
        notes=(Note(segment="", text=reason),),
        follows=heads(log),
        signature="",
    )
    return Prepared(state=state, record=record)


def decide(newsroom: Newsroom, prepared: Prepared, *, key: Path | None) -> SignOff:
    """Signs the record and appends it to the log; returns it with its signature."""
    with newsroom.lock():
        record = signed(newsroom, prepared.state, prepared.record, key)
        append_record(newsroom, record)
    return record


def _require_sound_log(state: EditionState) -> None:
    if state.log.faults:
        raise GateShut(state.log.faults)


def _bound(note: NoteText, edition: Edition) -> Note:
    """The note, bound to the digest of the segment that it names."""
    if note.segment is None:
        return Note(segment="", text=note.text)
    if not 1 <= note.segment <= len(edition.segment_digests):
        hint = f"this edition has segments 1 to {len(edition.segment_digests)}"
        raise UsageError.of("usage.segment", f"no segment {note.segment}", hint=hint)
    return Note(segment=edition.segment_digests[note.segment - 1], text=note.text)
