"""What a translator asked and nobody has answered."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.checks.pair import Pair
from workflow.diagnostics import Diagnostic
from workflow.questions import open_questions


def unanswered_questions(pair: Pair) -> Iterator[Diagnostic]:
    """One for each open question of the unit, translated or not."""
    session = f"workflow translate {pair.slug or 'site'} {pair.language.code}"
    for question in open_questions(pair.unit):
        yield pair.finding(
            "questions.open",
            f"nobody has answered “{question}”",
            f"answer it with F12 in {session}, or in the unit's comment: take the ? before it away",
        )
