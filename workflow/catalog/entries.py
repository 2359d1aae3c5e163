"""One entry of a PO file: its comments, its keywords in order, its strings still escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from workflow.catalog.findings import RESTORE
from workflow.catalog.statements import FOLLOWING, FOLLOWING_PREVIOUS, PoSyntaxError, Statement


@dataclass(slots=True)
class Entry:
    """One entry as the scan meets it: where it is, what stands around its strings."""

    line: int = 0
    """Of its first keyword; 0 as long as there are only comments."""
    is_obsolete: bool = False
    comments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    strings: dict[str, str] = field(default_factory=dict)
    """By keyword, in file order, still escaped."""
    previous: dict[str, str] = field(default_factory=dict)
    """The same for what stands after `#|`."""
    last: str = ""
    """The last keyword; empty before the first."""
    last_previous: str = ""
    """The last keyword after `#|`."""

    @property
    def is_complete(self) -> bool:
        return self.last.startswith("msgstr")

    @property
    def is_header(self) -> bool:
        """True for an empty msgid without msgctxt (gettext manual, "Header Entry")."""
        return not self.is_obsolete and not self.strings["msgid"] and list(self.strings) == ["msgid", "msgstr"]

    def add_comment(self, line: str) -> None:
        """Keep a comment as what the character after its `#` makes of it."""
        kind, rest = line[1:2], line[2:]
        if line.endswith("\\"):
            message = "a comment ends with a backslash, and gettext takes the next line for its continuation"
            raise PoSyntaxError(message, "delete the backslash, or put a full stop after it")
        if kind and kind in "=!":
            hint = "delete the line, or put a blank after the # to make it a comment"
            raise PoSyntaxError(f"`#{kind}` lines are not read the same way by all tools", hint)
        if kind == ".":
            self.notes.append(rest.removeprefix(" "))
        elif kind == ":":
            self.references += re.findall("[^ \\t]+", rest)
        elif kind == ",":
            self.flags |= {flag.strip() for flag in rest.split(",") if flag.strip()}
        else:
            self.comments.append(line[1:].removeprefix(" "))

    def add_keyword(self, statement: Statement, number: int) -> None:
        """Keep a keyword and its string, if its turn has come."""
        previous = statement.is_previous
        expected = FOLLOWING_PREVIOUS[self.last_previous] if previous else FOLLOWING[self.last]
        if statement.keyword not in expected or (previous and self.last):
            raise _out_of_order(statement, expected)
        if previous:
            self.last_previous = statement.keyword
            self.previous[statement.keyword] = statement.string
        else:
            self._add_string(statement, number)

    def _add_string(self, statement: Statement, number: int) -> None:
        is_obsolete = statement.mark == "#~"
        if not self.strings:
            self.line, self.is_obsolete = number, is_obsolete
        if self.is_obsolete != is_obsolete or self.last_previous == "msgctxt":
            halved = self.is_obsolete != is_obsolete
            message = "one half of the entry is obsolete" if halved else "#| msgctxt has no #| msgid"
            raise PoSyntaxError(message, "mark each line of an obsolete entry with #~, or none")
        self.last = statement.keyword
        self.strings[statement.keyword] = statement.string

    def continue_string(self, statement: Statement) -> None:
        """Add to the string of the last keyword."""
        if statement.is_previous:
            self.previous[self.last_previous] += statement.string
        else:
            self.strings[self.last] += statement.string

    def check_end_of_file(self) -> None:
        """Raises PoSyntaxError if the file may not end with this entry, which is incomplete."""
        if self.strings or self.last_previous:
            raise PoSyntaxError("the file ends in the middle of an entry", RESTORE, "catalog.cut-short")
        if self.comments or self.notes or self.references or self.flags:
            hint = f"move the comment above the entry that it is about, or delete it; {RESTORE}"
            raise PoSyntaxError("the file ends with comments that belong to no entry", hint)


def _out_of_order(statement: Statement, expected: Sequence[str]) -> PoSyntaxError:
    where = f" after {statement.mark}" if statement.mark else ""
    message = f"{statement.keyword} stands{where} where {' or '.join(expected) or 'the next entry'} is expected"
    return PoSyntaxError(message, "an entry is msgctxt (if any), msgid, msgid_plural (if any), msgstr, each once")
