"""One segment under review: its words as they are, and as they were when they were last signed off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workflow.diff import Change, Piece, word_diff
from workflow.model import Role
from workflow.signoff import OpenNote


class RowState(StrEnum):
    """Where the words of a segment stand."""

    TRANSLATED = "translated"
    NEEDS_REVIEW = "needs review"
    MISSING = "not translated"
    LEFT_OUT = "left out"
    REMOVED = "removed"
    """Signed, and no longer in the story."""


class Moved(StrEnum):
    """What happened to a text since the sign-off."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    UNKNOWN = "unknown"
    """The record holds digests only, and the older words are nowhere to be found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Side:
    """The source or the target of a segment."""

    text: str
    moved: Moved
    before: str | None
    """The text that was signed, if it is another one and it is known."""

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The text, with what came and went."""
        if self.moved is Moved.NEW:
            return (Piece(change=Change.INSERTED, text=self.text),) if self.text else ()
        return word_diff(self.text if self.before is None else self.before, self.text)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One segment of the story; or of the signed edition, if the story has lost it."""

    number: int | None
    """Its place in the story, from 1; None for a segment that was removed."""
    role: Role
    line: int
    """In the story's file."""
    state: RowState
    source: Side
    target: Side
    notes: tuple[OpenNote, ...] = ()
    questions: tuple[str, ...] = ()
    """What a translator asked and nobody has answered."""

    @property
    def changed(self) -> bool:
        return {self.source.moved, self.target.moved} != {Moved.SAME}

    @property
    def is_open(self) -> bool:
        """True if an editor has to look at it before signing again."""
        return (
            self.changed
            or bool(self.notes or self.questions)
            or self.state in {RowState.MISSING, RowState.NEEDS_REVIEW}
        )
