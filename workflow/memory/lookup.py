"""What the memory knows that helps with a text."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from workflow.memory.alignment import aligned
from workflow.memory.database import ENTRY_COLUMNS, entry_of, size_of
from workflow.memory.entries import Entry, Kind, Match
from workflow.memory.likeness import digest_of_text, marks, normal, scores
from workflow.sentences import sentences

SIMILAR_FROM: Final = 60
"""Percent; what is less similar is no help, as in the merge."""
NOT_THE_SAME: Final = 99
"""The most that anything but the same words in the same role and direction can score."""
OTHER_ROLE: Final = 3
"""Percent off: a headline's words may be wrong in a caption."""
OTHER_DIRECTION: Final = 5
"""Percent off: a translation need not be what its translator would have started from."""

READ: Final = 1000
"""Texts that are looked at for each mark of the text asked for."""
COMPARED: Final = 50
"""Texts with the most marks in common that are then compared in full."""
COMPARED_BY_SENTENCE: Final = 10
ALIKE: Final = 8
"""Pairs of one text that are looked at: words such as a photographer's name stand in thousands of stories."""
_ORDER: Final = {Kind.CONTEXT: 0, Kind.EXACT: 1, Kind.FUZZY: 2, Kind.SENTENCE: 2}
"""The percents decide between a text that is a little different and a sentence that is the same."""


@dataclass(kw_only=True, slots=True)
class Memory:
    """An open memory; any thread may ask it, one at a time."""

    database: sqlite3.Connection
    is_damaged: bool = False
    """True once the database could not be read; it must be made again."""

    def lookup(
        self,
        source: str,
        *,
        languages: tuple[str, str],
        role: str = "",
        before: str | None = None,
        after: str | None = None,
        limit: int = 5,
        threshold: int = SIMILAR_FROM,
        by_sentence: bool = True,
    ) -> tuple[Match, ...]:
        """What was translated before and helps to translate `source` from the first language into the second.

        The best matches first, none below `threshold` percent; `by_sentence` also finds single sentences of the text
        in other texts. `before` and `after` are the neighbouring source texts,
        empty at the story's edge; without them nothing counts as found in its context, without `role` all roles are
        the same. Never raises: a damaged database finds nothing, and says so in `is_damaged`.
        """
        asked = _Asked(source=source, same=normal(source), languages=languages, role=role, before=before, after=after)
        if not asked.same:
            return ()
        try:
            return _lookup(self.database, asked, threshold, by_sentence=by_sentence)[:limit]
        except sqlite3.ProgrammingError:
            # A memory that was closed, for instance: no damage, but our own mistake.
            raise
        except sqlite3.DatabaseError:
            self.is_damaged = True
            return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    source: str
    same: str
    languages: tuple[str, str]
    role: str
    before: str | None
    after: str | None

    def fits(self, entry: Entry) -> bool:
        """True if the entry's role is the one asked for, or no matter."""
        return not self.role or not entry.role or entry.role == self.role

    def is_between(self, entry: Entry) -> bool:
        """True if the entry stood between the same neighbours, in the same role."""
        if None in self.neighbours or entry.role != self.role:
            return False
        return self.neighbours == (entry.before, entry.after)

    @property
    def neighbours(self) -> tuple[int | None, int | None]:
        """Their digests, as entries have them."""
        before, after = (None if text is None else digest_of_text(text) for text in (self.before, self.after))
        return before, after


@dataclass(frozen=True, kw_only=True, slots=True)
class _Pair:
    """An entry as seen from the language asked for."""

    entry: Entry
    is_reversed: bool

    @property
    def source(self) -> str:
        return self.entry.target if self.is_reversed else self.entry.source

    @property
    def target(self) -> str:
        return self.entry.source if self.is_reversed else self.entry.target


def _lookup(database: sqlite3.Connection, asked: _Asked, threshold: int, *, by_sentence: bool) -> tuple[Match, ...]:
    pairs = _pairs(database, _near(database, asked, threshold), asked)
    matches = list(_whole_matches(asked, pairs, threshold))
    if by_sentence and not any(match.kind in (Kind.CONTEXT, Kind.EXACT) for match in matches):
        matches += _sentence_matches(database, asked, pairs, threshold)
    return _best(matches, asked)


def _best(matches: Iterable[Match], asked: _Asked) -> tuple[Match, ...]:
    """The best first, of equals what was signed last; and of those that say the same only the best."""

    def rank(match: Match) -> tuple[int, int, bool, bool, float, str]:
        at = match.entry.signed_at
        return (
            _ORDER[match.kind],
            -match.score,
            match.kind is Kind.SENTENCE,
            not asked.fits(match.entry),
            -at.timestamp() if at else 0,
            match.entry.origin,
        )

    best: dict[tuple[str, str], Match] = {}
    for match in sorted(matches, key=rank):
        best.setdefault((match.source, match.target), match)
    return tuple(best.values())


# --- Whole texts -------------------------------------------------------------------------------------------


def _near(database: sqlite3.Connection, asked: _Asked, threshold: int) -> list[int]:
    """The texts that may be like the one asked for: those that are the same, then those with most marks in common."""
    source = asked.languages[0]
    rows = database.execute(
        "SELECT id FROM texts WHERE digest = ? AND language = ? LIMIT ?",
        (digest_of_text(asked.source), source, COMPARED),
    )
    same = [row[0] for row in rows]
    # Two texts of which one is shorter than this part of the other cannot be so like.
    part = max(threshold, 1) / (200 - max(threshold, 1))
    sizes = size_of(len(asked.same) * part) - 1, size_of(len(asked.same) / part) + 1
    common: Counter[int] = Counter()
    for mark in marks(asked.same, source):
        query = "SELECT text FROM marks WHERE mark = ? AND size BETWEEN ? AND ? LIMIT ?"
        common.update([row[0] for row in database.execute(query, (mark, *sizes, READ))])
    return list(dict.fromkeys([*same, *(text for text, _ in common.most_common(COMPARED))]))


