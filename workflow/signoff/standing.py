"""Where an edition stands, and what keeps its present words from readers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from workflow.model import Catalog, Channel, Decision, Edition, Stage, UnitState
from workflow.settings import RuleOf, SignOffRule
from workflow.signoff.approvals import Approved, Tally, missing_approvals, tally
from workflow.signoff.log import LogLine
from workflow.signoff.releases import held_by, held_in_words


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
class ChannelStanding:
    """What one channel's rule makes of the present words."""

    channel: Channel
    rule: SignOffRule
    tally: Tally
    approvals: tuple[LogLine, ...]
    """Those of the present words that count."""
    missing: tuple[str, ...]
    """What the rule still asks for, in words."""
    covered: bool
    """True if the present words are the ones last approved."""
    held_by: tuple[str, ...]
    """The languages that the present words, once approved, wait for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where an edition stands, and what keeps it from being published as it is now."""

    stage: Stage
    blocked_by: tuple[str, ...]
    channels: tuple[ChannelStanding, ...]
    """The ways out that a rule opens to the edition; none if no rule speaks of it."""
    notes: tuple[OpenNote, ...] = ()
    waits_for: str = ""
    """The language whose edition must be signed first; empty if there is nothing to wait for."""

    @property
    def approved(self) -> Approved | None:
        """The words last approved on any channel, before those that were withdrawn; None if none ever were."""
        return _last_approved(self.channels)


def standing(
    *,
    catalog: Catalog | None,
    edition: Edition | None,
    edition_digest: str,
    log: Sequence[LogLine],
    section: str,
    rules: Mapping[Channel, RuleOf],
    tally_of: Callable[[Channel, str], Tally | None],
    waits_for: str = "",
) -> Standing:
    """Derives the stage. `edition` is None while words are missing; the log holds verified lines only.

    `tally_of` gives the approvals of the story in another language; `waits_for` is the language of the source edition
    if the rule wants that signed first and it is not.
    """
    channels = tuple(_channels(edition, edition_digest, log, section, rules, tally_of))
    notes = open_notes(log, edition.segment_digests if edition else None, edition_digest)
    blocked = [*_open_units(catalog)]
    if edition is not None:
        blocked += _missing(channels)
    if waits_for:
        blocked.append(f"the source edition ({waits_for}) must be signed first")
    if not blocked and edition is None:
        blocked.append("the edition has faults: see workflow check")
    blocked += [f"note of {note.name}: {note.text}" for note in notes]
    blocked += held_in_words(sorted({code for item in channels for code in item.held_by}))
    last = next((line.record.decision for line in reversed(log) if line.record.edition == edition_digest), None)
    return Standing(
        stage=_stage(channels, catalog, edition, last),
        blocked_by=tuple(blocked),
        channels=channels,
        notes=notes,
        waits_for=waits_for,
    )


def _channels(
    edition: Edition | None,
    edition_digest: str,
    log: Sequence[LogLine],
    section: str,
    rules: Mapping[Channel, RuleOf],
    tally_of: Callable[[Channel, str], Tally | None],
) -> Iterator[ChannelStanding]:
    for channel, rule_of in rules.items():
        rule = rule_of(section)
        if rule is None:
            continue
        counted = tally(log, rule_of)
        last, source = counted.last, edition.source_digest if edition else ""
        covered = last is not None and last.covers(edition_digest, source)
        approvals = counted.approvals(edition_digest, source)
        yield ChannelStanding(
            channel=channel,
            rule=rule,
            tally=counted,
            approvals=approvals,
            missing=missing_approvals(approvals, rule),
            covered=covered,
            held_by=held_by(last, rule_of, partial(tally_of, channel)) if last and covered else (),
        )


def _missing(channels: Sequence[ChannelStanding]) -> Iterator[str]:
    """What the rules still ask for; of which channel, where they differ."""
    if not channels:
        yield from missing_approvals((), None)
    elif len({item.missing for item in channels}) == 1:
        yield from channels[0].missing
    else:
        for item in channels:
            yield from (f"{item.channel}: {words}" for words in item.missing)


def _last_approved(channels: Sequence[ChannelStanding]) -> Approved | None:
    found = [item.tally.last for item in channels if item.tally.last]
    return max(found, key=lambda item: (item.withdrawal is None, item.at), default=None)


def _stage(
    channels: Sequence[ChannelStanding], catalog: Catalog | None, edition: Edition | None, last: Decision | None
) -> Stage:
    """`last` is what was decided last on the present words."""
    signed = _last_approved(channels)
    if signed and signed.withdrawal:
        return Stage.WITHDRAWN
    if last is Decision.RETURN:
        return Stage.RETURNED
    if channels and all(item.covered for item in channels):
        return Stage.SIGNED_OFF
    if signed and not any(item.covered for item in channels):
        return Stage.STALE
    if any(item.approvals for item in channels):
        return Stage.IN_REVIEW
    return Stage.TRANSLATED if edition is not None else _translation_stage(catalog)


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
