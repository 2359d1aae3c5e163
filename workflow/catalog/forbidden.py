"""What no PO file may hold: characters that some tool takes for a line end or cannot show, unresolved merges."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workflow.catalog.findings import finding
from workflow.diagnostics import Diagnostic
from workflow.text import FORBIDDEN, line_at

_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")
_CONFLICT_MARKS: Final = tuple(mark * 7 for mark in "<=>|")
_CONFLICT = re.compile(rf"(?:{'|'.join(map(re.escape, _CONFLICT_MARKS))})(?:[ \t]|$)")
_NAMES: Final = {
    "\0": "NUL",
    "\v": "vertical tab",
    "\f": "form feed",
    "\x85": "next line",
    "\u2028": "line separator",
    "\u2029": "paragraph separator",
    "\ufffd": "replacement character, a sign that text was lost in a conversion,",
}


def forbidden_in_file(text: str, path: str) -> Iterator[Diagnostic]:
    """Every line with such a character, or with a conflict marker; carriage returns are told once."""
    if "\r" in text:
        message, hint = "the file has Windows line ends (CR)", "save the file with Unix line ends (dos2unix)"
        yield finding("catalog.control-character", message, path, line_at(text, text.index("\r")), hint)
    if not _FORBIDDEN.search(text) and not any(mark in text for mark in _CONFLICT_MARKS):
        return  # as nearly always, and much faster than line by line
    for number, line in enumerate(text.split("\n"), start=1):
        for character in _forbidden_in(line.replace("\r", "")):
            message = f"{_name(character)} is not allowed in a catalog"
            yield finding("catalog.control-character", message, path, number, "delete the character")
        if _CONFLICT.match(line):
            message, hint = (
                f"unresolved merge conflict: {line[:7]}",
                "keep one of the two sides, delete the marker lines",
            )
            yield finding("catalog.conflict-marker", message, path, number, hint)


def forbidden_in_text(text: str, where: str) -> Iterator[Diagnostic]:
    """The same characters in a text that is to be written."""
    for character in _forbidden_in(text):
        message = f"the {where} holds {_name(character)}, which is not allowed in a catalog"
        yield Diagnostic(code="catalog.control-character", message=message, hint="delete the character")


def _forbidden_in(text: str) -> list[str]:
    return sorted(set(_FORBIDDEN.findall(text))) if _FORBIDDEN.search(text) else []


def _name(character: str) -> str:
    kind = "control character" if ord(character) < 0xA0 else "not a character"
    return f"U+{ord(character):04X} ({_NAMES.get(character, kind)})"
