"""A fault of typography: where it is, and what to write instead where that is certain."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from workflow.checks.prose import Span
from workflow.diagnostics import Severity
from workflow.model import Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One place that the language's typography wants otherwise."""

    code: str
    span: Span
    message: str
    hint: str
    replacement: str | None = None
    """None where only a person can tell what is meant."""
    severity: Severity = Severity.WARNING


Rule: TypeAlias = Callable[[str, Role | None], Iterator[Fault]]
"""Finds faults in a text whose protected parts are masked."""


_REACH = 16
"""How many characters before a match a rule looks at."""


def pattern_rule(
    code: str,
    pattern: str,
    replacement: str | Callable[[re.Match[str]], str] | None,
    message: str,
    hint: str,
    *,
    behind: str = "",
    severity: Severity = Severity.WARNING,
    except_in: frozenset[Role | None] = frozenset(),
) -> Rule:
    """The rule that every match of the pattern is a fault, where `behind` matches up to it.

    A pattern begins with the character that is wrong, or with a rare one before it and the wrong one as its group
    `at`; not with a look behind, which the engine would try at every character of the text.
    """
    compiled, before = re.compile(pattern), re.compile(rf"(?:{behind})\Z")
    place = compiled.groupindex.get("at", 0)

    def rule(text: str, role: Role | None) -> Iterator[Fault]:
        if role in except_in:
            return
        for match in compiled.finditer(text):
            start = match.start()
            if behind and not before.search(text[max(0, start - _REACH) : start]):
                continue
            new = replacement if replacement is None or isinstance(replacement, str) else replacement(match)
            yield Fault(
                code=code, span=match.span(place), message=message, hint=hint, replacement=new, severity=severity
            )

    return rule
