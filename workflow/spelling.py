"""Slips of the pen: words that no dictionary has, and what they were meant to be.

A word counts as a slip only if it is one edit away from a word that people use, and cannot be a new one. What is far
from every word is a name or a term.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from workflow.vocabulary import continuations, frequency, is_coined, is_current, is_listed, is_plain, is_rare, regular

_SHORTEST = 5
_LONG = {"en": 7, "ru": 5}
"""Shorter words than these are near many others, so that only an often used one is meant."""
_OFTEN = 500
_LONGEST = 40
_UNMISTAKABLE = 8
"""A word as long as this is near another one by a slip, not by chance, even if hardly anybody uses the other one…"""
_ENDING = 2
"""…unless they differ in a letter for another, or in these last ones, as forms of a word do."""
_JOINED = {
    "en": re.compile("(the|of|and|with|from|that|(?:in|on|to|at|by|for)(?=the$))(.{3,})"),
    "ru": re.compile("([вси]|что|как|это)(.{4,})"),
}
"""Two words in one, of which the first does not begin words as prefixes do."""


class _Edit(NamedTuple):
    """What one edit makes of a word."""

    word: str
    at: int
    is_change: bool
    """True for a letter instead of another one; False for one too few or too many, or two that changed places."""


@lru_cache(maxsize=4096)
def correction(word: str, language: str) -> str | None:
    """What a word in small letters was probably meant to be; None if it may be right as it is."""
    if not _SHORTEST <= len(word) <= _LONGEST or is_listed(word, language) or is_coined(word, language):
        return None
    near = [edit for edit in _edits(word, language) if is_plain(edit.word, language)]
    if any(regular(edit.word, language) == regular(word, language) for edit in near):
        return None
    found = max(_likely(near, word, language), default=None)
    meant = found[-1] if found else _split(word, language)
    return None if meant is None or is_rare(word, language) else meant


def _edits(word: str, language: str) -> Iterator[_Edit]:
    """What is one edit away, without much that is no word; the first letter is hardly ever wrong, and may only move."""
    for at, letters in enumerate(continuations(word, language)):
        before, letter, after = word[:at], word[at : at + 1], word[at + 1 :]
        if after and after[0] != letter and after[0] in letters:
            yield _Edit(before + after[0] + letter + after[1:], at, is_change=False)
        if at:
            yield _Edit(before + after, at, is_change=False)
            yield from (_Edit(before + other + letter + after, at, is_change=False) for other in letters)
            yield from (_Edit(before + other + after, at, is_change=True) for other in letters if other != letter)


def _likely(near: list[_Edit], word: str, language: str) -> Iterator[tuple[bool, bool, int, str]]:
    """The words that may have been meant, with what speaks for them."""
    for edit in near:
        times = frequency(edit.word, language)
        if is_current(edit.word, language):
            if len(word) >= _LONG[language] or times >= _OFTEN:
                yield True, not edit.is_change, times, edit.word
        elif len(word) >= _UNMISTAKABLE and not edit.is_change and edit.at < len(word) - _ENDING:
            yield False, True, times, edit.word


def _split(word: str, language: str) -> str | None:
    joined = _JOINED[language].fullmatch(word)
    return f"{joined[1]} {joined[2]}" if joined and is_current(joined[2], language) else None
