"""Stories × languages: how far the translators are, where the editors stand, what blocks."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.model import Stage, UnitState
from workflow.newsroom import Newsroom
from workflow.operations.standing import EditionState, edition_states
from workflow.operations.verdicts import Verdicts


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitCounts:
    """The live units of a catalog by state."""

    total: int
    translated: int
    needs_review: int
    new: int


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
    signed: Signed | None
    blocked_by: tuple[str, ...]


def status(newsroom: Newsroom, slugs: Sequence[str], now: datetime.datetime) -> tuple[EditionStatus, ...]:
    """The status of every edition; raises InputError for a story, picture or catalog that cannot be used."""
    verdicts = Verdicts.load(newsroom, now)
    rows = tuple(_row(state) for state in edition_states(newsroom, slugs, verdicts))
    verdicts.save()
    return rows


def _row(state: EditionState) -> EditionStatus:
    states = [unit.state for unit in state.catalog.live] if state.catalog else []
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
        signed=None
        if approved is None or approved.withdrawn
        else Signed(
            edition=approved.edition,
            at=approved.at,
            by=tuple(line.record.signer for line in approved.lines),
        ),
        blocked_by=blocked,
    )
