"""Negation that only one side has: a lost “not” turns the news round.

Languages put a negation in many ways (“fail to”, «отказаться», 缺乏), so counting does not help. A side is told of
only when it plainly negates and the other gives no sign at all, in the same sentence where both have as many.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflow.checks.guards.negatives import NEGATIONS, Negation
from workflow.checks.pair import Pair
from workflow.checks.prose import Span, masked
from workflow.checks.scripts import Script, script_of
from workflow.checks.sentences import sentences
from workflow.diagnostics import Diagnostic, Severity


def lost_negation(pair: Pair) -> Iterator[Diagnostic]:
    """A sentence that is negative on one side only."""
    source_script, script = script_of(pair.source_language), script_of(pair.language)
    if pair.slug is None or source_script is None or script is None or source_script is script:
        return
    ours, theirs = NEGATIONS[source_script], NEGATIONS[script]
    source, target = pair.unit.source, pair.unit.target
    if not (ours.hint.search(source) or theirs.hint.search(target)):
        return
    for before, after in _aligned(source, source_script, target, script):
        if spans := _one_sided(source, before, ours, after, theirs):
            message = "negative in the source, not in the translation"
            yield _finding(pair, message, source_spans=spans)
        elif spans := _one_sided(target, after, theirs, before, ours, is_translation=True):
            message = "negative in the translation, not in the source"
            yield _finding(pair, message, target_spans=spans)


def _aligned(source: str, source_script: Script, target: str, script: Script) -> list[tuple[str, str]]:
    """Sentence by sentence if both have as many, else the whole texts."""
    ours, theirs = sentences(source, source_script), sentences(target, script)
    if len(ours) == len(theirs) > 1:
        return list(zip(ours, theirs, strict=True))
    return [(masked(source), masked(target))]


def _one_sided(
    whole: str, text: str, negation: Negation, other: str, others: Negation, *, is_translation: bool = False
) -> tuple[Span, ...]:
    """Where the text plainly negates while the other gives no sign of it; as places in the whole."""
    found = _plain(text, negation)
    if not found or others.any_sign.search(other):
        return ()
    if is_translation and all(negation.light.match(text, begin) for begin, _ in found):
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
