"""The door for every text file: UTF-8, and none of the characters that tools read in different ways."""

from __future__ import annotations

import re

from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
_NAMES = {
    "\x00": "a NUL character",
    "\r": "a carriage return (Windows line ends)",
    "\x85": "the control character NEXT LINE (U+0085)",
    "\u2028": "a LINE SEPARATOR (U+2028)",
    "\u2029": "a PARAGRAPH SEPARATOR (U+2029)",
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
        line = data.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8: byte 0x{data[error.start]:02X}"
        raise InputError.of(f"{kind}.encoding", message, path=path, line=line, hint="save it as UTF-8") from None
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
            location=Location(path=path, line=text.count("\n", 0, at) + 1),
            hint=f"run: sed -i 's/\\r$//' {path}" if character == "\r" else "delete it",
        )
        for character, at in first.items()
    ]
