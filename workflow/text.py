"""The door for every text file: UTF-8, and none of the characters that tools read in different ways."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError

FORBIDDEN: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffd-\uffff\ud800-\udfff"
"""The characters, as a set of a regular expression names them."""

EXCERPT: Final = 60
"""How many characters of somebody's words a message quotes."""

_FORBIDDEN = re.compile(f"[{FORBIDDEN}]")
_NAMES = {
    "\x00": "a NUL character",
    "\r": "a carriage return (Windows line ends)",
    "\x85": "the control character NEXT LINE (U+0085)",
    "\u2028": "a LINE SEPARATOR (U+2028)",
    "\u2029": "a PARAGRAPH SEPARATOR (U+2029)",
    "\ufffd": "a REPLACEMENT CHARACTER (U+FFFD), which stands for one that was lost",
}


def decode_text(data: bytes, path: str, *, kind: str, max_bytes: int) -> str:
    """The text in `data`.

    Raises InputError (`<kind>.encoding`, `<kind>.character`, `<kind>.size`) with the lines of what is wrong.
    """
    if len(data) > max_bytes:
        message = f"{len(data):,} bytes; {max_bytes:,} are allowed"
        raise InputError.of(f"{kind}.size", message, path=path, hint="take out what does not belong there")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError.of(f"{kind}.encoding", "saved as UTF-16", path=path, line=1, hint="save it as UTF-8")
    if data.startswith(b"\xef\xbb\xbf"):
        hint = f"save it as UTF-8 without BOM, or run: sed -i '1s/^\\xEF\\xBB\\xBF//' {path}"
        raise InputError.of(f"{kind}.encoding", "begins with a byte order mark", path=path, line=1, hint=hint)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte 0x{data[error.start]:02X}"
        hint = "save it as UTF-8"
        raise InputError.of(f"{kind}.encoding", message, path=path, line=line_of(error), hint=hint) from None
    if faults := character_faults(text, path, kind=kind):
        raise InputError(faults)
    return text


def character_faults(text: str, path: str, *, kind: str) -> list[Diagnostic]:
    """One fault for each forbidden character met, at its first line."""
    first: dict[str, int] = {}
    for found in _FORBIDDEN.finditer(text):
        first.setdefault(found.group(), found.start())
    return [
        Diagnostic(
            code=f"{kind}.character",
            message=_NAMES.get(character, f"the control character U+{ord(character):04X}"),
            location=Location(path=path, line=line_at(text, at)),
            hint=f"run: sed -i 's/\\r$//' {path}" if character == "\r" else "delete it",
        )
        for character, at in first.items()
    ]


def without_forbidden(text: str) -> str:
    """The text with a blank for each character that no file of ours may hold."""
    return _FORBIDDEN.sub(" ", text)


def excerpt(text: str) -> str:
    """The text, or as much of its beginning as a message has room for."""
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}…"


def folded_address(address: str) -> str:
    """The same for two e-mail addresses that differ only in capitals, or in forms of the same characters."""
    return unicodedata.normalize("NFKC", address).casefold()


def line_at(text: str, position: int) -> int:
    """The line, from 1, in which a character stands."""
    return text.count("\n", 0, position) + 1


def line_of(error: UnicodeDecodeError) -> int:
    """The line, from 1, of the byte that could not be decoded."""
    return error.object.count(b"\n", 0, error.start) + 1
