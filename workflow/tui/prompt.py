"""A question on the line of messages: what to search, where to go."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static


class Prompt(Horizontal):
    """Hidden until something is asked."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False)]

    class Closed(Message):
        """The question is gone, with its answer or, after Escape, without one."""

        def __init__(self, question: str, answer: str | None) -> None:
            super().__init__()
            self.question = question
            self.answer = answer

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self.display = False
        self.question = ""

    def compose(self) -> ComposeResult:
        """The question, and the field for the answer."""
        yield Static(id="prompt-label")
        yield Input(id="prompt-text", compact=True, select_on_focus=False)

    def ask(self, question: str, label: str) -> None:
        """Asks; the answer comes as a message."""
        self.question = question
        self.display = True
        self.query_one(Static).update(Content(label))
        field = self.query_one(Input)
        field.value = ""
        # At once, unlike Input.focus: what is typed next is meant for it.
        self.screen.set_focus(field)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Ends with the answer."""
        message.stop()
        self._end(message.value.strip())

    def action_close(self) -> None:
        """Ends without one."""
        self._end(None)

    def _end(self, answer: str | None) -> None:
        self.display = False
        self.post_message(self.Closed(self.question, answer))
