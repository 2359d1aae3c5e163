"""The screen of the session: turns keys into its operations."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen

from workflow.cli.output import counted, visible
from workflow.edition import OMIT
from workflow.memory import Memory
from workflow.operations.sitting import Sitting
from workflow.operations.unit_saving import cleaned
from workflow.questions import is_question, without_mark
from workflow.tui import pages
from workflow.tui.dialogues import Dialogue
from workflow.tui.keys import commands, help_lines
from workflow.tui.lending import written_elsewhere
from workflow.tui.prompt import Prompt
from workflow.tui.saving import Saving
from workflow.tui.target import Target
from workflow.tui.unit_view import UnitView
from workflow.tui.views import TERM_KEYS, aid_lines
from workflow.tui.work import Work


class UnitScreen(Screen[None]):
    """Does what the keys say with the unit that is shown."""

    def __init__(self, sitting: Sitting, memory: Memory) -> None:
        super().__init__()
        self.view = UnitView(Work.begun(sitting), memory, commands())
        self.saving = Saving(self.view)
        self.searched = ""

    def compose(self) -> ComposeResult:
        """The view has it all."""
        yield self.view

    def on_mount(self) -> None:
        """Begins with the first open unit."""
        self.view.show_unit()
        self.view.target.focus()
        if notes := self.view.session.notes_to_all:
            what = counted(len(notes), "note")
            self.view.tell(f"{what} to the whole edition: F9 shows {'it' if len(notes) == 1 else 'them'}")

    def on_target_refused(self, message: Target.Refused) -> None:
        """Says why a key did nothing."""
        self.view.tell(message.why)

    # --- Saving ---

    def action_accept(self) -> None:
        """Confirms the translation and goes on."""
        self.saving.accept()

    def action_mark(self) -> None:
        """Saves the translation as one that needs work and goes on."""
        self.saving.mark()

    def action_undo(self) -> None:
        """Takes back what was typed, then what was saved."""
        self.saving.undo()

    def action_redo(self) -> None:
        """Does again what was taken back."""
        self.saving.redo()

    # --- Moving ---

    def action_move(self, step: int) -> None:
        """The unit before or after."""
        place = self.view.work.place + step
        if 0 <= place < len(self.view.session.rows):
            self.view.tell("")
            self.view.go(place)
        else:
            self.view.tell("this is the first unit" if step < 0 else "this is the last unit")

    def action_next_open(self) -> None:
        """The next unit with something to do; if there is none, the next with a question."""
        session, here = self.view.session, self.view.work.place
        place = session.next_open(here)
        if place is None:
            place = session.next_asked(here)
        if place is None:
            self.view.tell("no unit is open")
        else:
            self.view.tell("")
            self.view.go(place)

    def action_scroll_source(self, pages: int) -> None:
        """Reads on in the source."""
        self.view.scroll_source(pages)

    def action_form(self, step: int) -> None:
        """Another plural form."""
        self.view.turn_to((self.view.work.form + step) % len(self.view.work.forms))

    # --- Asking on the line of messages ---

    def action_search(self) -> None:
        """Asks for a text to find."""
        self.view.ask("search", f"Search{f' [{visible(self.searched)}]' if self.searched else ''}: ")

    def action_jump(self) -> None:
        """Asks for a number."""
        self.view.ask("jump", f"Go to number (1-{self.view.session.rows[-1].number}): ")

    def action_ask(self) -> None:
        """Asks for a question, or for the answer to one that is open."""
        if self.view.row.questions:
            self.view.ask("answer", "Answer (? asks more): ")
        else:
            self.view.ask("question", "Ask: ")

    def on_prompt_closed(self, message: Prompt.Closed) -> None:
        """Goes back to the translation, and does what was asked for."""
        self.view.end_asking()
        if message.answer is None:
            return
        match message.question:
            case "search":
                self._search(message.answer or self.searched)
            case "jump" if message.answer:
                self._jump(message.answer)
            case "answer" if not is_question(message.answer):
                self.saving.answer(message.answer)
            case "answer" | "question" if without_mark(message.answer):
                self.saving.ask(message.answer)

    def _jump(self, number: str) -> None:
        place = self.view.session.place_of_number(int(number)) if number.isdecimal() else None
        if place is None:
            self.view.tell(f"no unit has the number {number}")
        else:
            self.view.tell("")
            self.view.go(place)

    def _search(self, text: str) -> None:
        self.searched = text
        place = self.view.session.find(text, self.view.work.place) if text else None
        if place is None:
            self.view.tell(f"not found: {text}" if text else "")
            return
        self.view.go(place)
        self.view.tell(f"found “{text}”; F4 Enter finds the next")

    # --- Pages ---

    def action_help(self) -> None:
        """All keys."""
        self.app.push_screen(Dialogue("Keys", lambda columns: help_lines(self.view.session, columns)))

    def action_aids(self) -> None:
        """All that helps, and what of it to take."""

        def lines(columns: int) -> list[Content]:
            return aid_lines(self.view.session, self.view.row, self.view.aids, columns, in_full=True)

        choices = pages.aid_choices(self.view.aids, may_be_omitted=self.view.row.may_be_omitted)
        what = f"Help with {self.view.row.number}: press a key to take"
        self.app.push_screen(Dialogue(what, lines, choices), lambda answer: self._take(answer or ""))

    def _take(self, key: str) -> None:
        """Takes the source (0), a suggestion (1-9), a term (a-z), or leaves the block out (-)."""
        if key == "0":
            self.view.target.put(self.view.work.source)
        elif key == "-":
            self.view.target.put(OMIT)
            self.view.tell("F2 leaves this block out of the edition")
        elif key.isdecimal():
            self.view.target.put(self.view.aids.suggestions[int(key) - 1].target)
        elif key:
            self.view.target.insert_clean(self.view.aids.terms[TERM_KEYS.index(key)].entry.target)

    def action_edit(self) -> None:
        """Lets the translator's own editor have the terminal."""
        row, target = self.view.row, self.view.target
        text, failure = written_elsewhere(self.app, self.view.session, row, target.text, self.view.work.source)
        if failure:
            self.view.tell(f"the editor failed: {failure}", wrong=True)
        elif cleaned(row, text) != target.text:
            target.put(cleaned(row, text))

    def action_leave(self) -> None:
        """Ends the session, unless something would be lost."""
        self.view.work.keep(self.view.target.text)
        drafts = self.view.work.drafts
        if not drafts:
            self.app.exit()
            return

        def lines(columns: int) -> list[Content]:
            return pages.unsaved_lines(drafts.values(), columns)

        title = f"Not saved: {counted(len(drafts), 'unit')}"
        self.app.push_screen(Dialogue(title, lines, pages.LEAVING, "stay"), self._leave)

    def _leave(self, answer: str | None) -> None:
        if answer == "k":
            for draft in list(self.view.work.drafts.values()):
                if not self.saving.mark_draft(draft):
                    return
        if answer:
            self.app.exit()
