"""What changed between two texts, word by word; in Han, which puts no blanks between words, character by character."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

_HAN: Final = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]|(?:(?![{_HAN}])[\w\u0300-\u036f])+|\s+|[^\w\s]")

SPECKLED: Final = 0.3
"""Texts that share less than this part of their words are shown whole, one after the other."""
MAX_WORK: Final = 50_000
"""Pairs of equal words; beyond it whole sentences are compared, or the texts shown whole, not after minutes."""
REACH: Final = 50
"""How far from its place an old paragraph is looked for among new ones when there are many."""


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A run of text with one fate."""

    change: Change
    text: str


def tokens(text: str) -> list[str]:
    """Words, single Han characters, runs of white space, and marks; together they are the text."""
    return _TOKEN.findall(text)


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces that make the new text of the old one; a deletion stands before the insertion that replaces it."""
    if old == new:
        return _pieces([(Change.SAME, new)])
    before, after = tokens(old), tokens(new)
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    middle = before[start : len(before) - end], after[start : len(after) - end]
    runs = _changes(*middle)
    whole = [(Change.SAME, "".join(before[:start])), *runs, (Change.SAME, "".join(before[len(before) - end :]))]
    kept = [word for change, text in whole if change is Change.SAME for word in tokens(text)]
    if _weight(kept) < SPECKLED * max(_weight(before), _weight(after)):
        return _pieces([(Change.DELETED, old), (Change.INSERTED, new)])
    return _pieces(whole)


def pair(
    old: Sequence[str], new: Sequence[str], is_same: Callable[[int, int], bool], may_pair: Callable[[int, int], bool]
) -> dict[int, int]:
    """For each place in `new` its place in `old`: pairs never cross, and are alike or known to be the same."""
    before, after = [_words(text) for text in old], [_words(text) for text in new]

    def likeness(one: int, other: int) -> float:
        if not may_pair(one, other):
            return 0
        if is_same(one, other):
            return 2
        shared = _shared(before[one], after[other])
        return shared if shared >= SPECKLED else 0

    return _heaviest(len(old), len(new), likeness)


def _heaviest(old: int, new: int, likeness: Callable[[int, int], float]) -> dict[int, int]:
    """The pairs, none of which cross, whose likeness is greatest in all."""
    best = [[0.0] * (new + 1) for _ in range(old + 1)]
    score: dict[tuple[int, int], float] = {}
    for one in range(old):
        for other in range(new):
            is_near = old * new <= REACH**2 or abs(one * new // old - other) <= REACH
            score[one, other] = found = likeness(one, other) if is_near else 0
            paired = best[one][other] + found if found else 0
            best[one + 1][other + 1] = max(best[one][other + 1], best[one + 1][other], paired)
    pairs = {}
    one, other = old, new
    while one and other:
        if best[one][other] == best[one - 1][other]:
            one -= 1
        elif best[one][other] == best[one][other - 1]:
            other -= 1
        else:
            one, other = one - 1, other - 1
            pairs[other] = one
    return pairs


def _changes(old: Sequence[str], new: Sequence[str]) -> list[tuple[Change, str]]:
    if _work(old, new) > MAX_WORK:
        old, new = _sentences(old), _sentences(new)
    if _work(old, new) > MAX_WORK:
        return [(Change.DELETED, "".join(old)), (Change.INSERTED, "".join(new))]
    runs: list[tuple[Change, str]] = []
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            runs.append((Change.SAME, "".join(old[old_from:old_to])))
        else:
            runs.append((Change.DELETED, "".join(old[old_from:old_to])))
            runs.append((Change.INSERTED, "".join(new[new_from:new_to])))
    return list(_without_islands([run for run in runs if run[1]]))


def _work(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pairs of equal words there are, which is what finding the longest runs goes through."""
    after = Counter(new)
    return sum(count * after[word] for word, count in Counter(old).items() if not word.isspace())


def _sentences(words: Sequence[str]) -> list[str]:
    """The words in groups that end with a sentence."""
    return re.findall(r"[^.!?。！？；…]*[.!?。！？；…]*\s*", "".join(words))[:-1]


def _without_islands(runs: Sequence[tuple[Change, str]]) -> Iterator[tuple[Change, str]]:
    """White space alone between two changes belongs to both: `a b` → `c d` is one change."""
    for at, (change, text) in enumerate(runs):
        if change is Change.SAME and not text.strip() and 0 < at < len(runs) - 1:
            yield Change.DELETED, text
            yield Change.INSERTED, text
        else:
            yield change, text


def _pieces(runs: Sequence[tuple[Change, str]]) -> tuple[Piece, ...]:
    """The runs with neighbours joined: between two that stay there is one deletion, then one insertion."""
    pieces: list[Piece] = []
    deleted = inserted = same = ""
    for change, text in [*(run for run in runs if run[1]), (Change.SAME, "")]:
        if change is Change.SAME:
            if deleted or inserted or not text:
                pieces += [Piece(change=Change.SAME, text=same)] if same else []
                pieces += [Piece(change=Change.DELETED, text=deleted)] if deleted else []
                pieces += [Piece(change=Change.INSERTED, text=inserted)] if inserted else []
                deleted = inserted = same = ""
            same += text
        elif change is Change.DELETED:
            deleted += text
        else:
            inserted += text
    return tuple(pieces)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words at the beginning are the same."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _weight(words: Sequence[str]) -> int:
    return sum(len(word) for word in words if word[0].isalnum())


def _words(text: str) -> Counter[str]:
    return Counter(word for word in tokens(text) if word[0].isalnum())


def _shared(old: Counter[str], new: Counter[str]) -> float:
    """The part of their words that two texts share, 0 to 1, in whatever order."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 0.0
