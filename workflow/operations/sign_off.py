"""An editor approves an edition: check, sign, append the record, freeze the words."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from workflow.checks import Archive
from workflow.diagnostics import Severity, errors_in
from workflow.errors import GateShut
from workflow.model import Channel, Edition, SignOff
from workflow.newsroom import Newsroom
from workflow.operations.archive import archive_findings
from workflow.operations.edition_findings import edition_findings
from workflow.operations.freezing import freeze, settle
from workflow.operations.glossary import glossary_between
from workflow.operations.live import live_in
from workflow.operations.people import person_of, role_of
from workflow.operations.record import append_record, new_record
from workflow.operations.signature import signed
from workflow.operations.standing import EditionState, no_catalog, standing_of, state_to_sign
from workflow.operations.verdicts import Verdicts
from workflow.rendering.pictures import picture_facts
from workflow.signoff import ChannelStanding, fault, has_translated, may_approve, missing_approvals
from workflow.waivers import Sorted, Waived


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What is about to be signed, to be shown to the signer."""

    state: EditionState
    edition: Edition
    record: SignOff
    already: bool
    """True if the person's approval of just these words counts, so that signing again would change nothing."""
    waived: tuple[Waived, ...] = ()
    """Findings that somebody answers for; whoever signs answers for them too."""
    warnings: int = 0
    """How many warnings stand open, which do not keep it from being signed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedOff:
    """What a sign-off did."""

    record: SignOff
    channels: tuple[Channel, ...]
    """Where the words are approved as the rule asks."""
    is_complete: bool
    """True if that is everywhere that a rule lets them go."""
    blocked_by: tuple[str, ...]
    """What the rules ask for beyond this approval, or what the release waits for."""


def prepare(
    newsroom: Newsroom, slug: str, language: str, *, signer: str, role: str | None, now: datetime.datetime
) -> Draft:
    """The record that the signer would sign; nothing is written.

    Raises UsageError for a person who may not, GateShut for an edition that is not fit to be signed.
    """
    person = person_of(newsroom, signer)
    state = state_to_sign(newsroom, slug, language, now)
    role = role_of(person, state, role, now)
    edition, found = _fit_edition(newsroom, state)
    record = new_record(newsroom, state, edition, person, role, now)
    _refuse_open_notes(newsroom, state, record)
    _refuse_by_rule(state, record)
    return Draft(
        state=state,
        edition=edition,
        record=record,
        already=_is_idle(state, record),
        waived=found.waived,
        warnings=sum(item.severity is Severity.WARNING for item in found.open),
    )


def sign_off(newsroom: Newsroom, draft: Draft, *, key: Path | None) -> SignedOff:
    """Freezes the draft's words, signs its record and appends it to the log.

    The words are kept beside those that are live until the rules are met on every channel and no language holds the
    release back. They are written before the log: killed in between, the older words stay live. Raises GateShut if
    `newsroom.signers` does not list the key.
    """
    state, record = draft.state, draft.record
    slug, language = state.files.slug, state.language
    main = newsroom.edition_file(language.code, slug)
    with newsroom.lock():
        newsroom.sweep([newsroom.log_file(language.code, slug), main, newsroom.media_file("*")])
        if not draft.already:
            record = signed(newsroom, state, record, key)
        freeze(newsroom, language.code, draft.edition, state.files.pictures.values())
        if not draft.already:
            append_record(newsroom, record)
        verdicts = Verdicts.load(newsroom, record.at)
        standing = standing_of(newsroom, state.files, language, state.catalog, draft.edition, verdicts)
        live = live_in(newsroom, verdicts, slug, language.code)
        settle(newsroom, language.code, draft.edition, standing, live)
    return SignedOff(
        record=record,
        channels=tuple(item.channel for item in standing.channels if item.covered),
        is_complete=all(item.covered for item in standing.channels),
        blocked_by=standing.blocked_by,
    )


def _refuse_open_notes(newsroom: Newsroom, state: EditionState, record: SignOff) -> None:
    """An editor's note must be dealt with, or taken back by that editor's own approval."""
    path = newsroom.log_file(record.language, record.story)
    open_notes = [item for item in state.standing.notes if item.signer != record.signer]
    if open_notes:
        raise GateShut(
            fault("note", f"open note of {item.signer}: {item.text}", path, hint="change the words it is about")
            for item in open_notes
        )


def _refuse_by_rule(state: EditionState, record: SignOff) -> None:
    """What the rule forbids, told before anything is signed."""
    if source := state.standing.waits_for:
        hint = f"workflow sign-off {record.story} {source}, or source_first = false in the rule"
        message = f"the {source} edition of {record.story} is not signed as it is now"
        raise GateShut.of("signoff.source-first", message, hint=hint)
    if not state.standing.channels:
        raise GateShut.of("signoff.no-rule", *missing_approvals((), None), hint="add one: [[signoff.rules]]")
    if not any(may_approve(record, rule) for rule in state.rules):
        raise _own_words(record)


def _own_words(record: SignOff) -> GateShut:
    if has_translated(record):
        did, key = f"translated {record.story} into {record.language}", "approver_may_translate"
    else:
        did, key = f"wrote {record.story}", "author_may_approve"
    hint = f"a second person approves, or {key} = true in the rule"
    return GateShut.of("signoff.own-words", f"{record.signer} {did} and cannot approve it", hint=hint)


def _is_idle(state: EditionState, record: SignOff) -> bool:
    """True if the log would say the same after one more such record: it stands there, and nothing overtook it."""
    return all(_stands(item, record) for item in state.standing.channels if may_approve(record, item.rule))


def _stands(channel: ChannelStanding, record: SignOff) -> bool:
    # Which languages it is released with is told by the record, too.
    told = (record.signer, record.role, record.languages)
    counts = any((line.record.signer, line.record.role, line.record.languages) == told for line in channel.approvals)
    return counts and (bool(channel.missing) or channel.covered)


def _fit_edition(newsroom: Newsroom, state: EditionState) -> tuple[Edition, Sorted]:
    """The edition, complete, without faults, and with a log that can be trusted; and what is found all the same."""
    if state.log.faults:
        raise GateShut(state.log.faults)
    if state.catalog is None:
        raise no_catalog(newsroom, state.files.slug, state.language.code)
    glossary = glossary_between(newsroom, state.files.story.language, state.language.code)
    by_rule = newsroom.settings.makes_errors_of(Archive.CODE)
    others = archive_findings(newsroom, state.files.slug, state.language) if by_rule else ()
    found = edition_findings(newsroom, state.files, state.language, state.catalog, glossary, others)
    faults = (*state.faults, *errors_in(found.open))
    if faults or state.edition is None:
        raise GateShut(faults)
    for name, (frozen, data) in state.files.pictures.items():
        picture_facts(data, frozen, f"stories/{state.files.slug}/{name}")
    return state.edition, found
