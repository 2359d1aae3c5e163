"""Which approved words are out: where languages go out together, those that all of them have approved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from workflow.settings import RuleOf
from workflow.signoff.approvals import Approved, Tally

TallyOf: TypeAlias = Callable[[str], Tally]
"""The tally of the same story in the language with this code, on the same channel."""


def live_words(counted: Tally, rule_of: RuleOf, tally_of: TallyOf) -> Approved | None:
    """The newest approved words that are held back by no language, withdrawn or not; None if there are none."""
    return next((found for found in reversed(counted.approved) if not held_by(found, rule_of, tally_of)), None)


def held_by(found: Approved, rule_of: RuleOf, tally_of: TallyOf) -> tuple[str, ...]:
    """The languages that approved words must go out with and that have none approved beside the same source.

    What was out together stays out when one of the languages is withdrawn later.
    """
    record = found.lines[-1].record
    rule = rule_of(record.section)
    companions = rule.companions(record.language, record.languages) if rule else ()
    if not companions:
        return ()
    beside = {
        code: [item for item in tally_of(code).approved if item.source == found.source]
        for code in (record.language, *companions)
    }
    complete = max(min(item.at for item in items) for items in beside.values() if items)
    return tuple(
        code
        for code in companions
        if not any(item.withdrawal is None or item.withdrawal.at > complete for item in beside[code])
    )


def held_in_words(languages: Sequence[str]) -> tuple[str, ...]:
    """What a release waits for, in words; empty if for nothing."""
    return tuple(f"released together with {code}, which is not signed off beside this source" for code in languages)
