"""Which approved words are out: where languages go out together, those that all of them have approved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import TypeAlias

from workflow.settings import RuleOf
from workflow.signoff.approvals import Approved, Tally

TallyOf: TypeAlias = Callable[[str], Tally | None]
"""The tally of the same story in the language with this code, on the same channel; None if the newsroom has given the
language up."""


def live_words(counted: Tally, rule_of: RuleOf, tally_of: TallyOf) -> Approved | None:
    """The newest approved words that are held back by no language, withdrawn or not; None if there are none."""
    beside = cache(partial(_by_source, tally_of))
    return next((found for found in reversed(counted.approved) if not _absent(found, rule_of, beside)), None)


def held_by(found: Approved, rule_of: RuleOf, tally_of: TallyOf) -> tuple[str, ...]:
    """The languages that approved words must go out with and that have none approved beside the same source.

    What was out together stays out when one of the languages is withdrawn later.
    """
    return _absent(found, rule_of, partial(_by_source, tally_of))


def _by_source(tally_of: TallyOf, code: str) -> Mapping[str, Sequence[Approved]] | None:
    """By source: what was approved beside it in a language, in turn."""
    if (counted := tally_of(code)) is None:
        return None
    found: dict[str, list[Approved]] = {}
    for item in counted.approved:
        found.setdefault(item.source, []).append(item)
    return found


def _absent(
    found: Approved, rule_of: RuleOf, approved_in: Callable[[str], Mapping[str, Sequence[Approved]] | None]
) -> tuple[str, ...]:
    record = found.lines[-1].record
    rule = rule_of(record.section)
    companions = rule.companions(record.language, record.languages) if rule else ()
    if not companions:
        return ()
    beside = {
        code: approved.get(found.source, ())
        for code in (record.language, *companions)
        if (approved := approved_in(code)) is not None
    }
    complete = max(items[0].at for items in beside.values() if items)
    return tuple(
        code
        for code, items in beside.items()
        if not any(item.withdrawal is None or item.withdrawal.at > complete for item in items)
        and code != record.language
    )


def held_in_words(languages: Sequence[str]) -> tuple[str, ...]:
    """What a release waits for, in words; empty if for nothing."""
    return tuple(f"released together with {code}, which is not signed off beside this source" for code in languages)
