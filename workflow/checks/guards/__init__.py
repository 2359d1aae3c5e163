"""Guards of meaning: signs that a translation says something else than its source, or part of it, or more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from workflow.checks.guards.extent import lost_quotations, unlike_length, unlike_sentences
from workflow.checks.guards.foreign import look_alike_letters, other_han, residue, same_as_source
from workflow.checks.guards.negation import lost_negation
from workflow.checks.pair import Pair
from workflow.diagnostics import Diagnostic

_GUARDS = (
    lost_negation,
    lost_quotations,
    unlike_sentences,
    unlike_length,
    residue,
    same_as_source,
    other_han,
    look_alike_letters,
)


def guards(pair: Pair) -> Iterator[Diagnostic]:
    """What the guards find; nothing for what an edition leaves out."""
    if not pair.is_left_out:
        yield from chain.from_iterable(guard(pair) for guard in _GUARDS)
