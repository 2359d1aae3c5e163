"""A translator at work: the session as it stands on disk, what was saved in it, and how to take that back."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from workflow.model import Unit
from workflow.operations.rows import Key, Row
from workflow.operations.translate import TranslationSession
from workflow.operations.unit_saving import (
    Conflict,
    Saved,
    accepted,
    keep_obsolete,
    needing_work,
    save_comments,
    save_unit,
)
from workflow.questions import answered, asked

Step: TypeAlias = tuple[Unit, Unit]
"""A unit before and after a save."""


@dataclass(kw_only=True, slots=True)
class Sitting:
    """Saves units one by one and remembers each step, so that every unit can be brought back to what it was."""

    session: TranslationSession
    translator: str
    """`Name <address>` for the catalog's header; empty leaves whoever stands there."""
    clock: Callable[[], datetime.datetime]
    saved: list[Step] = field(default_factory=list)
    taken_back: list[Step] = field(default_factory=list)

    def accept(self, row: Row, targets: Sequence[str]) -> Saved | Conflict:
        """Confirms the translation."""
        return self._step(row.unit, accepted(row, targets))

    def mark(self, row: Row, targets: Sequence[str]) -> Saved | Conflict:
        """Keeps the translation as one that needs work; a blank one takes the translation away."""
        return self._step(row.unit, needing_work(row, targets))

    def ask(self, row: Row, question: str) -> Saved | Conflict:
        """Puts a question, which has words, into the unit's comments."""
        return self._step(row.unit, asked(row.unit, question))

    def answer(self, row: Row, answer: str = "") -> Saved | Conflict:
        """Ends the unit's open questions, with an answer or, where none is needed, without one."""
        return self._step(row.unit, answered(row.unit, answer))

    def undo(self, key: Key) -> Saved | Conflict | None:
        """Brings the unit back to what it was before its last save; None if it was not saved in this sitting."""
        return self._move(key, self.saved, self.taken_back, back=True)

    def redo(self, key: Key) -> Saved | Conflict | None:
        """Saves again what was taken back last; None if there is nothing."""
        return self._move(key, self.taken_back, self.saved, back=False)

    def keep_mine(self, conflict: Conflict) -> Saved | Conflict:
        """Ends a conflict with one's own translation; the other one stays in the unit's comments."""
        theirs = conflict.theirs
        if theirs is None:
            done = keep_obsolete(self.session, conflict.mine, translator=self.translator, now=self.clock())
            self.session = done.session
            return done
        return self._step(theirs, conflict.mine, beside=theirs)

    def _step(self, base: Unit, wanted: Unit, *, beside: Unit | None = None) -> Saved | Conflict:
        done = self._save(base, wanted, beside)
        if isinstance(done, Saved) and done.changed:
            self.saved.append((base, wanted))
            self.taken_back = [step for step in self.taken_back if step[0].key != base.key]
        return done

    def _move(self, key: Key, steps: list[Step], other: list[Step], *, back: bool) -> Saved | Conflict | None:
        at = next((at for at in reversed(range(len(steps))) if steps[at][0].key == key), None)
        if at is None:
            return None
        before, after = steps[at]
        done = self._save(after, before, None) if back else self._save(before, after, None)
        if isinstance(done, Saved):
            other.append(steps.pop(at))
        return done

    def _save(self, base: Unit, wanted: Unit, beside: Unit | None) -> Saved | Conflict:
        if _words(base) == _words(wanted) and base.comments != wanted.comments:
            done = save_comments(self.session, base, wanted)
        else:
            done = save_unit(self.session, base, wanted, translator=self.translator, now=self.clock(), beside=beside)
        self.session = done.session
        return done


def _words(unit: Unit) -> tuple[object, ...]:
    return unit.targets, unit.fuzzy, unit.previous