def _pairs(database: sqlite3.Connection, texts: Iterable[int], asked: _Asked) -> list[_Pair]:
    """The pairs of these texts, in their order, with texts of the other language, in either direction."""
    cursor = database.cursor()
    cursor.row_factory = sqlite3.Row
    other = asked.languages[1]
    return [
        _Pair(entry=entry_of(row), is_reversed=is_reversed)
        for text in texts
        for query, is_reversed in ((_FORWARD, False), (_BACKWARD, True))
        for row in cursor.execute(query, (text, other, asked.role, *asked.neighbours, asked.role, ALIKE))
    ]


_PAIRS_OF_TEXT: Final = f"""
  SELECT {ENTRY_COLUMNS} WHERE pairs.id IN (
    SELECT id FROM pairs WHERE {{}} = ? AND {{}} = ?
    ORDER BY role = ? AND before IS ? AND after IS ? DESC, role = ? DESC, signed_at DESC LIMIT ?)"""  # noqa: S608 -- made of constants
_FORWARD: Final = _PAIRS_OF_TEXT.format("source", "target_language")
_BACKWARD: Final = _PAIRS_OF_TEXT.format("target", "source_language")


def _whole_matches(asked: _Asked, pairs: Sequence[_Pair], threshold: int) -> Iterator[Match]:
    for place, score in scores(asked.same, [normal(pair.source) for pair in pairs], threshold):
        match = _match(asked, pairs[place], int(score))
        if match.score >= threshold:
            yield match


def _match(asked: _Asked, pair: _Pair, score: int) -> Match:
    match = Match(
        source=pair.source,
        target=pair.target,
        score=100,
        kind=Kind.EXACT,
        entry=pair.entry,
        is_reversed=pair.is_reversed,
    )
    if pair.source == asked.source and asked.fits(pair.entry) and not pair.is_reversed:
        return replace(match, kind=Kind.CONTEXT) if asked.is_between(pair.entry) else match
    return replace(match, kind=Kind.FUZZY, score=_lowered(asked, pair, score))


def _lowered(asked: _Asked, pair: _Pair, score: int) -> int:
    score = min(score, NOT_THE_SAME)
    score -= 0 if asked.fits(pair.entry) else OTHER_ROLE
    score -= OTHER_DIRECTION if pair.is_reversed else 0
    return max(score, 0)


# --- Sentences ---------------------------------------------------------------------------------------------


def _sentence_matches(
    database: sqlite3.Connection, asked: _Asked, near: Sequence[_Pair], threshold: int
) -> Iterator[Match]:
    """Sentences of the text asked for that stand in other texts; those found again as they are need no second best."""
    wanted = {normal(sentence): sentence for sentence in sentences(asked.source, asked.languages[0])}
    wanted = {same: sentence for same, sentence in wanted.items() if any(letter.isalpha() for letter in same)}
    for same in list(wanted):
        if found := list(_same_sentences(database, asked, same, wanted[same])):
            yield from found
            del wanted[same]
    # A text of one sentence was compared as a whole already.
    wanted.pop(asked.same, None)
    if wanted:
        yield from _similar_sentences(asked, near[:COMPARED_BY_SENTENCE], wanted, threshold)


def _same_sentences(database: sqlite3.Connection, asked: _Asked, same: str, sentence: str) -> Iterator[Match]:
    for pair in _pairs_with_sentence(database, same, asked):
        if normal(pair.source) != asked.same:
            for ours, theirs in aligned(pair.source, pair.target, asked.languages):
                if normal(ours) == same:
                    yield _sentence_match(pair, ours, theirs, sentence, 100)


def _similar_sentences(asked: _Asked, near: Sequence[_Pair], wanted: dict[str, str], threshold: int) -> Iterator[Match]:
    there = [
        (pair, ours, theirs) for pair in near for ours, theirs in aligned(pair.source, pair.target, asked.languages)
    ]
    texts = [normal(ours) for _, ours, _ in there]
    for same, sentence in wanted.items():
        for place, score in scores(same, texts, threshold)[:3]:
            pair, ours, theirs = there[place]
            yield _sentence_match(pair, ours, theirs, sentence, int(score))


def _sentence_match(pair: _Pair, ours: str, theirs: str, asked: str, score: int) -> Match:
    score -= OTHER_DIRECTION if pair.is_reversed else 0
    return Match(
        source=ours,
        target=theirs,
        score=max(score, 0),
        kind=Kind.SENTENCE,
        entry=pair.entry,
        is_reversed=pair.is_reversed,
        asked=asked,
    )


def _pairs_with_sentence(database: sqlite3.Connection, same: str, asked: _Asked) -> list[_Pair]:
    one, other = asked.languages
    rows = database.execute(
        """
        SELECT source, target, source_language = ? FROM sentences JOIN pairs ON pairs.id = pair
        WHERE digest = ? AND (source_language, target_language) IN (VALUES (?, ?), (?, ?)) LIMIT ?""",
        (one, digest_of_text(same), one, other, other, one, COMPARED_BY_SENTENCE),
    )
    texts = [source if is_forward else target for source, target, is_forward in rows]
    return _pairs(database, dict.fromkeys(texts), asked)
