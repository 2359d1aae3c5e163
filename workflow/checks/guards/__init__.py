"""Guards of meaning: signs that a translation says something else than its source, or part of it, or more."""

from __future__ import annotations

from workflow.checks.guards.extent import lost_quotations, unlike_length, unlike_sentences
from workflow.checks.guards.foreign import look_alike_letters, other_han, residue, same_as_source
from workflow.checks.guards.negation import lost_negation

GUARDS = (
    lost_negation,
    lost_quotations,
    unlike_sentences,
    unlike_length,
    residue,
    same_as_source,
    other_han,
    look_alike_letters,
)

__all__ = ["GUARDS"]
