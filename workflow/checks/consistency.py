"""What can be seen only across units, or across stories: the same words translated in two ways, or two as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from workflow.checks.names import Mention, Renderings, rendered_twice
from workflow.checks.pair import Pair
from workflow.diagnostics import Diagnostic, Severity
from workflow.lemmas import HAN, folded_words
from workflow.model import Role

_LEAST_WORDS, _LEAST_CHARACTERS = 5, 8
"""Shorter texts may well be translated alike: a caption and a label, a greeting."""
_ALIKE = 0.5
"""The share of words above which two sources say the same in other words."""
_NUMBER = re.compile(r"\d+")


def inconsistent_units(pairs: Sequence[Pair]) -> Iterator[Diagnostic]:
    """One source text that is translated in two ways in the same role; capitals and final marks do not count."""
    first: dict[tuple[str, ...], Pair] = {}
    for pair in _comparable(pairs):
        other = first.setdefault(_source_key(pair), pair)
        if not _same_translation(pair, other):
            yield _two_ways("terms.inconsistent", pair, other)


def reused_translations(pairs: Sequence[Pair]) -> Iterator[Diagnostic]:
    """Different sources with the same translation, as a slip of the clipboard makes; names may have it rightly."""
    first: dict[tuple[str, ...], Pair] = {}
    for pair in _comparable(pairs):
        key = folded_words(pair.unit.target)
        least = _LEAST_CHARACTERS if HAN.search(pair.unit.target) else _LEAST_WORDS
        if pair.role is Role.CREDIT or len(key) < least:
            continue
        other = first.setdefault(key, pair)
        if _say_otherwise(pair.unit.source, other.unit.source):
            message = f"has the same translation as line {other.unit.line}, with another source"
            yield pair.finding(
                "terms.reused", message, "translate it by itself", Severity.WARNING, source_spans=(), target_spans=()
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Archive:
    """What the stories of one language have said so far."""

    CODE: ClassVar[str] = "terms.inconsistent-archive"

    _first: dict[tuple[str, ...], Pair] = field(default_factory=dict)
    _renderings: Renderings = field(default_factory=Renderings)

    def findings(self, pairs: Sequence[Pair], names: Iterable[Mention]) -> Iterator[Diagnostic]:
        """Where a story differs from the ones before it; then it is remembered like them.

        `names` are the mentions of names in the pairs.
        """
        for pair in _comparable(pairs):
            other = self._first.setdefault(_source_key(pair), pair)
            if pair.path != other.path and not _same_translation(pair, other):
                yield _two_ways(self.CODE, pair, other)
        for mention in names:
            earlier = self._renderings.other(mention)
            # A credit is a name and nothing else: the comparison of whole units has told of it.
            if earlier is not None and earlier.pair.path != mention.pair.path and mention.pair.role is not Role.CREDIT:
                yield rendered_twice(self.CODE, mention, earlier)


def _comparable(pairs: Sequence[Pair]) -> Iterator[Pair]:
    return (pair for pair in pairs if pair.is_rendered and pair.slug is not None)


def _two_ways(code: str, pair: Pair, other: Pair) -> Diagnostic:
    there = other.unit.target
    return pair.finding(
        code,
        f"translated otherwise at {other.path}:{other.unit.line}",
        "take one of the two",
        Severity.WARNING,
        source_spans=(),
        target_spans=(),
        elsewhere=(there, (0, len(there))),
    )


def _source_key(pair: Pair) -> tuple[str, ...]:
    return (pair.source_language.code, pair.role or "", *folded_words(pair.unit.source))


def _same_translation(pair: Pair, other: Pair) -> bool:
    return folded_words(pair.unit.target) == folded_words(other.unit.target)


def _say_otherwise(one: str, other: str) -> bool:
    ours, theirs = set(folded_words(one)), set(folded_words(other))
    if _NUMBER.findall(one) != _NUMBER.findall(other):
        return True
    return len(ours & theirs) <= _ALIKE * min(len(ours), len(theirs))
