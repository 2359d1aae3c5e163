"""What the memory holds, and what it finds."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A source and its translation."""

    source_language: str
    """The gettext code; in what was just read from a TMX file, the tag that stands there."""
    target_language: str
    source: str
    target: str
    role: str = ""
    """A `Role`; empty if it is not known."""
    origin: str = ""
    """The slug of the story, or the name of the TMX file, that it comes from."""
    before: int | None = None
    """`digest_of_text` of the source before it; 0 at the story's edge, None if it is not known."""
    after: int | None = None
    signed_at: datetime.datetime | None = None
    """UTC, whole seconds; None for what nobody signed here."""
    signers: tuple[str, ...] = ()
    """The names of those who approved it."""


class Kind(StrEnum):
    """How a match agrees with what was asked."""

    CONTEXT = "context"
    """The same words in the same role, between the same neighbours."""
    EXACT = "exact"
    """The same words in the same role."""
    FUZZY = "fuzzy"
    """Similar words, or the same ones in another role or in the other direction."""
    SENTENCE = "sentence"
    """A sentence of the text asked for, as it stands in some other text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """Something translated before."""

    source: str
    """As it stands in the memory; for a sentence, that sentence alone."""
    target: str
    score: int
    """Percent, 0 to 100; 100 means the same words, but for a sentence, that sentence's words."""
    kind: Kind
    entry: Entry
    """Where it comes from: role, origin, who signed."""
    is_reversed: bool = False
    """True if `source` was made from `target`, not the other way round."""
    asked: str = ""
    """For a sentence: which sentence of the text it answers."""
