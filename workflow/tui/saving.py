"""What is saved, taken back, or kept from being saved, and what the translator is told of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from workflow.cli.output import counted
from workflow.diagnostics import errors_in
from workflow.errors import WorkflowError
from workflow.operations.rows import Key, Row
from workflow.operations.sitting import Sitting
from workflow.operations.unit_saving import Conflict, Saved, cleaned
from workflow.tui import pages
from workflow.tui.aids_pane import checked
from workflow.tui.dialogues import Dialogue
from workflow.tui.unit_view import UnitView
from workflow.tui.work import Draft


class Saving:
    """Saves the unit that a view shows."""

    def __init__(self, view: UnitView) -> None:
        self.view = view
        self.warned: tuple[str, ...] = ()
        """The texts that an error was told of; accepting them once more is meant."""

    @property
    def sitting(self) -> Sitting:
        return self.view.work.sitting

    def accept(self) -> None:
        """Confirms the translation and goes on."""
        texts = tuple(cleaned(self.view.row, text) for text in self.view.texts)
        blank = next((form for form, text in enumerate(texts) if not text.strip()), None)
        if blank is not None:
            self.view.turn_to(blank)
            leave_out = ", or leave the block out: F9 -" if self.view.row.may_be_omitted else ""
            self.view.tell(f"nothing to accept yet: write a translation{leave_out}")
        elif self.warned != texts and (grave := errors_in(checked(self.view.session, self.view.row, texts))):
            self.warned = texts
            self.view.look()
            self.view.tell(f"{counted(len(grave), 'error')}: mend it, or press again to accept it so", wrong=True)
        else:
            self._save(self.sitting.accept, texts, "accepted")

    def mark(self) -> None:
        """Saves the translation as one that needs work and goes on."""
        is_blank = not any(text.strip() for text in self.view.texts)
        self._save(self.sitting.mark, self.view.texts, "no translation in" if is_blank else "saved as needing work:")

    def _save(self, save: Callable[[Row, Sequence[str]], Saved | Conflict], texts: tuple[str, ...], what: str) -> None:
        number = self.view.row.number
        if self._done(lambda: save(self.view.row, texts)):
            following = self.view.session.next_open(self.view.work.place)
            if following is None:
                self.view.load(self.view.work.place)
                self.view.tell(f"{what} {number}; all units are translated: {self._then()}")
                return
            self.view.go(following)
            outdated = "; the story has changed meanwhile: run workflow update" if self.view.session.is_outdated else ""
            self.view.tell(f"{what} {number}{outdated}", wrong=bool(outdated))

    def _then(self) -> str:
        """What is left to do once everything is translated."""
        questions = self.view.session.questions
        return f"F7 goes to {counted(questions, 'open question')}" if questions else "F10 quits"

    def ask(self, question: str) -> None:
        """Puts a question to the unit, whatever is typed in it."""
        self._comment(self.sitting.ask, question, "asked; F12 answers")

    def answer(self, answer: str) -> None:
        """Ends the unit's questions, with an answer or without."""
        self._comment(self.sitting.answer, answer, "answered; Ctrl+Z takes it back")

    def _comment(self, save: Callable[[Row, str], Saved | Conflict], text: str, what: str) -> None:
        try:
            done = save(self.view.row, text)
        except WorkflowError as error:
            self.view.tell_error(error)
            return
        if isinstance(done, Conflict):
            self.view.tell("not saved: the story no longer says this", wrong=True)
            return
        self.view.work.take_comments()
        self.view.draw()
        self.view.tell(what)

    def _done(self, save: Callable[[], Saved | Conflict | None]) -> bool:
        """True if it was saved; else says why not, or asks."""
        key = self.view.row.unit.key
        try:
            done = save()
        except WorkflowError as error:
            self.view.tell_error(error)
            return False
        if isinstance(done, Conflict):
            self._ask_about(done)
        if not isinstance(done, Saved):
            return False
        self.view.forget(key)
        return True

    def _ask_about(self, conflict: Conflict) -> None:
        """Somebody else changed the unit: the translator decides."""

        def decided(answer: str | None) -> None:
            if not answer:
                self.view.tell("not saved: the unit was changed by somebody else")
                return
            if answer == "m" and not self._done(lambda: self.sitting.keep_mine(conflict)):
                return
            self.view.forget(conflict.mine.key)
            self.view.load(self.view.work.place)
            self.view.tell("kept yours" if answer == "m" else "yours is dropped")

        title, choices = pages.conflict_choices(conflict)
        self.view.app.push_screen(
            Dialogue(title, lambda columns: pages.conflict_lines(conflict, columns), choices, "write on"), decided
        )

    def undo(self) -> None:
        """Takes back what was typed, then what was saved."""
        if self.view.target.can_undo:
            self.view.target.undo()
        elif self.view.is_unsaved:
            self.view.target.put(self.view.row.unit.targets[self.view.work.form])
        else:
            self._step(self.sitting.undo, "taken back")

    def redo(self) -> None:
        """Does again what was taken back."""
        if self.view.target.can_redo:
            self.view.target.redo()
        elif not self.view.is_unsaved:
            self._step(self.sitting.redo, "saved again")

    def _step(self, step: Callable[[Key], Saved | Conflict | None], what: str) -> None:
        self.view.tell("nothing more to undo or redo here")
        if self._done(lambda: step(self.view.row.unit.key)):
            self.view.load(self.view.work.place)
            row = self.view.row
            asked = f", {counted(len(row.questions), 'question')} open" if row.questions else ""
            self.view.tell(f"{what}: {row.number} is {row.unit.state.value}{asked}")

    def mark_draft(self, draft: Draft) -> bool:
        """Saves what was typed for a unit as needing work; False if that cannot be done now."""
        place = self.view.session.place_of(draft.row.unit.key)
        if place is not None:
            self.view.load(place)
        return self._done(lambda: self.sitting.mark(draft.row, draft.texts))
