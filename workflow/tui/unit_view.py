"""The unit at work on the screen, the story around it, what helps with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static, TextArea

from workflow.cli.columns import clipped
from workflow.cli.output import visible
from workflow.errors import WorkflowError
from workflow.memory import Memory
from workflow.operations.rows import Key, Row
from workflow.operations.translate import TranslationSession
from workflow.tui.aids_pane import AidsPane
from workflow.tui.keys import main_keys
from workflow.tui.layout import SMALLEST
from workflow.tui.parts import parts
from workflow.tui.prompt import Prompt
from workflow.tui.target import Target
from workflow.tui.views import Aids, story_bar, unit_title
from workflow.tui.work import Work

PAUSE: Final = 0.2
"""Seconds without a key after which the checks look at what was typed."""


class UnitView(Vertical):
    """Takes up one unit after another, and shows it; it saves nothing."""

    def __init__(self, work: Work, memory: Memory, commands: Mapping[str, str]) -> None:
        super().__init__()
        self.work = work
        self.memory = memory
        self.commands = commands
        self.is_long = False
        """True if the source does not fit into its place."""
        self.told_of: tuple[Key, tuple[str, ...]] | None = None
        """What stood in the unit when something was told."""
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
            yield Target(self.work.row, self.commands)
        yield AidsPane(self.memory)
        yield Static(id="rule")
        yield Static(id="below")
        yield Static(id="message")
        yield Prompt()
        yield Static(id="keys")

    @property
    def session(self) -> TranslationSession:
        return self.work.session

    @property
    def row(self) -> Row:
        return self.work.row

    @property
    def target(self) -> Target:
        return self.query_one(Target)

    @property
    def pane(self) -> AidsPane:
        return self.query_one(AidsPane)

    @property
    def aids(self) -> Aids:
        """What is known by now that may help."""
        return self.pane.aids

    @property
    def texts(self) -> tuple[str, ...]:
        """The translation as it is written now, in all its forms."""
        return self.work.texts(self.target.text)

    @property
    def is_unsaved(self) -> bool:
        return self.work.is_unsaved(self.target.text)

    # --- One unit ---

    def go(self, place: int) -> None:
        """Leaves the unit, keeping what was typed, and shows another one, as the files have it now."""
        key = self.session.rows[place].unit.key
        self.work.keep(self.target.text)
        try:
            if not self.work.refresh():
                self.tell("the catalog has no units any more: quit, and run workflow update", wrong=True)
                return
        except WorkflowError as error:
            self.tell_error(error)
        found = self.session.place_of(key)
        self.load(min(place, len(self.session.rows) - 1) if found is None else found)

    def load(self, place: int) -> None:
        """Shows the unit at a place, as it was left."""
        self.work.load(place)
        self.show_unit()

    def show_unit(self) -> None:
        """Fills the screen with the present unit."""
        self.show_text()
        self.scroll_source(0)
        self.look()
        self.draw()

    def look(self) -> None:
        """Looks for what helps, beside the typing."""
        self.pane.look(self.session, self.row, self.texts)

    def on_aids_pane_looked(self, message: AidsPane.Looked) -> None:
        """Shows what was found."""
        message.stop()
        self.draw()

    def turn_to(self, form: int) -> None:
        """Shows another plural form."""
        if form != self.work.form:
            self.work.turn_to(form, self.target.text)
            self.show_text()
            self.show_title()

    def on_text_area_changed(self, message: TextArea.Changed) -> None:
        """Notes what was typed; the checks wait for a pause."""
        message.stop()
        if self.pane.looked_at == (self.row.unit.key, self.texts):
            return
        # What was told of just this text stays: the news of a change may come after what a key did.
        if self.told_of != (self.row.unit.key, self.texts):
            self.tell("")
        self.show_title()
        if self.pause is not None:
            self.pause.stop()
        self.pause = self.set_timer(PAUSE, self._after_pause)

    def _after_pause(self) -> None:
        self.draw()
        self.look()

    def forget(self, key: Key) -> None:
        """Drops what was typed for a unit: it is saved, or not wanted."""
        if self.work.forget(key):
            self.show_text()

    def show_text(self) -> None:
        """Puts the present form into the field."""
        self.target.show(self.work.row, self.work.forms[self.work.form])

    # --- Drawing ---

    def on_resize(self) -> None:
        """Breaks all lines anew."""
        self.draw()

    def draw(self) -> None:
        """Shares the screen out and fills each part."""
        columns, rows = self.screen.size
        too_small = columns < SMALLEST[0] or rows < SMALLEST[1]
        small = self.query_one("#small", Static)
        small.display = too_small
        if too_small:
            small.styles.height = rows
            small.update(Content(f"terminal too small: {columns}×{rows}, {SMALLEST[0]}×{SMALLEST[1]} are needed"))
            return
        shown = parts(
            self.session,
            self.work.place,
            self.work.row,
            self.aids,
            size=(columns, rows),
            written=max(self.target.wrapped_document.height, 1),
            unsaved=self.work.unsaved_places,
        )
        self.set_class(shown.stacked, "stacked")
        self.is_long = len(shown.source) > shown.source_rows
        self.query_one("#pair").styles.height = shown.unit_rows
        self.query_one("#source").styles.height = shown.source_rows
        self._fill("source-text", shown.source)
        self._fill("above", shown.above, len(shown.above))
        self._fill("aids", shown.aids, len(shown.aids))
        self._fill("below", shown.below, shown.below_rows)
        self._fill("bar", [story_bar(self.session, columns)])
        self._fill("rule", [Content.styled("─" * (columns - 2), "$primary")])
        self._fill("keys", [main_keys(columns - 2)])
        self.show_title()

    def _fill(self, part: str, lines: Sequence[Content], height: int | None = None) -> None:
        widget = self.query_one(f"#{part}", Static)
        widget.update(Content("\n").join(lines))
        if height is not None:
            widget.display = height > 0
            widget.styles.height = height

    def show_title(self) -> None:
        """Writes the rule above the unit."""
        work, forms = self.work, len(self.work.forms)
        form = f"form {work.form + 1} of {forms} ({self.session.examples(work.form)})" if forms > 1 else ""
        title = unit_title(
            self.row, self.screen.size.width - 2, unsaved=self.is_unsaved, form=form, is_long=self.is_long
        )
        self.query_one("#title", Static).update(title)

    def scroll_source(self, pages: int) -> None:
        """Reads on in the source, or back to its beginning with no pages."""
        source = self.query_one("#source")
        if pages:
            source.scroll_relative(y=pages * max(source.size.height - 1, 1), animate=False)
        else:
            source.scroll_home(animate=False)

    # --- The line of messages ---

    def tell(self, text: str, *, wrong: bool = False) -> None:
        """Writes the line of messages."""
        self.told_of = self.row.unit.key, self.texts
        message = self.query_one("#message", Static)
        message.set_class(wrong, "wrong")
        message.update(Content(clipped(visible(text), max(self.screen.size.width - 2, 1))))

    def tell_error(self, error: WorkflowError) -> None:
        """Writes what kept something from being done."""
        found = error.diagnostics[0]
        self.tell(f"not saved: {found}" + (f"; {found.hint}" if found.hint else ""), wrong=True)

    def ask(self, what: str, label: str) -> None:
        """Asks on the line of messages; the answer comes as a message."""
        self.query_one("#message").display = False
        self.query_one(Prompt).ask(what, label)

    def end_asking(self) -> None:
        """Goes back to the translation."""
        self.query_one("#message").display = True
        self.screen.set_focus(self.target)
