"""Pages that lie over the session: something to read, and keys to choose with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from workflow.tui.views import key_line

Body = Callable[[int], list[Content]]
"""The lines of a page, for so many columns."""

WIDEST: Final = 100


class Dialogue(ModalScreen[str]):
    """Ends with the key that was chosen, or with nothing on Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,f9,f10,ctrl+q", "leave", "Back", priority=True),
        Binding("up", "scroll(-1)", show=False),
        Binding("down,enter", "scroll(1)", show=False),
        Binding("pageup", "scroll_page(-1)", show=False),
        Binding("pagedown,space", "scroll_page(1)", show=False),
    ]

    def __init__(self, title: str, body: Body, choices: Mapping[str, str] = {}, back: str = "back") -> None:
        super().__init__()
        self.page_title = title
        self.page_body = body
        self.choices = choices
        self.back = back

    def compose(self) -> ComposeResult:
        """Title, what is to be read, what can be chosen."""
        with Vertical(id="page"):
            yield Static(Content(self.page_title), id="page-title")
            with VerticalScroll(id="page-scroll", can_focus=False):
                yield Static(id="page-body")
            yield Static(id="page-choices")

    def on_resize(self, event: events.Resize) -> None:
        """Breaks the lines anew."""
        columns = min(event.size.width, WIDEST)
        page, scroll = self.query_one("#page"), self.query_one("#page-scroll")
        page.styles.width = columns
        lines = self.page_body(columns - 5)
        self.query_one("#page-body", Static).update(Content("\n").join(lines))
        room = max(event.size.height - 7, 1)
        scroll.styles.max_height = room
        told = {key: what for key, what in self.choices.items() if what}
        more = {"PgUp PgDn": "read on"} if len(lines) > room else {}
        self.query_one("#page-choices", Static).update(key_line({**told, **more, "Esc": self.back}))

    def on_key(self, event: events.Key) -> None:
        """Takes a key that stands for a choice."""
        key = event.character or event.key
        if key in self.choices:
            event.stop()
            self.dismiss(key)

    def action_leave(self) -> None:
        """Ends without a choice."""
        self.dismiss("")

    def action_scroll(self, lines: int) -> None:
        """Moves by lines."""
        self.query_one("#page-scroll").scroll_relative(y=lines, animate=False)

    def action_scroll_page(self, pages: int) -> None:
        """Moves by most of a page."""
        scroll = self.query_one("#page-scroll")
        scroll.scroll_relative(y=pages * max(scroll.size.height - 1, 1), animate=False)
