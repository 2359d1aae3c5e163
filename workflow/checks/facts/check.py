"""Facts: a translation states the numbers, dates, sums, measures and addresses of its source, and no others."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.checks.facts.accounting import differences
from workflow.checks.facts.fact import Fact, Kind
from workflow.checks.facts.reading import facts_in, has_grammar
from workflow.checks.pair import Pair
from workflow.checks.prose import Span
from workflow.diagnostics import Diagnostic, Severity
from workflow.edition import OMIT

_NAMES = {
    Kind.NUMBER: "number",
    Kind.PERCENT: "percentage",
    Kind.DATE: "date",
    Kind.TIME: "time of day",
    Kind.MONEY: "sum of money",
    Kind.UNIT: "measure",
    Kind.ADDRESS: "address",
    Kind.CODE: "code",
}


def unaccounted_facts(pair: Pair) -> Iterator[Diagnostic]:
    """Facts that became others, got lost, or were added; the forms of a plural are left to the grammar."""
    source, target = pair.unit.source, pair.unit.target
    if pair.unit.source_plural is not None or source == target or target.strip() == OMIT:
        return
    digits_only = not (has_grammar(pair.language) and has_grammar(pair.source_language))
    wanted = facts_in(source, pair.source_language, digits_only=digits_only)
    found = facts_in(target, pair.language, digits_only=digits_only)
    told: set[tuple[Span | None, Span | None]] = set()
    for fact, other in differences(wanted, found):
        # The two days of `April 26–28` are two facts in the same words.
        places = fact.span if fact is not None else None, other.span if other is not None else None
        if places not in told:
            yield _finding(pair, fact, other)
        told.add(places)


def _finding(pair: Pair, fact: Fact | None, other: Fact | None) -> Diagnostic:
    kind = _kind(fact, other)
    message, hint = _words(_NAMES[kind], fact, other)
    return pair.finding(
        f"facts.{kind}",
        message,
        hint,
        Severity.ERROR if kind is Kind.ADDRESS else Severity.WARNING,
        source_spans=(fact.span,) if fact is not None else (),
        target_spans=(other.span,) if other is not None else (),
    )


def _kind(fact: Fact | None, other: Fact | None) -> Kind:
    """Of a pair the one that says more: a bare number may be a year, or have lost its unit."""
    kinds = [one.kind for one in (fact, other) if one is not None]
    return next((kind for kind in kinds if kind is not Kind.NUMBER), Kind.NUMBER)


def _words(name: str, fact: Fact | None, other: Fact | None) -> tuple[str, str]:
    """The message and the hint."""
    match fact, other:
        case Fact(), Fact():
            message = f"{fact.words} in the source, {other.words} in the translation"
            return message, f"compare the {name} with the source, and correct the one that is wrong"
        case Fact(), None:
            return f"{fact.words} is missing", f"say the same {name} in the translation, in its own form"
        case None, Fact():
            hint = f"take the {name} out, or ask the author whether the source lacks it"
            return f"{other.words} is not in the source", hint
    raise ValueError("a difference without a fact")
