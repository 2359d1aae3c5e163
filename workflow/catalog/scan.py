"""A strict scan of a PO file's lines: its entries, where each begins, and all that is not plain and in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workflow.catalog.entries import Entry
from workflow.catalog.findings import RESTORE, finding, raise_if
from workflow.catalog.statements import FOLLOWING, PoSyntaxError, Statement, read_statement
from workflow.diagnostics import Diagnostic


def scan(text: str, path: str) -> tuple[list[Entry], str]:
    """Return the entries, the header first, and the text without comments, line by line as it was.

    Raises InputError, with all findings, if a line is no line of a PO file or not in its place.
    """
    scanned = _Scan(path)
    scanned.run(text)
    raise_if(scanned.found)
    raise_if(_misplaced_headers(scanned.entries, path))
    return scanned.entries, "\n".join(scanned.statements)


class _Scan:
    def __init__(self, path: str) -> None:
        self.found: list[Diagnostic] = []
        self.entries: list[Entry] = []
        self.statements: list[str] = []  # one for each line of the file, so that polib counts as we do
        self._path = path
        self._entry = Entry()
        self._number = 0
        self._continues: str | None = None  # the mark that a continuation line must have; None if none may come
        self._is_lost = False  # after a syntax error, until the next blank line or comment

    def run(self, text: str) -> None:
        for self._number, line in enumerate(text.split("\n"), start=1):
            self.statements.append("")
            try:
                self._line(line.lstrip(" \t"))
            except PoSyntaxError as error:
                self._lose(error)
        try:
            self._end()
        except PoSyntaxError as error:
            self._lose(error)

    def _lose(self, error: PoSyntaxError) -> None:
        self.found.append(finding(error.code, error.message, self._path, self._number, error.hint))
        self._is_lost = True
        self._continues = None
        self._entry = Entry()

    def _line(self, line: str) -> None:
        if not line:
            self._is_lost = False
        elif line.startswith("#") and line[1:2] not in ("~", "|"):
            self._comment(line)
        elif not self._is_lost:
            self._statement(line.rstrip(" \t"))

    def _comment(self, line: str) -> None:
        self._is_lost = False
        self._continues = None
        if self._entry.is_complete:
            self._close()
        elif self._entry.strings:
            expected = " or ".join(FOLLOWING[self._entry.last])
            raise PoSyntaxError(f"the entry ends before its {expected}", f"complete the entry; {RESTORE}")
        self._entry.add_comment(line)

    def _statement(self, line: str) -> None:
        statement = read_statement(line)
        if statement.keyword:
            self._keyword(statement)
        else:
            self._continuation(statement)
        self._continues = statement.mark
        if statement.mark != "#~|":
            self.statements[-1] = line

    def _keyword(self, statement: Statement) -> None:
        if self._entry.is_complete and not statement.keyword.startswith("msgstr"):
            self._close()
        self._entry.add_keyword(statement, self._number)

    def _continuation(self, statement: Statement) -> None:
        if statement.mark != self._continues:
            raise PoSyntaxError("a string without keyword continues nothing", "put msgid or msgstr before it")
        self._entry.continue_string(statement)

    def _close(self) -> None:
        self.entries.append(self._entry)
        self._entry = Entry()

    def _end(self) -> None:
        if self._is_lost:
            return
        if self._entry.is_complete:
            self._close()
        else:
            self._entry.check_end_of_file()


def _misplaced_headers(entries: Sequence[Entry], path: str) -> Iterator[Diagnostic]:
    hint = 'only the header entry has msgid "", and it comes first'
    header, *others = entries
    if not header.is_header:
        yield finding("catalog.header", "the file does not begin with its header entry", path, header.line, hint)
    for entry in others:
        if not entry.strings["msgid"]:
            yield finding("catalog.header", "msgid is empty", path, entry.line, hint)
