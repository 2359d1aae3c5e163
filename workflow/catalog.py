"""PO files and catalogs: strict reading, canonical writing.

gettext, polib and CAT tools differ in what damage they let pass, so a file is read in three steps that each
refuse what the next must not meet: the bytes (charset, control characters), the lines (a scan of our own that
knows every entry and where it begins), and the strings (polib). What comes out is the same for all tools.

The files that we write cannot be shortened unseen: the header counts the units (`X-Unit-Count`), and an
obsolete entry marks the end, because tools keep obsolete entries last. Neither is part of the `Catalog`.
"""

from __future__ import annotations

import codecs
import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import polib

from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError
from workflow.languages import Language, plural_forms
from workflow.model import Catalog, Previous, Unit

UNIT_COUNT: Final = "X-Unit-Count"
END_MARK: Final = Unit(context="workflow", source="end of catalog", targets=("end of catalog",), obsolete=True)

HEADER_ORDER: Final = (
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Plural-Forms",
)
"""As msginit writes them (gettext manual, "Filling in the Header Entry"); all others follow."""

FORCED_HEADERS: Final = {
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}

CHARSETS: Final = frozenset(
    [
        *("ascii", "utf-8", "koi8-r", "koi8-u", "koi8-t", "gb2312", "gbk", "gb18030", "big5", "big5hkscs"),
        *("euc_jp", "euc_kr", "tis-620", "cp850", "cp866", "cp874"),
        *(f"iso8859-{part}" for part in range(1, 17)),
        *(f"cp{page}" for page in range(1250, 1259)),
    ]
)
"""Python's names of the charsets in which every ASCII byte outside a character is that ASCII character."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffd-\uffff]")
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7}|\|{7})(?:[ \t]|$)")
_NUMBER_OF_FORMS = re.compile(r"nplurals\s*=\s*(\d+)")

_RESTORE = "restore the file from version control"
_SAVE_AS_UTF8 = "open the file in its editor and save it as UTF-8 without byte order mark"


def parse_catalog(data: bytes, path: str) -> Catalog:
    """Return the catalog that a PO file holds.

    Raises InputError, with every finding of the step that failed, if the file is damaged, cut short,
    ambiguous, or could be read differently by another tool. Grammar: gettext manual, "PO Files".
    """
    text = _decode(data, path)
    _raise_if(_at_the_door(text, path))
    scan = _Scan(path)
    entries = scan.run(text)
    _raise_if(scan.found)
    return _Reading(path, entries, _read_with_polib(scan, path)).catalog()


def format_catalog(catalog: Catalog) -> str:
    """Return the text of the catalog's PO file, to be encoded as UTF-8: what `msgcat --no-wrap` writes.

    Raises InputError, naming the unit, if a text holds a character that no PO file may hold; ValueError if
    the catalog would not be read back as it is, which is a bug of the caller.
    """
    settled = canonical(catalog)
    _raise_if(_unwritable(settled))
    text = "\n".join(_blocks(settled))
    try:
        again = parse_catalog(text.encode(), "what was just written")
    except InputError as error:
        raise ValueError(f"the catalog cannot be written: {error}") from error
    if again != settled:
        raise ValueError(f"the catalog would be read back differently: {_first_difference(settled, again)}")
    return text


def canonical(catalog: Catalog) -> Catalog:
    """Return the catalog as it is after writing and reading it.

    Live units first; obsolete ones have no `previous`, as polib drops it, and empty ones are not fuzzy, as
    msgcat has it; flags sorted, references once each; header fields in msginit's order, declaring UTF-8.
    """
    units = sorted(catalog.units, key=lambda unit: unit.obsolete)
    return replace(catalog, headers=_canonical_headers(catalog.headers), units=tuple(map(_canonical_unit, units)))


def new_headers(
    *, project: str, language: Language, translator: str, team: str, at: datetime.datetime
) -> tuple[tuple[str, str], ...]:
    """Return the header fields of a new catalog, as `msgfmt --check` wants them.

    `POT-Creation-Date` is left out: it would change with every update, and msgfmt does not ask for it.
    """
    return (
        ("Project-Id-Version", project),
        ("PO-Revision-Date", at.strftime("%Y-%m-%d %H:%M%z") if at.tzinfo else f"{at:%Y-%m-%d %H:%M}+0000"),
        ("Last-Translator", translator),
        ("Language-Team", team),
        ("Language", _language_header(language)),
        *FORCED_HEADERS.items(),
        ("Plural-Forms", plural_forms(language)),
    )


def number_of_forms(catalog: Catalog) -> int | None:
    """Return how many plural forms the `Plural-Forms` header declares; None if it does not."""
    return _declared_forms(catalog.header("Plural-Forms"))


def _declared_forms(plural_forms_header: str) -> int | None:
    declared = _NUMBER_OF_FORMS.search(plural_forms_header)
    return int(declared[1]) if declared else None


def _language_header(language: Language) -> str:
    """The gettext name: a script that the code leaves open is told by the country, `zh_CN`."""
    parts = language.locale.split("_")
    country = next((part for part in parts[1:] if len(part) == 2), None)
    has_script = any(len(part) == 4 for part in parts[1:])
    if not has_script or "_" in language.code:
        return language.code
    country = country or {"Hans": "CN", "Hant": "TW"}.get(parts[1])
    return f"{parts[0]}_{country}" if country else language.code


def _raise_if(found: Iterable[Diagnostic]) -> None:
    diagnostics = tuple(found)
    if diagnostics:
        raise InputError(diagnostics)


def _finding(code: str, message: str, path: str, line: int | None, hint: str) -> Diagnostic:
    return Diagnostic(code=code, message=message, location=Location(path=path, line=line), hint=hint)


# --- Bytes: charset and characters -----------------------------------------------------------------------


def _decode(data: bytes, path: str) -> str:
    """Return the text of the file; raises InputError if its charset is missing, unknown or wrong."""
    _raise_if(_byte_order(data, path))
    name, line = _declared_charset(data)
    codec = _codec(name, path, line)
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        raise InputError.of(
            "catalog.charset",
            f"the bytes are not {name}, which the header declares",
            path=path,
            line=data.count(b"\n", 0, error.start) + 1,
            hint="save the file in the charset that its header names, best as UTF-8 with charset=UTF-8",
        ) from error


def _byte_order(data: bytes, path: str) -> Iterator[Diagnostic]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)) or b"\0" in data[:4]:
        yield _finding("catalog.charset", "the file is saved as UTF-16 or UTF-32", path, 1, _SAVE_AS_UTF8)
    elif data.startswith(codecs.BOM_UTF8):
        message = "the file begins with a byte order mark, which gettext refuses"
        yield _finding("catalog.charset", message, path, 1, _SAVE_AS_UTF8)
    elif not data.strip():
        yield _finding("catalog.cut-short", "the file is empty", path, None, _RESTORE)


def _declared_charset(data: bytes) -> tuple[str, int]:
    """The charset in the header entry, never in a comment, and its line; empty if there is none, or two."""
    header, line = "", 1
    for number, raw in enumerate(_first_entry(data), start=1):
        quoted = re.search(r'"(.*)"', raw)
        header += quoted[1] if quoted else ""
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
    except LookupError:
        codec = ""
    if codec in CHARSETS:
        return codec
    what = (
        f"the header declares the charset {name}, which is not known" if name else "the header names no charset, or two"
    )
    hint = 'let the header entry hold "Content-Type: text/plain; charset=UTF-8\\n" and save the file as UTF-8'
    raise InputError.of("catalog.charset", what, path=path, line=line, hint=hint)


def _at_the_door(text: str, path: str) -> Iterator[Diagnostic]:
    """Characters that some tool takes for a line end or cannot show, and unresolved merges."""
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        hint = "save the file with Unix line ends (dos2unix)"
        yield _finding("catalog.control-character", "the file has Windows line ends (CR)", path, line, hint)
    for number, line_text in enumerate(text.split("\n"), start=1):
        for character in sorted(set(_FORBIDDEN.findall(line_text)) - {"\r"}):
            message = f"{_name(character)} is not allowed in a catalog"
            yield _finding("catalog.control-character", message, path, number, "delete the character")
        if _CONFLICT.match(line_text):
            message = f"unresolved merge conflict: {line_text[:7]}"
            hint = "keep one of the two sides, delete the marker lines"
            yield _finding("catalog.conflict-marker", message, path, number, hint)


def _name(character: str) -> str:
    names = {
        "\0": "NUL",
        "\v": "vertical tab",
        "\f": "form feed",
        "\x85": "next line",
        "\u2028": "line separator",
        "\u2029": "paragraph separator",
    }
    names["\ufffd"] = "replacement character, a sign that text was lost in a conversion,"
    kind = "control character" if ord(character) < 0xA0 else "not a character"
    return f"U+{ord(character):04X} ({names.get(character, kind)})"


# --- Lines: our own scan ---------------------------------------------------------------------------------


_NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("msgctxt", "msgid"),
    "msgctxt": ("msgid",),
    "msgid": ("msgid_plural", "msgstr"),
    "msgid_plural": ("msgstr[0]",),
    "msgstr": (),
    **{f"msgstr[{form}]": (f"msgstr[{form + 1}]",) for form in range(9)},
    "msgstr[9]": (),
}
"""Which keyword may follow which in an entry; polib reads plural numbers of one digit only."""

_NEXT_PREVIOUS: Final[Mapping[str, tuple[str, ...]]] = {
    "": ("msgctxt", "msgid"),
    "msgctxt": ("msgid",),
    "msgid": ("msgid_plural",),
    "msgid_plural": (),
}

_MARKS: Final = ("#~|", "#~", "#|", "")
_KEYWORD = r"msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?"
_STRING = r'"((?:[^"\\]|\\["\\nt])*)"'
_STATEMENT = re.compile(rf"(?:({_KEYWORD})[ \t]+)?{_STRING}")

_COMPLAINTS: Final = (
    (
        re.compile(r"domain\b.*"),
        "catalog.syntax",
        "`domain` lines are not supported",
        "keep one file for each domain and delete the line",
    ),
    (
        re.compile(rf"(?!(?:{_KEYWORD})?[ \t]*\").*"),
        "catalog.syntax",
        "this is no line of a PO file",
        'comments begin with "# "; text stands between quotation marks, after msgid or msgstr',
    ),
    (
        re.compile(rf"(?:{_KEYWORD})\".*"),
        "catalog.syntax",
        "a blank is missing between keyword and string",
        'write msgid "…"',
    ),
    (
        re.compile(r'[^"]*"(?:[^"\\]|\\["\\nt])*\\[abefrvx0-7].*'),
        "catalog.control-character",
        "an escape such as \\r, \\v or \\101 stands for a character that is not allowed in a catalog",
        "delete it; a backslash that is meant as such is written \\\\",
    ),
    (
        re.compile(r'[^"]*"(?:[^"\\]|\\["\\nt])*\\[^"\\nt].*'),
        "catalog.syntax",
        'unknown escape: only \\n, \\t, \\" and \\\\ are known',
        "a backslash that is meant as such is written \\\\",
    ),
    (
        re.compile(r'[^"]*"(?:[^"\\]|\\.)*\\?'),
        "catalog.syntax",
        "the string has no closing quotation mark",
        "close it; if the rest of the file is missing, restore the file from version control",
    ),
    (
        re.compile(r".*"),
        "catalog.syntax",
        "something follows the closing quotation mark",
        'one string on each line; a quotation mark inside is written \\"',
    ),
)
"""What is wrong with a line that is no statement: the first pattern that matches says it."""


@dataclass(slots=True)
class _Entry:
    """One entry as the scan meets it: where it is, what stands around its strings."""

    line: int = 0
    """Of its first keyword; 0 as long as there are only comments."""
    mark: str = ""
    """`#~` if it is obsolete."""
    last: str = ""
    last_previous: str = ""
    comments: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    strings: dict[str, str] = field(default_factory=dict)
    """By keyword, still escaped."""

    @property
    def is_complete(self) -> bool:
        return self.last.startswith("msgstr")


class _Scan:
    """Reads lines into entries and notes all that is not plain, complete and in order.

    After `run`, `statements` are the same lines without comments, for polib: it reads comments its own way.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[Diagnostic] = []
        self.entries: list[_Entry] = []
        self.statements: list[str] = []
        self._entry = _Entry()
        self._number = 0
        self._continues = ""  # the mark that a continuation line must have; another value if none may come
        self._is_lost = False  # after a syntax error, until the next blank line or comment

    def run(self, text: str) -> list[_Entry]:
        for self._number, line in enumerate(text.split("\n"), start=1):
            self.statements.append("")
            self._line(line.lstrip(" \t"))
        if not self._is_lost:
            self._finish()
        if not self.found:
            self._check_header()
        return self.entries

    def _line(self, line: str) -> None:
        if not line.strip(" \t"):
            self._is_lost = False
        elif line.startswith("#") and line[1:2] not in ("~", "|"):
            self._comment(line)
        elif not self._is_lost:
            self._statement(line.rstrip(" \t"))

    def _complain(self, message: str, hint: str, code: str = "catalog.syntax") -> None:
        self.found.append(_finding(code, message, self.path, self._number, hint))
        self._is_lost = True
        self._entry = _Entry()

    def _comment(self, line: str) -> None:
        self._is_lost = False
        self._continues = "none"
        if not self._begin_entry_unless_open():
            return
        kind, rest = line[1:2], line[2:]
        if line.endswith("\\"):
            message = "a comment ends with a backslash, and gettext takes the next line for its continuation"
            self._complain(message, "delete the backslash, or put a full stop after it")
        elif kind in ("=", "!"):
            hint = "delete the line, or put a blank after the # to make it a comment"
            self._complain(f"`#{kind}` lines are not read the same way by all tools", hint)
        elif kind == ".":
            self._entry.notes.append(rest.removeprefix(" "))
        elif kind == ":":
            self._entry.references += re.findall("[^ \\t]+", rest)
        elif kind == ",":
            self._entry.flags |= {flag.strip() for flag in rest.split(",") if flag.strip()}
        else:
            self._entry.comments.append(line[1:].removeprefix(" "))

    def _begin_entry_unless_open(self) -> bool:
        """Close a complete entry; return False, with a complaint, in the middle of one."""
        if self._entry.is_complete:
            self._finish()
        elif self._entry.last:
            expected = " or ".join(_NEXT[self._entry.last])
            self._complain(f"the entry ends before its {expected}", "complete the entry; " + _RESTORE)
            return False
        return True

    def _statement(self, line: str) -> None:
        mark = next(mark for mark in _MARKS if line.startswith(mark))
        body = line[len(mark) :]
        if mark and not body.startswith((" ", "\t")):
            self._complain(f"a blank and a keyword must follow {mark}", f'write {mark} msgid "…"')
            return
        read = _STATEMENT.fullmatch(body.lstrip(" \t"))
        if read is None:
            self._explain(body.lstrip(" \t"))
        elif read[1] is None:
            self._continuation(mark, read[2], line)
        else:
            self._keyword(mark, read[1], read[2], line)

    def _explain(self, body: str) -> None:
        code, message, hint = next(rest for pattern, *rest in _COMPLAINTS if pattern.fullmatch(body))
        self._complain(message, hint, code)

    def _continuation(self, mark: str, string: str, line: str) -> None:
        if mark != self._continues or not (self._entry.last or self._entry.last_previous):
            self._complain("a string without keyword continues nothing", "put msgid or msgstr before it")
            return
        if mark in ("", "#~"):
            self._entry.strings[self._entry.last] += string
        self._keep(mark, line)

    def _keyword(self, mark: str, keyword: str, string: str, line: str) -> None:
        if self._entry.is_complete and not keyword.startswith("msgstr"):
            self._finish()
        is_previous = mark.endswith("|")
        last = self._entry.last_previous if is_previous else self._entry.last
        allowed = (_NEXT_PREVIOUS if is_previous else _NEXT)[last]
        if keyword not in allowed or (is_previous and self._entry.last):
            self._complain_of_order(mark, keyword, allowed)
        elif is_previous:
            self._entry.last_previous = keyword
            self._keep(mark, line)
        else:
            self._add(mark, keyword, string, line)

    def _complain_of_order(self, mark: str, keyword: str, allowed: Sequence[str]) -> None:
        expected = " or ".join(allowed) or "the next entry"
        where = f" after {mark}" if mark else ""
        hint = "an entry is msgctxt (if any), msgid, msgid_plural (if any), msgstr, each once"
        self._complain(f"{keyword} stands{where} where {expected} is expected", hint)

    def _add(self, mark: str, keyword: str, string: str, line: str) -> None:
        entry = self._entry
        if not entry.last:
            entry.line, entry.mark = self._number, mark
        if entry.mark != mark or entry.last_previous == "msgctxt":
            what = "one half of the entry is obsolete" if entry.mark != mark else "#| msgctxt has no #| msgid"
            self._complain(what, "mark each line of an obsolete entry with #~, or none")
            return
        entry.last = keyword
        entry.strings[keyword] = string
        self._keep(mark, line)

    def _keep(self, mark: str, line: str) -> None:
        self._continues = mark
        self.statements[-1] = "" if mark == "#~|" else line

    def _finish(self) -> None:
        entry, self._entry = self._entry, _Entry()
        if entry.is_complete:
            self.entries.append(entry)
        elif entry.last or entry.last_previous:
            self._complain("the file ends in the middle of an entry", _RESTORE, "catalog.cut-short")
        elif entry.comments or entry.notes or entry.references or entry.flags:
            hint = "move the comment above the entry that it is about, or delete it; " + _RESTORE
            self._complain("the file ends with comments that belong to no entry", hint)

    def _check_header(self) -> None:
        """The header entry is the one with an empty msgid and no msgctxt (gettext manual, "Header Entry")."""
        for position, entry in enumerate(self.entries):
            self._number = entry.line
            is_header = not (entry.strings["msgid"] or entry.mark) and len(entry.strings) == 2
            if is_header != (position == 0) or not (is_header or entry.strings["msgid"]):
                what = "the file does not begin with its header entry" if position == 0 else "msgid is empty"
                hint = 'only the header entry has msgid "", and it comes first'
                self._complain(what, hint, "catalog.header")


