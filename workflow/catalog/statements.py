"""One statement of a PO file: what its line looks like, and which keyword may follow which.

Grammar: gettext manual, "The Format of PO Files".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from workflow.catalog.findings import RESTORE

FOLLOWING: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("msgctxt", "msgid"),
    "msgctxt": ("msgid",),
    "msgid": ("msgid_plural", "msgstr"),
    "msgid_plural": ("msgstr[0]",),
    "msgstr": (),
    **{f"msgstr[{form}]": (f"msgstr[{form + 1}]",) for form in range(9)},
    "msgstr[9]": (),
}
"""Which keyword may follow which in an entry; polib reads plural numbers of one digit only."""
FOLLOWING_PREVIOUS: Final[Mapping[str, tuple[str, ...]]] = {
    keyword: tuple(word for word in following if not word.startswith("msgstr"))
    for keyword, following in FOLLOWING.items()
}
"""The same after `#|`: previous strings have no msgstr."""

_MARKS: Final = ("#~|", "#~", "#|")
_KEYWORD: Final = r"msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?"
_STATEMENT = re.compile(rf'(?:({_KEYWORD})[ \t]+)?"([^"\\]*(?:\\["\\nt][^"\\]*)*)"')

_FAULTS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        r"domain\b.*",
        ("`domain` lines are not supported", "keep one file for each domain and delete the line"),
    ),
    (
        rf"(?!(?:{_KEYWORD})?[ \t]*\").*",
        (
            "this is no line of a PO file",
            'comments begin with "# "; text stands between quotation marks, after msgid or msgstr',
        ),
    ),
    (
        rf"(?:{_KEYWORD})\".*",
        ("a blank is missing between keyword and string", 'write msgid "…"'),
    ),
    (
        r'[^"]*"(?:[^"\\]|\\["\\nt])*\\[abefrvx0-7].*',
        (
            "an escape such as \\r, \\v or \\101 stands for a character that is not allowed in a catalog",
            "delete it; a backslash that is meant as such is written \\\\",
            "catalog.control-character",
        ),
    ),
    (
        r'[^"]*"(?:[^"\\]|\\["\\nt])*\\[^"\\nt].*',
        (
            'unknown escape: only \\n, \\t, \\" and \\\\ are known',
            "a backslash that is meant as such is written \\\\",
        ),
    ),
    (
        r'[^"]*"(?:[^"\\]|\\.)*\\?',
        ("the string has no closing quotation mark", f"close it; if the rest of the file is missing, {RESTORE}"),
    ),
    (
        r".*",
        (
            "something follows the closing quotation mark",
            'one string on each line; a quotation mark inside is written \\"',
        ),
    ),
)
"""What is wrong with a line that is no statement (message, hint, code): the first pattern that matches says it."""


class PoSyntaxError(Exception):
    """A line that no PO file has, or not in this place."""

    def __init__(self, message: str, hint: str, code: str = "catalog.syntax") -> None:
        super().__init__(message)
        self.message, self.hint, self.code = message, hint, code


class Statement(NamedTuple):
    mark: str
    """`#~` obsolete, `#|` previous, `#~|` both; empty for a live string."""
    keyword: str
    """Empty if the string continues the one before."""
    string: str
    """Still escaped."""

    @property
    def is_previous(self) -> bool:
        return self.mark.endswith("|")


def read_statement(line: str) -> Statement:
    """Return what the line says; raises PoSyntaxError if it is no statement. Blanks around it are gone."""
    mark = next((mark for mark in _MARKS if line.startswith(mark)), "") if line.startswith("#") else ""
    body = line.removeprefix(mark)
    if mark and not body.startswith((" ", "\t")):
        raise PoSyntaxError(f"a blank and a keyword must follow {mark}", f'write {mark} msgid "…"')
    body = body.lstrip(" \t")
    read = _STATEMENT.fullmatch(body)
    if read is None:
        raise PoSyntaxError(*next(fault for pattern, fault in _FAULTS if re.fullmatch(pattern, body)))
    return Statement(mark, read[1] or "", read[2])
