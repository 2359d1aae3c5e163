"""The keys of the session, in one table: commands, help page and line of keys are made from it.

Each has a function key and, where there is a free one, a control key: on some keyboards function keys are hard to
reach. None is a flow-control key, the prefix of tmux or screen, or a key that input methods or the text field use.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from textual.content import Content

from workflow.cli.columns import Run, wrap
from workflow.operations.translate import TranslationSession
from workflow.tui.views import key_line, painted


class Key(NamedTuple):
    """One thing to do."""

    keys: str
    """As Textual names them."""
    shown: str
    action: str
    short: str
    """For the key line; empty if it is on the help page only."""
    help: str


KEYS: Final = (
    Key("f1", "F1", "help", "Help", "this page"),
    Key(
        "f2,ctrl+o,ctrl+enter",
        "F2  Ctrl+O",
        "accept",
        "Accept",
        "accept the translation, save it, go to the next open unit; where a check found an error, press it twice",
    ),
    Key("f3,ctrl+t", "F3  Ctrl+T", "mark", "Needs work", "save the translation as one that needs work, go on"),
    Key(
        "f4,ctrl+f", "F4  Ctrl+F", "search", "", "search source and translation; an empty search goes on with the last"
    ),
    Key("f5,ctrl+p", "F5  Ctrl+P", "move(-1)", "Prev", "previous unit"),
    Key("f6,ctrl+n", "F6  Ctrl+N", "move(1)", "Next", "next unit"),
    Key(
        "f7,ctrl+r",
        "F7  Ctrl+R",
        "next_open",
        "Open",
        "next unit that is open: not translated, to review, noted; then those with a question",
    ),
    Key("ctrl+g", "Ctrl+G", "jump", "", "go to the unit with a number, counted as in workflow review"),
    Key("f8", "F8", "edit", "", "write the translation in your own editor ($VISUAL, $EDITOR)"),
    Key(
        "f9,ctrl+l",
        "F9  Ctrl+L",
        "aids",
        "Take",
        "all that helps with this unit, in full; there 1-9 takes a suggestion, 0 the source, a-z puts in a term, "
        "- leaves the block out of this edition",
    ),
    Key(
        "f12,ctrl+underscore,ctrl+slash",
        "F12 Ctrl+/",
        "ask",
        "Ask",
        "ask about the unit; where a question is open, answer it, or end it with Enter alone",
    ),
    Key("ctrl+z", "Ctrl+Z", "undo", "", "undo: what was typed, then what was saved, step by step"),
    Key("ctrl+y", "Ctrl+Y", "redo", "", "redo"),
    Key("pageup", "PgUp PgDn", "scroll_source(-1)", "", "read on in a long source"),
    Key("pagedown", "", "scroll_source(1)", "", ""),
    Key("tab", "Tab", "form(1)", "", "next plural form"),
    Key("shift+tab", "", "form(-1)", "", ""),
    Key("f10,ctrl+q", "F10  Ctrl+Q", "leave", "Quit", "quit; asks if something is not saved"),
)

_DROPPABLE = ("", "F12", "F7", "F5", "F6", "F3", "F9")
"""What goes first from the line of keys where it is narrow."""
_LEGEND = (
    ("✓", "translated"),
    ("~", "needs review"),
    ("-", "not translated"),
    ("!", "an editor's note is open"),
    ("?", "a question is open"),
    ("*", "written, but not saved"),
    ("[-old-] {+new+}", "went, came since the words were translated"),
)
_REMARKS = (
    "Enter ends a line where the unit may have several; an empty line makes two paragraphs, a backslash before Enter "
    "breaks the line. What you accept is on disk at once; what you only typed is kept until you quit."
)


def commands() -> dict[str, str]:
    """The action for each key."""
    return {name: key.action for key in KEYS for name in key.keys.split(",")}


def main_keys(columns: int) -> Content:
    """The line of keys: as many of them as there is room for."""
    keys = {key.shown.split()[0]: key.short for key in KEYS if key.short}
    gap = "  "
    for droppable in ("", *_DROPPABLE):
        keys.pop(droppable, None)
        line = key_line(keys, gap)
        if line.cell_length <= columns:
            break
        gap = " "
    return line


def help_lines(session: TranslationSession, columns: int) -> list[Content]:
    """The help page."""
    rows = [(key.shown, key.help) for key in KEYS if key.shown]
    lines = [line for shown, what in rows for line in _row(shown, what, 12, columns)]
    lines.append(Content(""))
    lines += [line for sign, what in _LEGEND for line in _row(sign, what, 16, columns)]
    lines.append(Content(""))
    lines += [painted(line) for line in wrap([Run(text=_REMARKS)], columns)]
    lines += [painted(line) for line in wrap([Run(text=f"The catalog: {session.path}")], columns)]
    return lines


def _row(name: str, what: str, wide: int, columns: int) -> list[Content]:
    lines = [painted(line) for line in wrap([Run(text=what)], columns - wide)]
    first = Content.styled(f"{name:<{wide}}", "bold")
    return [(first if at == 0 else Content(" " * wide)) + line for at, line in enumerate(lines)]
