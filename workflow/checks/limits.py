"""Texts that are longer than the newsroom has room for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from workflow.checks.pair import Pair
from workflow.diagnostics import Diagnostic, Severity
from workflow.settings import LengthLimit
from workflow.volume import visible_text


def over_limits(pairs: Iterable[Pair], limits: Sequence[LengthLimit]) -> Iterator[Diagnostic]:
    """Translations over the first limit for their language and role; marks and addresses do not count."""
    for pair in pairs:
        role = pair.role.value if pair.role else ""
        limit = next((item for item in limits if role and item.matches(pair.language.code, role)), None)
        if limit is not None and not pair.is_left_out:
            yield from _over(pair, limit)


def _over(pair: Pair, limit: LengthLimit) -> Iterator[Diagnostic]:
    length = len(visible_text(pair.unit.target, pair.unit.context))
    for code, most, severity in (
        ("limits.hard", limit.hard, Severity.ERROR),
        ("limits.soft", limit.soft, Severity.WARNING),
    ):
        if most is not None and length > most:
            yield pair.finding(code, f"{length} characters, and at most {most} are wanted", "say it shorter", severity)
            return