# --- Strings: polib --------------------------------------------------------------------------------------


def _read_with_polib(scan: _Scan, path: str) -> Sequence[polib.POEntry]:
    """The entries after the header, in file order; raises InputError if polib sees others than our scan."""
    text = "\n" + "\n".join(scan.statements)  # the line end in front: never taken for the name of a file
    try:
        read = list(polib.pofile(text, encoding="utf-8"))
    except OSError as error:
        raise _read_differently(path, str(error)) from error
    seen = [(entry.mark == "#~", "msgctxt" in entry.strings) for entry in scan.entries[1:]]
    if [(bool(entry.obsolete), entry.msgctxt is not None) for entry in read] != seen:
        raise _read_differently(path, f"{len(seen)} entries against {len(read)}")
    return read


def _read_differently(path: str, why: str) -> InputError:
    message = f"the file cannot be read the same way by all tools: {why}"
    hint = "let msgcat rewrite it: msgcat --no-wrap -o FILE FILE"
    return InputError.of("catalog.syntax", message, path=path, hint=hint)


class _Reading:
    """Turns what scan and polib read into a catalog, and checks it as a whole."""

    def __init__(self, path: str, entries: Sequence[_Entry], read: Sequence[polib.POEntry]) -> None:
        self._path = path
        self._header, *rest = entries
        self._lines = [entry.line for entry in rest]
        self._units = [_unit(entry, strings) for entry, strings in zip(rest, read, strict=True)]

    def catalog(self) -> Catalog:
        """Return the catalog; raises InputError with all findings."""
        headers, found = self._headers()
        counts = [value for name, value in headers if name == UNIT_COUNT]
        found += self._duplicates()
        found += self._wrong_forms(dict(headers).get("Plural-Forms", ""))
        found += self._missing_end(counts[0]) if counts else self._nothing_at_all()
        _raise_if(found)
        units = sorted((unit for unit in self._units if not _is_end(unit)), key=lambda unit: unit.obsolete)
        return Catalog(
            headers=tuple((name, value) for name, value in headers if name != UNIT_COUNT),
            comments=(*self._header.comments, *self._header.notes),
            units=tuple(units),
        )

    def _finding(self, code: str, message: str, line: int | None, hint: str) -> Diagnostic:
        return _finding(code, message, self._path, line, hint)

    def _headers(self) -> tuple[list[tuple[str, str]], list[Diagnostic]]:
        headers: dict[str, str] = {}
        found = []
        for line in polib.unescape(self._header.strings["msgstr"]).split("\n"):
            name, colon, value = (part.strip(" \t") for part in line.partition(":"))
            if line and (not colon or name in headers):
                what = f"the header field {name} stands twice" if colon else f"no header field: {line}"
                hint = 'each header field is "Name: value\\n", once'
                found.append(self._finding("catalog.header", what, self._header.line, hint))
            elif line:
                headers[name] = value
        return list(headers.items()), found

    def _duplicates(self) -> Iterator[Diagnostic]:
        lines = defaultdict(list)
        for unit, line in zip(self._units, self._lines, strict=True):
            lines[unit.key].append(line)
        for (_, source), (first, *others) in lines.items():
            for line in others:
                message = f"“{_short(source)}” stands twice: line {first} and line {line}"
                hint = "keep the better one and delete the other, also if one of them is obsolete (#~)"
                yield self._finding("catalog.duplicate", message, line, hint)

    def _wrong_forms(self, header: str) -> Iterator[Diagnostic]:
        declared = _declared_forms(header)
        for unit, line in zip(self._units, self._lines, strict=True):
            if declared and unit.source_plural is not None and len(unit.targets) != declared:
                message = f"{len(unit.targets)} plural forms, while the header declares {declared}"
                hint = f"write msgstr[0] to msgstr[{declared - 1}], or mend Plural-Forms in the header"
                yield self._finding("catalog.plural-forms", message, line, hint)

    def _missing_end(self, counted: str) -> Iterator[Diagnostic]:
        """A catalog that counts its units ends with the mark and never has fewer than counted."""
        marks = [position for position, unit in enumerate(self._units) if _is_end(unit)]
        held = _count(unit for unit in self._units if not _is_end(unit))
        hint = f"{_RESTORE}; or, if units were removed on purpose, delete the header line {UNIT_COUNT}"
        if not re.fullmatch("[0-9]+", counted):
            message = f"the header line {UNIT_COUNT} is no number: {counted}"
            yield self._finding("catalog.cut-short", message, self._header.line, hint)
        elif held < int(counted):
            message = f"cut short, or units removed: the header counts {counted}, the file holds {held}"
            yield self._finding("catalog.cut-short", message, None, hint)
        if not marks:
            message = f"cut short: the entry “{END_MARK.source}” is missing"
            yield self._finding("catalog.cut-short", message, None, hint)
        elif marks[-1] != len(self._units) - 1:
            message = f"entries stand after the entry “{END_MARK.source}”"
            hint = "move that entry to the end of the file"
            yield self._finding("catalog.cut-short", message, self._lines[marks[-1]], hint)

    def _nothing_at_all(self) -> Iterator[Diagnostic]:
        if not any(not _is_end(unit) for unit in self._units):
            yield self._finding("catalog.cut-short", "the file holds no unit", None, _RESTORE)


