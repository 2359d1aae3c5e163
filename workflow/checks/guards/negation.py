"""Negation that only one side has: a lost “not” turns the news round.

Languages put a negation in many ways (“fail to”, «отказаться», 缺乏), so the two sides are not counted alike: a side
is told of only when it plainly negates in more clauses than the other gives any sign of, in the same sentence where
both have as many.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from workflow.checks.guards.negatives import NEGATIONS, Negation
from workflow.checks.pair import Pair
from workflow.checks.prose import Span, masked
from workflow.checks.scripts import script_of
from workflow.diagnostics import Diagnostic, Severity
from workflow.sentences import sentences


def lost_negation(pair: Pair) -> Iterator[Diagnostic]:
    """A sentence that negates more on one side than on the other."""
    source_script, script = script_of(pair.source_language), script_of(pair.language)
    if pair.slug is None or source_script is None or script is None or source_script is script:
        return
    ours, theirs = NEGATIONS[source_script], NEGATIONS[script]
    source, target = pair.unit.source, pair.unit.target
    if not (ours.hint.search(source) or theirs.hint.search(target)):
        return
    for before, after in _aligned(pair):
        if spans := _one_sided(source, before, ours, after, theirs):
            message = "a negation of the source is missing in the translation"
            yield _finding(pair, message, source_spans=spans)
        elif spans := _one_sided(target, after, theirs, before, ours, is_translation=True):
            message = "a negation that the source does not have"
            yield _finding(pair, message, target_spans=spans)


def _aligned(pair: Pair) -> list[tuple[str, str]]:
    """Sentence by sentence if both have as many, else the whole texts."""
    source, target = masked(pair.unit.source), masked(pair.unit.target)
    ours, theirs = sentences(source, pair.source_language.code), sentences(target, pair.language.code)
    return list(zip(ours, theirs, strict=True)) if len(ours) == len(theirs) > 1 else [(source, target)]


def _one_sided(
    whole: str, text: str, negation: Negation, other: str, others: Negation, *, is_translation: bool = False
) -> tuple[Span, ...]:
    """Where the text plainly negates, if in more clauses than the other gives signs of it; as places in the whole."""
    found = _plain(text, negation)
    if is_translation:
        found = [span for span in found if not negation.light.match(text, span[0])]
    if not found or _has_signs(other, others, _clauses(text, found, negation)):
        return ()
    start = max(0, masked(whole).find(text))
    return tuple((start + begin, start + end) for begin, end in found)


def _plain(text: str, negation: Negation) -> list[Span]:
    """Where the text negates, without the places where two negations make something positive."""
    if not negation.hint.search(text):
        return []
    found, end = [], 0
    for match in negation.plain.finditer(text):
        undone = negation.undone.match(text, match.end())
        if undone:
            end = undone.end()
        elif match.start() >= end:
            found.append(match.span())
    return found


def _clauses(text: str, found: Sequence[Span], negation: Negation) -> int:
    """How many clauses the negations stand in: «никто не пришёл» negates once."""
    between = itertools.pairwise(found)
    return 1 + sum(bool(negation.seam.search(text, before[1], after[0])) for before, after in between)


def _has_signs(text: str, negation: Negation, count: int) -> bool:
    """True if the text has so many signs of a negation; looks no further than it must."""
    return any(itertools.islice(negation.any_sign.finditer(text), count - 1, None))


def _finding(
    pair: Pair, message: str, source_spans: tuple[Span, ...] = (), target_spans: tuple[Span, ...] = ()
) -> Diagnostic:
    return pair.finding(
        "guards.negation",
        message,
        "see that the sentence still says the same",
        Severity.WARNING,
        source_spans=source_spans,
        target_spans=target_spans,
    )
