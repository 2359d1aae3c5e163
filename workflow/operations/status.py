"""Stories × languages: how far the translators are, where the editors stand, what blocks."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from workflow.edition import template_units
from workflow.model import Channel, Stage, Unit, UnitState
from workflow.newsroom import Newsroom
from workflow.operations.standing import EditionState, edition_states, state_to_sign
from workflow.operations.verdicts import Verdicts
from workflow.questions import open_questions
from workflow.settings import SignOffRule
from workflow.volume import Volume, source_volume, total


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitCounts:
    """The live units of a catalog by state."""

    total: int
    translated: int
    needs_review: int
    new: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Volumes:
    """How much source text the live units hold, by state."""

    total: Volume
    translated: Volume
    needs_review: Volume
    new: Volume


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """The words last signed off, which are live whatever happened since."""

    edition: str
    at: datetime.datetime
    by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class EditionStatus:
    """One row of the status."""

    story: str
    language: str
    stage: Stage
    units: UnitCounts
    volumes: Volumes
    counts_characters: bool
    """True if its source is measured by characters rather than by words, as Han is."""
    is_outdated: bool
    """True if the story has changed since the catalog was made from it, so that what there is to do is not known."""
    signed: Signed | None
    blocked_by: tuple[str, ...]
    questions: int
    """How many questions of translators are open."""

    @property
    def to_do(self) -> Volume:
        """The source text that waits for a translator."""
        return self.volumes.new + self.volumes.needs_review


def status(newsroom: Newsroom, slugs: Sequence[str], now: datetime.datetime) -> tuple[EditionStatus, ...]:
    """The status of every edition; raises InputError for a story, picture or catalog that cannot be used."""
    verdicts = Verdicts.load(newsroom, now)
    wide = newsroom.settings.story_rules.wide_languages
    rows = tuple(_row(state, wide) for state in edition_states(newsroom, slugs, verdicts))
    verdicts.save()
    return rows


def _row(state: EditionState, wide: Collection[str]) -> EditionStatus:
    units = state.catalog.live if state.catalog else ()
    states = [unit.state for unit in units]
    approved = state.standing.approved
    blocked = state.standing.blocked_by
    if state.log.faults:
        blocked = (*blocked, "faults in the sign-off log: run workflow verify")
    return EditionStatus(
        story=state.files.slug,
        language=state.language.code,
        stage=state.standing.stage,
        units=UnitCounts(
            total=len(states),
            translated=states.count(UnitState.TRANSLATED),
            needs_review=states.count(UnitState.NEEDS_REVIEW),
            new=states.count(UnitState.NEW),
        ),
        volumes=_volumes(units),
        counts_characters=state.files.story.language in wide,
        is_outdated=_is_outdated(state),
        signed=None
        if approved is None or approved.withdrawal
        else Signed(
            edition=approved.edition,
            at=approved.at,
            by=tuple(line.record.signer for line in approved.lines),
        ),
        blocked_by=blocked,
        questions=sum(len(open_questions(unit)) for unit in units),
    )


def _is_outdated(state: EditionState) -> bool:
    if state.catalog is None:
        return False
    return {unit.key for unit in template_units(state.files.story, "")} != {unit.key for unit in state.catalog.live}


def _volumes(units: Sequence[Unit]) -> Volumes:
    by_state = {state: Volume() for state in UnitState}
    for unit in units:
        by_state[unit.state] += source_volume(unit.source, unit.context)
    return Volumes(
        total=total(by_state.values()),
        translated=by_state[UnitState.TRANSLATED],
        needs_review=by_state[UnitState.NEEDS_REVIEW],
        new=by_state[UnitState.NEW],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """Why an edition stands where it does."""

    rule: str
    """Which rule applies, and what it asks for."""
    met: tuple[str, ...]
    missing: tuple[str, ...]
    """What keeps the present words from being published; empty if nothing does."""


def explain(newsroom: Newsroom, slug: str, language: str, now: datetime.datetime) -> Explanation:
    """The rule for an edition in plain words, and how far it is met; raises UsageError for a language it has not."""
    state = state_to_sign(newsroom, slug, language, now)
    return Explanation(
        rule=" | ".join(_rules_in_words(state)),
        met=tuple(_met(state)),
        missing=state.standing.blocked_by,
    )


def _rules_in_words(state: EditionState) -> Iterator[str]:
    language, section, channels = state.language.code, state.files.story.section, state.standing.channels
    if not channels:
        yield f"no rule of newsroom.toml speaks of {language} in the section {section}, so it cannot be published"
    for rule in state.rules:
        served = [item.channel.value for item in channels if item.rule == rule]
        prefix = f"{' and '.join(served)}: " if len(served) < len(Channel) else ""
        yield prefix + _rule_in_words(state, rule)
    if channels and len(channels) < len(Channel):
        closed = next(channel for channel in Channel if channel not in {item.channel for item in channels})
        yield f"no rule speaks of {closed.value}, so it does not go there"


def _rule_in_words(state: EditionState, rule: SignOffRule) -> str:
    language, story = state.language.code, state.files.story
    wants = " and ".join(f"{item.people} {item.role}{'s' if item.people > 1 else ''}" for item in rule.approvals)
    words = [f"newsroom.toml:{rule.line}: approval by {wants}"]
    if language != story.language:
        words += ["the source edition signed first"] if rule.source_first else []
        words += [] if rule.approver_may_translate else ["nobody approves their own translation"]
    words += [] if rule.author_may_approve else ["nobody approves what they wrote"]
    companions = rule.companions(language, state.languages)
    words += [f"released together with {', '.join(companions)}"] if companions else []
    return "; ".join(words)


def _met(state: EditionState) -> Iterator[str]:
    source, channels = state.files.story.language, state.standing.channels
    if state.edition is None:
        return
    yield f"all {len(state.edition.segment_digests)} segments are translated"
    waited = any(item.rule.source_first for item in channels) and state.language.code != source
    if waited and not state.standing.waits_for:
        yield f"the source edition ({source}) is signed"
    counting = {line.digest: line.record for item in channels for line in item.approvals}
    for record in counting.values():
        yield f"approved by {record.name} <{record.signer}> as {record.role} on {record.at:%Y-%m-%d %H:%M} UTC"