def _count(units: Iterable[Unit]) -> int:
    """How many units other tools keep: msgcat drops obsolete ones whose (first) msgstr is empty."""
    return sum(not unit.obsolete or bool(unit.targets[0]) for unit in units)


def _is_end(unit: Unit) -> bool:
    return unit.obsolete and unit.key == END_MARK.key and unit.targets == END_MARK.targets


def _unit(entry: _Entry, strings: polib.POEntry) -> Unit:
    """The unit: strings as polib reads them, all else as the scan does."""
    has_plural = "msgid_plural" in entry.strings
    forms = strings.msgstr_plural
    obsolete = entry.mark == "#~"
    return Unit(
        source=strings.msgid,
        context=strings.msgctxt,
        source_plural=strings.msgid_plural if has_plural else None,
        targets=tuple(forms[form] for form in sorted(forms)) if has_plural else (strings.msgstr,),
        fuzzy="fuzzy" in entry.flags,
        obsolete=obsolete,
        previous=None if obsolete else _previous(strings),
        references=tuple(entry.references),
        notes=tuple(entry.notes),
        comments=tuple(entry.comments),
        flags=tuple(sorted(entry.flags - {"fuzzy"})),
        line=entry.line,
    )


def _previous(strings: polib.POEntry) -> Previous | None:
    if strings.previous_msgid is None:
        return None
    return Previous(
        source=strings.previous_msgid,
        context=strings.previous_msgctxt,
        source_plural=strings.previous_msgid_plural,
    )


