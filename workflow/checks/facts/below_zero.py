"""Degrees below zero: facts are read without their sign, as languages put it into marks, words or a mere “frost”."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.pair import Pair
from workflow.checks.prose import masked
from workflow.diagnostics import Diagnostic, Severity

_CODE, _HINT = "facts.unit", "write the minus, or put it in words"
_DEGREES = ("°", "℃", "度", "degree", "градус")
_DEGREE = r"\s?(?:°|℃|degrees?|градус|摄氏度|度)"
_BELOW = re.compile(
    rf"(?<![\w°℃])(?<![\d°℃]\s)[−–-]\s?\d+(?:[.,]\d+)?{_DEGREE}|\b(?:minus|минус)\s[\w,.-]+{_DEGREE}|零下",
    re.IGNORECASE,
)
_ANY_SIGN = re.compile(
    r"[−–-]\s?\d|minus|минус|below|frost|freez|sub-?zero|ниже|мороз|холод|零下|[负冰冻寒冷]", re.IGNORECASE
)


def lost_minus(pair: Pair) -> Iterator[Diagnostic]:
    """Degrees that are below zero on one side only."""
    if not pair.is_rendered:
        return
    source, target = masked(pair.unit.source), masked(pair.unit.target)
    if not all(any(sign in text for sign in _DEGREES) for text in (source, target)):
        return
    if (found := _BELOW.search(source)) and not _ANY_SIGN.search(target):
        message = f"{found.group()} in the source is not below zero in the translation"
        yield pair.finding(_CODE, message, _HINT, Severity.WARNING, source_spans=(found.span(),))
    elif (found := _BELOW.search(target)) and not _ANY_SIGN.search(source):
        message = f"{found.group()} in the translation is not below zero in the source"
        yield pair.finding(_CODE, message, _HINT, Severity.WARNING, target_spans=(found.span(),))
