"""The screen of the session: one unit at work, the story around it, what helps with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import click
from textual import work
from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static, TextArea

from workflow.cli.columns import clipped
from workflow.cli.external_editor import edited
from workflow.cli.output import counted, visible
from workflow.diagnostics import Diagnostic, errors_in
from workflow.edition import OMIT
from workflow.errors import WorkflowError
from workflow.memory import Memory
from workflow.operations.aids import suggestions, terms_in
from workflow.operations.rows import Key, Row
from workflow.operations.sitting import Sitting
from workflow.operations.translate import TranslationSession, reread
from workflow.operations.unit_findings import findings
from workflow.operations.unit_saving import Conflict, Saved, cleaned
from workflow.tui import pages
from workflow.tui.dialogues import Dialogue
from workflow.tui.keys import commands, help_lines, main_keys
from workflow.tui.layout import SMALLEST
from workflow.tui.parts import parts
from workflow.tui.prompt import Prompt
from workflow.tui.target import Target
from workflow.tui.views import (
    TERM_KEYS,
    Aids,
    aid_lines,
    story_bar,
    unit_title,
)

PAUSE: Final = 0.2
"""Seconds without a key after which the checks look at what was typed."""


class UnitScreen(Screen[None]):
    """Shows the session and turns keys into its operations."""

    class Looked(Message):
        """What helps with a unit was found, in another thread."""

        def __init__(self, key: Key, texts: tuple[str, ...], aids: Aids) -> None:
            super().__init__()
            self.key = key
            self.texts = texts
            self.aids = aids

    def __init__(self, sitting: Sitting, memory: Memory) -> None:
        super().__init__()
        self.sitting = sitting
        self.memory = memory
        self.place = sitting.session.next_open(-1) or 0
        self.row = sitting.session.rows[self.place]
        self.forms = self.row.unit.targets
        """The translation as it was before the present form was written on."""
        self.form = 0
        self.drafts: dict[Key, pages.Draft] = {}
        self.aids = Aids()
        self.aids_of: Key | None = None
        self.warned: tuple[str, ...] = ()
        """The texts that an error was told of; accepting them once more is meant."""
        self.searched = ""
        self.looked_at: tuple[Key, tuple[str, ...]] | None = None
        self.told_of: tuple[Key, tuple[str, ...]] | None = None
        """What the checks have seen, or are looking at."""
        self.is_long = False
        """True if the source does not fit into its place."""
        self.pause: Timer | None = None

    def compose(self) -> ComposeResult:
        """The parts from top to bottom."""
        yield Static(id="small")
        yield Static(id="bar")
        yield Static(id="above")
        yield Static(id="title")
        with Horizontal(id="pair"):
            with VerticalScroll(id="source", can_focus=False):
                yield Static(id="source-text")
            yield Target(self.row, commands())
        yield Static(id="aids")
        yield Static(id="rule")
        yield Static(id="below")
        yield Static(id="message")
        yield Prompt()
        yield Static(id="keys")

    @property
    def session(self) -> TranslationSession:
        return self.sitting.session

    @property
    def target(self) -> Target:
        return self.query_one(Target)

    @property
    def texts(self) -> tuple[str, ...]:
        """The translation as it is written now, in all its forms."""
        return (*self.forms[: self.form], self.target.text, *self.forms[self.form + 1 :])

    @property
    def is_unsaved(self) -> bool:
        return self.texts != self.row.unit.targets

    # --- One unit ---

    def on_mount(self) -> None:
        """Begins with the first open unit."""
        self._show_unit()
        self.target.focus()
        if notes := self.session.notes_to_all:
            self._tell(
                f"{counted(len(notes), 'note')} to the whole edition: F9 shows {'it' if len(notes) == 1 else 'them'}"
            )

    def _go(self, place: int) -> None:
        """Leaves the unit, keeping what was typed, and shows another one, as the files have it now."""
        key = self.session.rows[place].unit.key
        self._keep_draft()
        try:
            fresh = reread(self.session)
        except WorkflowError as error:
            self._tell_error(error)
            fresh = self.session
        if not fresh.rows:
            self._tell("the catalog has no units any more: quit, and run workflow update", wrong=True)
            return
        self.sitting.session = fresh
        found = fresh.place_of(key)
        self._load(min(place, len(fresh.rows) - 1) if found is None else found)

    def _keep_draft(self) -> None:
        if self.is_unsaved:
            self.drafts[self.row.unit.key] = pages.Draft(row=self.row, texts=self.texts)
        else:
            self.drafts.pop(self.row.unit.key, None)

    def _load(self, place: int) -> None:
        self.place = place
        row = self.session.rows[place]
        draft = self.drafts.get(row.unit.key)
        self.row = draft.row if draft else row
        self.forms = draft.texts if draft else row.unit.targets
        self.form = 0
        self._show_unit()

    def _show_unit(self) -> None:
        """Fills the screen with the present unit."""
        if self.aids_of != self.row.unit.key:
            self.aids = Aids(terms=terms_in(self.sitting.session, self.row.unit.source))
        self.target.show(self.row, self.forms[self.form])
        self.query_one("#source").scroll_home(animate=False)
        self._arrange()
        self._look()

    def _look(self) -> None:
        """Looks for what helps, beside the typing."""
        known = self.aids if self.aids_of == self.row.unit.key else None
        self.looked_at = self.row.unit.key, self.texts
        self._find_aids(self.session, self.row, self.texts, known)

    @work(thread=True, exclusive=True)
    def _find_aids(self, session: TranslationSession, row: Row, texts: tuple[str, ...], known: Aids | None) -> None:
        found = Aids(
            suggestions=known.suggestions if known else suggestions(session, row.unit, self.memory),
            terms=known.terms if known else terms_in(session, row.unit.source),
            findings=_checked(session, row, texts),
        )
        self.post_message(self.Looked(row.unit.key, texts, found))

    def on_unit_screen_looked(self, message: UnitScreen.Looked) -> None:
        """Shows what was found, unless the translator has moved on."""
        if (message.key, message.texts) == self.looked_at:
            self.aids, self.aids_of = message.aids, message.key
            self._arrange()

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        """Notes what was typed; the checks wait for a pause."""
        message.stop()
        if self.looked_at == (self.row.unit.key, self.texts):
            return
        # What was told of just this text stays: the news of a change may come after what a key did.
        if self.told_of != (self.row.unit.key, self.texts):
            self._tell("")
        self._show_title()
        if self.pause is not None:
            self.pause.stop()
        self.pause = self.set_timer(PAUSE, self._after_pause)

    def _after_pause(self) -> None:
        self._arrange()
        self._look()

    def on_target_refused(self, message: Target.Refused) -> None:
        """Says why a key did nothing."""
        self._tell(message.why)

    # --- Drawing ---

    def on_resize(self) -> None:
        """Breaks all lines anew."""
        self._arrange()

    def _arrange(self) -> None:
        """Shares the screen out and fills each part."""
        columns, rows = self.size
        too_small = columns < SMALLEST[0] or rows < SMALLEST[1]
        small = self.query_one("#small", Static)
        small.display = too_small
        if too_small:
            small.styles.height = rows
            small.update(Content(f"terminal too small: {columns}×{rows}, {SMALLEST[0]}×{SMALLEST[1]} are needed"))
            return
        shown = parts(
            self.session,
            self.place,
            self.row,
            self.aids,
            size=(columns, rows),
            written=max(self.target.wrapped_document.height, 1),
            unsaved=self._unsaved_places(),
        )
        self.set_class(shown.stacked, "stacked")
        self.is_long = len(shown.source) > shown.source_rows
        self.query_one("#pair").styles.height = shown.unit_rows
        self.query_one("#source").styles.height = shown.source_rows
        self._show("source-text", shown.source)
        self._show("above", shown.above, len(shown.above))
        self._show("aids", shown.aids, len(shown.aids))
        self._show("below", shown.below, shown.below_rows)
        self._show("bar", [story_bar(self.session, columns)])
        self._show("rule", [Content.styled("─" * (columns - 2), "$primary")])
        self._show("keys", [main_keys(columns - 2)])
        self._show_title()

    def _show(self, part: str, lines: Sequence[Content], height: int | None = None) -> None:
        widget = self.query_one(f"#{part}", Static)
        widget.update(Content("\n").join(lines))
        if height is not None:
            widget.display = height > 0
            widget.styles.height = height

    def _unsaved_places(self) -> set[int]:
        return {place for key in self.drafts if (place := self.session.place_of(key)) is not None}

    def _show_title(self) -> None:
        forms = len(self.forms)
        form = f"form {self.form + 1} of {forms} ({self.session.examples(self.form)})" if forms > 1 else ""
        title = unit_title(self.row, self.size.width - 2, unsaved=self.is_unsaved, form=form, is_long=self.is_long)
        self.query_one("#title", Static).update(title)

    def _tell(self, text: str, *, wrong: bool = False) -> None:
        self.told_of = self.row.unit.key, self.texts
        message = self.query_one("#message", Static)
        message.set_class(wrong, "wrong")
        message.update(Content(clipped(visible(text), max(self.size.width - 2, 1))))

    def _tell_error(self, error: WorkflowError) -> None:
        found = error.diagnostics[0]
        self._tell(f"not saved: {found}" + (f"; {found.hint}" if found.hint else ""), wrong=True)

    # --- Saving ---

    def action_accept(self) -> None:
        """Confirms the translation and goes on."""
        texts = tuple(cleaned(self.row, text) for text in self.texts)
        blank = next((form for form, text in enumerate(texts) if not text.strip()), None)
        if blank is not None:
            self._show_form(blank)
            leave_out = ", or leave the block out: F9 -" if self.row.may_be_omitted else ""
            self._tell(f"nothing to accept yet: write a translation{leave_out}")
        elif self.warned != texts and (grave := errors_in(_checked(self.session, self.row, texts))):
            self.warned = texts
            self._look()
            self._tell(f"{counted(len(grave), 'error')}: mend it, or press again to accept it so", wrong=True)
        else:
            self._save(self.sitting.accept, texts, "accepted")

    def action_mark(self) -> None:
        """Saves the translation as one that needs work and goes on."""
        is_blank = not any(text.strip() for text in self.texts)
        self._save(self.sitting.mark, self.texts, "no translation in" if is_blank else "saved as needing work:")

    def _save(self, save: Callable[[Row, Sequence[str]], Saved | Conflict], texts: tuple[str, ...], what: str) -> None:
        number = self.row.number
        if self._done(lambda: save(self.row, texts)):
            following = self.session.next_open(self.place)
            if following is None:
                self._load(self.place)
                self._tell(f"{what} {number}; all units are translated: F10 quits")
                return
            self._go(following)
            outdated = "; the story has changed meanwhile: run workflow update" if self.session.is_outdated else ""
            self._tell(f"{what} {number}{outdated}", wrong=bool(outdated))

    def _done(self, save: Callable[[], Saved | Conflict | None]) -> bool:
        """True if it was saved; else says why not, or asks."""
        key = self.row.unit.key
        try:
            done = save()
        except WorkflowError as error:
            self._tell_error(error)
            return False
        if isinstance(done, Conflict):
            self._ask_about(done)
        if not isinstance(done, Saved):
            return False
        self._forget(key)
        return True

    def _forget(self, key: Key) -> None:
        """Drops what was typed for a unit: it is saved, or not wanted."""
        self.drafts.pop(key, None)
        if key == self.row.unit.key:
            found = self.session.place_of(key)
            self.place = min(self.place, len(self.session.rows) - 1) if found is None else found
            if self.session.rows:
                self.row = self.session.rows[self.place]
                self.forms, self.form = self.row.unit.targets, 0
                self.target.show(self.row, self.forms[0])

    def _ask_about(self, conflict: Conflict) -> None:
        """Somebody else changed the unit: the translator decides."""

        def decided(answer: str | None) -> None:
            if not answer:
                self._tell("not saved: the unit was changed by somebody else")
                return
            if answer == "m" and not self._done(lambda: self.sitting.keep_mine(conflict)):
                return
            self._forget(conflict.mine.key)
            self._load(self.place)
            self._tell("kept yours" if answer == "m" else "yours is dropped")

        title, choices = pages.conflict_choices(conflict)
        self.app.push_screen(
            Dialogue(title, lambda columns: pages.conflict_lines(conflict, columns), choices, "write on"), decided
        )

    def action_undo(self) -> None:
        """Takes back what was typed, then what was saved."""
        if self.target.can_undo:
            self.target.undo()
        elif self.is_unsaved:
            self.target.put(self.row.unit.targets[self.form])
        else:
            self._step(self.sitting.undo, "taken back")

    def action_redo(self) -> None:
        """Does again what was taken back."""
        if self.target.can_redo:
            self.target.redo()
        elif not self.is_unsaved:
            self._step(self.sitting.redo, "saved again")

    def _step(self, step: Callable[[Key], Saved | Conflict | None], what: str) -> None:
        self._tell("nothing more to undo or redo here")
        if self._done(lambda: step(self.row.unit.key)):
            self._load(self.place)
            self._tell(f"{what}: {self.row.number} is {self.row.unit.state.value}")

    # --- Moving ---

    def action_move(self, step: int) -> None:
        """The unit before or after."""
        place = self.place + step
        if 0 <= place < len(self.session.rows):
            self._tell("")
            self._go(place)
        else:
            self._tell("this is the first unit" if step < 0 else "this is the last unit")

    def action_next_open(self) -> None:
        """The next unit with something to do."""
        place = self.session.next_open(self.place)
        if place is None:
            self._tell("no unit is open")
        else:
            self._tell("")
            self._go(place)

    def action_scroll_source(self, pages: int) -> None:
        """Reads on in the source."""
        source = self.query_one("#source")
        source.scroll_relative(y=pages * max(source.size.height - 1, 1), animate=False)

    def action_form(self, step: int) -> None:
        """Another plural form."""
        self._show_form((self.form + step) % len(self.forms))

    def _show_form(self, form: int) -> None:
        if form != self.form:
            self.forms, self.form = self.texts, form
            self.target.show(self.row, self.forms[form])
            self._show_title()

    # --- Asking on the line of messages ---

    def action_search(self) -> None:
        """Asks for a text to find."""
        self._ask("search", f"Search{f' [{visible(self.searched)}]' if self.searched else ''}: ")

    def action_jump(self) -> None:
        """Asks for a number."""
        self._ask("jump", f"Go to number (1-{self.session.rows[-1].number}): ")

    def _ask(self, what: str, label: str) -> None:
        self.query_one("#message").display = False
        self.query_one(Prompt).ask(what, label)

    def on_prompt_closed(self, message: Prompt.Closed) -> None:
        """Goes back to the translation, and does what was asked for."""
        self.query_one("#message").display = True
        self.set_focus(self.target)
        if message.answer is None:
            return
        if message.question == "search":
            self._search(message.answer or self.searched)
        elif message.answer:
            self._jump(message.answer)

    def _jump(self, number: str) -> None:
        place = self.session.place_of_number(int(number)) if number.isdecimal() else None
        if place is None:
            self._tell(f"no unit has the number {number}")
        else:
            self._tell("")
            self._go(place)

    def _search(self, text: str) -> None:
        self.searched = text
        place = self.session.find(text, self.place) if text else None
        if place is None:
            self._tell(f"not found: {text}" if text else "")
            return
        self._go(place)
        self._tell(f"found “{text}”; F4 Enter finds the next")

    # --- Pages ---

    def action_help(self) -> None:
        """All keys."""
        self.app.push_screen(Dialogue("Keys", lambda columns: help_lines(self.session, columns)))

    def action_aids(self) -> None:
        """All that helps, and what of it to take."""

        def lines(columns: int) -> list[Content]:
            return aid_lines(self.session, self.row, self.aids, columns, in_full=True)

        choices = pages.aid_choices(self.aids, may_be_omitted=self.row.may_be_omitted)
        what = f"Help with {self.row.number}: press a key to take"
        self.app.push_screen(Dialogue(what, lines, choices), lambda answer: self._take(answer or ""))

    def _take(self, key: str) -> None:
        """Takes the source (0), a suggestion (1-9), a term (a-z), or leaves the block out (-)."""
        if key == "0":
            self.target.put(self._source())
        elif key == "-":
            self.target.put(OMIT)
            self._tell("F2 leaves this block out of the edition")
        elif key.isdecimal():
            self.target.put(self.aids.suggestions[int(key) - 1].target)
        elif key:
            self.target.insert_clean(self.aids.terms[TERM_KEYS.index(key)].entry.target)

    def _source(self) -> str:
        """What the present form is made from: the singular for the first one, then the plural."""
        unit = self.row.unit
        return unit.source if self.form == 0 or unit.source_plural is None else unit.source_plural

    def action_edit(self) -> None:
        """Lets the translator's own editor have the terminal."""
        text, failure = self.target.text, ""
        try:
            with self.app.suspend():
                # Caught within: the terminal is taken back only if nothing leaves this block.
                try:
                    text = edited(self.session, self.row, text, self._source())
                except (click.ClickException, OSError) as error:
                    failure = str(error)
        except SuspendNotSupported:
            failure = "this terminal cannot be lent to it"
        if failure:
            self._tell(f"the editor failed: {failure}", wrong=True)
        elif cleaned(self.row, text) != self.target.text:
            self.target.put(cleaned(self.row, text))

    def action_leave(self) -> None:
        """Ends the session, unless something would be lost."""
        self._keep_draft()
        if not self.drafts:
            self.app.exit()
            return
        rows = [draft.row for draft in self.drafts.values()]
        title = f"Not saved: {counted(len(rows), 'unit')}"
        self.app.push_screen(
            Dialogue(title, lambda columns: pages.unsaved_lines(self.drafts.values(), columns), pages.LEAVING, "stay"),
            self._leave,
        )

    def _leave(self, answer: str | None) -> None:
        if answer == "k":
            for draft in list(self.drafts.values()):
                place = self.session.place_of(draft.row.unit.key)
                if place is not None:
                    self._load(place)
                if not self._done(partial(self.sitting.mark, draft.row, draft.texts)):
                    return
        if answer:
            self.app.exit()


def _checked(session: TranslationSession, row: Row, texts: Sequence[str]) -> tuple[Diagnostic, ...]:
    """The findings; a file of the newsroom that the checks cannot use is one of them."""
    try:
        return findings(session, row, texts)
    except WorkflowError as error:
        return error.diagnostics
