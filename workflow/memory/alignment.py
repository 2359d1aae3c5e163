"""Which sentence of a translation belongs to which of its source.

A pair of paragraphs whose sentences do not plainly answer each other is left whole.
"""

from __future__ import annotations

import re
from typing import Final

from workflow.sentences import sentences

MAX_SHARE: Final = 0.2
"""How far a sentence's part of its paragraph may differ from its translation's part."""

_NUMBER = re.compile(r"\d+")


def aligned(source: str, target: str, languages: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The pairs of sentences if each side has as many and each plainly answers its own; else none."""
    ours, theirs = sentences(source, languages[0]), sentences(target, languages[1])
    if len(ours) != len(theirs):
        return ()
    pairs = tuple(zip(ours, theirs, strict=True))
    return pairs if len(pairs) < 2 or (_shares_agree(ours, theirs) and _numbers_agree(pairs)) else ()


def _shares_agree(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Translations are longer or shorter than their sources, but alike in each sentence (Gale and Church, 1993)."""
    one, other = sum(map(len, ours)), sum(map(len, theirs))
    return all(abs(len(left) / one - len(right) / other) <= MAX_SHARE for left, right in zip(ours, theirs, strict=True))


def _numbers_agree(pairs: tuple[tuple[str, str], ...]) -> bool:
    """A number that went to another sentence shows that the sentences were rearranged."""
    everywhere = {number for _, target in pairs for number in _NUMBER.findall(target)}
    return all((set(_NUMBER.findall(source)) & everywhere) <= set(_NUMBER.findall(target)) for source, target in pairs)