# --- Writing ---------------------------------------------------------------------------------------------


def _canonical_headers(headers: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    given = [(name, value.strip(" \t")) for name, value in headers if name not in (*FORCED_HEADERS, UNIT_COUNT)]
    rank = {name: position for position, name in enumerate(HEADER_ORDER)}
    return tuple(sorted([*given, *FORCED_HEADERS.items()], key=lambda header: rank.get(header[0], len(rank))))


def _canonical_unit(unit: Unit) -> Unit:
    return replace(
        unit,
        fuzzy=unit.fuzzy and any(unit.targets),
        previous=None if unit.obsolete else unit.previous,
        references=tuple(dict.fromkeys(unit.references)),
        flags=tuple(sorted(set(unit.flags))),
    )


def _unwritable(catalog: Catalog) -> Iterator[Diagnostic]:
    for name, text in [*catalog.headers, *(("comment", line) for line in catalog.comments)]:
        yield from _forbidden_in(text, f"header field {name}")
    for unit in catalog.units:
        yield from _forbidden_in("\n".join(_texts(unit)), f"unit “{_short(unit.source)}”")
        if any(line.endswith("\\") for line in (*unit.notes, *unit.comments)):
            message = f"a comment of the unit “{_short(unit.source)}” ends with a backslash"
            hint = "delete the backslash, or put a full stop after it: gettext would continue on the next line"
            yield Diagnostic(code="catalog.syntax", message=message, hint=hint)


def _texts(unit: Unit) -> Iterator[str]:
    """All texts of a unit."""
    was = unit.previous
    yield from (unit.source, *unit.targets, *unit.references, *unit.notes, *unit.comments, *unit.flags)
    yield from filter(None, (unit.context, unit.source_plural))
    yield from filter(None, (was.source, was.context, was.source_plural) if was else ())


def _forbidden_in(text: str, where: str) -> Iterator[Diagnostic]:
    for character in sorted(set(_FORBIDDEN.findall(text))):
        message = f"the {where} holds {_name(character)}, which is not allowed in a catalog"
        yield Diagnostic(code="catalog.control-character", message=message, hint="delete the character")


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _blocks(catalog: Catalog) -> Iterator[str]:
    """The entries, each ending with a line end: header, units, end mark."""
    fields = [*catalog.headers, (UNIT_COUNT, str(_count(catalog.units)))]
    header = "".join(f"{name}: {value}\n" for name, value in fields)
    lines = [_comment_line("#", comment) for comment in catalog.comments]
    yield "\n".join([*lines, *_string_lines("", "msgid", ""), *_string_lines("", "msgstr", header), ""])
    for unit in (*catalog.units, END_MARK):
        yield "\n".join([*_entry_lines(unit), ""])


def _comment_line(mark: str, text: str) -> str:
    return f"{mark} {text}" if text else mark


def _entry_lines(unit: Unit) -> Iterator[str]:
    """The lines of an entry, in gettext's order (gettext manual, "The Format of PO Files")."""
    yield from (_comment_line("#", comment) for comment in unit.comments)
    yield from (_comment_line("#.", note) for note in unit.notes)
    if unit.references:
        yield f"#: {' '.join(unit.references)}"
    flags = [*(["fuzzy"] if unit.fuzzy else []), *sorted(unit.flags, key=_flag_rank)]
    if flags:
        yield f"#, {', '.join(flags)}"
    yield from _previous_lines(unit.previous)
    yield from _statement_lines(unit)


def _flag_rank(flag: str) -> tuple[int, str]:
    """msgcat's order: formats, range, wrapping."""
    return (0 if flag.endswith("-format") else 1 if flag.startswith("range") else 2), flag


def _previous_lines(previous: Previous | None) -> Iterator[str]:
    if previous is None:
        return
    if previous.context is not None:
        yield from _string_lines("#| ", "msgctxt", previous.context)
    yield from _string_lines("#| ", "msgid", previous.source)
    if previous.source_plural is not None:
        yield from _string_lines("#| ", "msgid_plural", previous.source_plural)


def _statement_lines(unit: Unit) -> Iterator[str]:
    mark = "#~ " if unit.obsolete else ""
    if unit.context is not None:
        yield from _string_lines(mark, "msgctxt", unit.context)
    yield from _string_lines(mark, "msgid", unit.source)
    if unit.source_plural is None:
        yield from _string_lines(mark, "msgstr", unit.target)
        return
    yield from _string_lines(mark, "msgid_plural", unit.source_plural)
    for form, target in enumerate(unit.targets):
        yield from _string_lines(mark, f"msgstr[{form}]", target)


def _string_lines(mark: str, keyword: str, text: str) -> Iterator[str]:
    """The string as msgcat --no-wrap breaks it: after each line end, and then with an empty first line."""
    parts = text.splitlines(keepends=True) or [""]
    if len(parts) > 1:
        parts.insert(0, "")
    first, *rest = parts
    yield f'{mark}{keyword} "{polib.escape(first)}"'
    yield from (f'{mark}"{polib.escape(part)}"' for part in rest)


def _first_difference(one: Catalog, other: Catalog) -> str:
    if one.headers != other.headers or one.comments != other.comments:
        return "the header"
    pairs = zip(one.units, other.units, strict=False)
    return next((f"“{_short(a.source)}”" for a, b in pairs if a != b), "the number of units")
