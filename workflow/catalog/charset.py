"""From the bytes of a PO file to its text, by the charset that the header entry declares."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from workflow.catalog.findings import RESTORE
from workflow.errors import InputError
from workflow.text import line_of

CHARSETS: Final = frozenset(
    [
        *("ascii", "utf-8", "koi8-r", "koi8-u", "koi8-t", "gb2312", "gbk", "gb18030", "big5", "big5hkscs"),
        *("euc_jp", "euc_kr", "tis-620", "cp850", "cp866", "cp874"),
        *(f"iso8859-{part}" for part in range(1, 17)),
        *(f"cp{page}" for page in range(1250, 1259)),
    ]
)
"""Python's names of the charsets in which every ASCII byte outside a character is that ASCII character."""

_WIDE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)  # UTF-32-LE begins as UTF-16-LE
_SAVE_AS_UTF8: Final = "open the file in its editor and save it as UTF-8 without byte order mark"


def decode(data: bytes, path: str) -> str:
    """Return the text of the file; raises InputError if its charset is missing, unknown or wrong."""
    _refuse_unreadable(data, path)
    name, line = _declared_charset(data)
    codec = _codec(name, path, line)
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        message = f"the bytes are not {name}, which the header declares"
        hint = "save the file in the charset that its header names, best as UTF-8 with charset=UTF-8"
        raise _charset_error(message, path, line_of(error), hint) from error


def _charset_error(message: str, path: str, line: int, hint: str) -> InputError:
    return InputError.of("catalog.charset", message, path=path, line=line, hint=hint)


def _refuse_unreadable(data: bytes, path: str) -> None:
    """What is wrong before the header can be read."""
    if data.startswith(_WIDE_MARKS) or b"\0" in data[:4]:
        raise _charset_error("the file is saved as UTF-16 or UTF-32", path, 1, _SAVE_AS_UTF8)
    if data.startswith(codecs.BOM_UTF8):
        raise _charset_error("the file begins with a byte order mark, which gettext refuses", path, 1, _SAVE_AS_UTF8)
    if b"\r" in data and b"\n" not in data:
        message, hint = "the file has old Macintosh line ends (CR)", "save the file with Unix line ends (mac2unix)"
        raise InputError.of("catalog.control-character", message, path=path, line=1, hint=hint)
    if not data.strip():
        raise InputError.of("catalog.cut-short", "the file is empty", path=path, hint=RESTORE)


def _declared_charset(data: bytes) -> tuple[str, int]:
    """The charset in the header entry, never in a comment, and its line; empty if there is none, or two."""
    header, line = "", 1
    for number, raw in enumerate(_first_entry(data), start=1):
        string = re.search(r'"(.*)"', raw)
        header += string[1] if string else ""
        line = number if "charset=" in raw else line
    fields = header.replace("\\n", "\n")
    found = re.search(r"^Content-Type:.*?charset=([^\s;]*)", fields, re.MULTILINE)
    return (found[1], line) if found and fields.count("charset=") == 1 else ("", line)


def _first_entry(data: bytes) -> Iterator[str]:
    """The lines up to the second msgid, without comments. Latin-1 shows the ASCII bytes of any charset."""
    begun = False
    for raw in data.decode("latin-1").split("\n"):
        line = raw.strip(" \t")
        if begun and line.startswith(("msgid", "msgctxt", "#~")):
            return
        begun = begun or line.startswith("msgid")
        yield line if begun and not line.startswith("#") else ""


def _codec(name: str, path: str, line: int) -> str:
    """Python's name of the charset; raises InputError if it is not one that PO files may use."""
    try:
        codec = codecs.lookup(name).name if name.isascii() else ""
    except (LookupError, ValueError):
        codec = ""
    if codec in CHARSETS:
        return codec
    declared = f"declares the charset {name}, which is not known" if name else "names no charset, or two"
    hint = 'let the header entry hold "Content-Type: text/plain; charset=UTF-8\\n" and save the file as UTF-8'
    raise _charset_error(f"the header {declared}", path, line, hint)
