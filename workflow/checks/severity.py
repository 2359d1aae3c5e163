"""How grave a finding is in a newsroom: its rules speak before the check does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from workflow.codes import is_fixed
from workflow.diagnostics import Diagnostic
from workflow.settings import CheckRule


def judged(findings: Iterable[Diagnostic], rules: Sequence[CheckRule]) -> Iterator[Diagnostic]:
    """The findings with the severity that the first matching rule gives them, without those that are off.

    What is always an error stays one.
    """
    for found in findings:
        rule = next((rule for rule in rules if rule.matches(found)), None)
        if rule is None or is_fixed(found.code):
            yield found
        elif rule.severity is not None:
            yield replace(found, severity=rule.severity)
