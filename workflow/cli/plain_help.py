"""What a line can say in the session without a screen, in one table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

HELP: Final = (
    ("text", "translates the unit that was shown last, saves it, goes to the next open unit"),
    ("(an empty line)", "leaves the unit as it is and goes to the next open one"),
    (":text", "begins a translation of several lines, which ends with a line that is a full stop"),
    ("::text", "a translation that begins with a colon"),
    (":skip", "goes to the next open unit"),
    (":next  :prev", "goes to the next unit, or the one before, open or not"),
    (":go 5", "goes to the unit with a number"),
    (":find words", "goes to the next unit that has the words in source or translation"),
    (":accept", "accepts the translation that the unit has"),
    (":fuzzy [text]", "saves the text, or what the unit has, as needing work"),
    (":take 1", "accepts a suggestion"),
    (":source", "accepts the source itself"),
    (":omit", "leaves the block out of this edition"),
    (":ask words", "asks about the unit, in its comments"),
    (":answer [words]", "ends the unit's open questions, with an answer or without"),
    (":edit", "opens the translation in $VISUAL or $EDITOR"),
    (":undo  :redo", "takes back what was saved last, or saves it again"),
    (":show", "shows the unit again"),
    (":list", "lists all units"),
    (":quit", "ends the session, as the end of input does"),
)


def help_lines() -> Iterator[str]:
    """What each line or command does."""
    for command, what in HELP:
        yield f"{command}: {what}" if command.startswith(":") else f"{command} {what}"
