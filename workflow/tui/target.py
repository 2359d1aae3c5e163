"""The field in which the translation is written."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from workflow.operations.translate import Row, tidied


class Target(TextArea):
    """A text area that takes what its unit can hold: no controls, and line ends only where they mean something."""

    class LineRefused(Message):
        """Enter was pressed where the unit has one line."""

    def __init__(self, row: Row) -> None:
        super().__init__(highlight_cursor_line=False, id="target")
        self.row = row

    def show(self, row: Row, text: str) -> None:
        """Begins with another text, whose undo has nothing of the one before."""
        self.row = row
        self.load_text(text)

    def put(self, text: str) -> None:
        """Replaces the whole text, as one step of undo."""
        self.replace(text, self.document.start, self.document.end)
        self.move_cursor(self.document.end)

    def insert_clean(self, text: str) -> None:
        """Puts a text in place of the selection, cleaned of what the unit cannot hold."""
        done = self.replace(tidied(self.row, text), *self.selection, maintain_selection_offset=False)
        self.move_cursor(done.end_location)

    def on_key(self, event: events.Key) -> None:
        """Holds Enter back where it has no meaning."""
        if event.key == "enter" and not self.row.takes_lines:
            event.stop()
            event.prevent_default()
            self.post_message(self.LineRefused())

    def on_paste(self, event: events.Paste) -> None:
        """Pastes what the unit can hold."""
        event.stop()
        event.prevent_default()
        self.insert_clean(event.text)

    def action_paste(self) -> None:
        """Pastes what was copied in the session."""
        self.insert_clean(self.app.clipboard)

    @property
    def can_undo(self) -> bool:
        return bool(self.history.undo_stack)

    @property
    def can_redo(self) -> bool:
        return bool(self.history.redo_stack)
