"""The field in which the translation is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import DocumentNavigator

from workflow.operations.rows import Row
from workflow.operations.unit_saving import tidied
from workflow.tui.wrapping import Wrapped


class Target(TextArea):
    """A text area that takes what its unit can hold: no controls, and line ends only where they mean something.

    The session's keys go through it too, not through bindings: so they stay in order with what is typed before and
    after them, however fast an input method or a paste is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+home", "to_start", show=False),
        Binding("ctrl+end", "to_end", show=False),
    ]

    class Refused(Message):
        """A key did nothing, and why."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def __init__(self, row: Row, commands: Mapping[str, str]) -> None:
        super().__init__(highlight_cursor_line=False, id="target")
        # A cursor that keeps still does not redraw the line under an input method, or over a slow connection.
        self.cursor_blink = False
        self.row = row
        self.commands = commands
        """The screen's action for a key."""

    def show(self, row: Row, text: str) -> None:
        """Begins with another text, whose undo has nothing of the one before."""
        self.row = row
        self.load_text(text)
        self.wrapped_document = Wrapped(self.document, self.wrap_width, self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self.virtual_size = Size(0, self.wrapped_document.height)

    def put(self, text: str) -> None:
        """Replaces the whole text, as one step of undo."""
        self.replace(text, self.document.start, self.document.end)
        self.move_cursor(self.document.end)

    def insert_clean(self, text: str) -> None:
        """Puts a text in place of the selection, cleaned of what the unit cannot hold."""
        done = self.replace(tidied(self.row, text), *self.selection, maintain_selection_offset=False)
        self.move_cursor(done.end_location)

    async def on_key(self, event: events.Key) -> None:
        """Obeys the session's keys; holds Enter back where it has no meaning."""
        command = next((self.commands[key] for key in event.aliases if key in self.commands), None)
        is_meant = self.app.focused is self
        is_refused = event.key == "enter" and not self.row.takes_lines
        if is_meant and command is None and not is_refused:
            return
        event.stop()
        event.prevent_default()
        if not is_meant:
            # Typed before a question or a page took the focus, and meant for it.
            self.app.post_message(events.Key(event.key, event.character))
        elif command is not None:
            await self.screen.run_action(command)
        else:
            self.post_message(self.Refused("this one stands on one line; F2 or Ctrl+O accepts it"))

    def on_paste(self, event: events.Paste) -> None:
        """Pastes what the unit can hold."""
        event.stop()
        event.prevent_default()
        self.insert_clean(event.text)

    def action_to_start(self) -> None:
        """To the beginning of the translation."""
        self.move_cursor(self.document.start)

    def action_to_end(self) -> None:
        """To its end."""
        self.move_cursor(self.document.end)

    def action_paste(self) -> None:
        """Pastes what was copied in the session."""
        self.insert_clean(self.app.clipboard)

    def action_copy(self) -> None:
        """Copies what is selected; with nothing selected, somebody wants to leave."""
        try:
            super().action_copy()
        except SkipAction:
            self.post_message(self.Refused("F10 or Ctrl+Q quits"))

    @property
    def can_undo(self) -> bool:
        return bool(self.history.undo_stack)

    @property
    def can_redo(self) -> bool:
        return bool(self.history.redo_stack)
