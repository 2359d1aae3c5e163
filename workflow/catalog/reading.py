"""From a PO file to a catalog: bytes, lines, strings, and then the catalog as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from workflow.catalog.charset import decode
from workflow.catalog.completeness import UNIT_COUNT, missing_units, without_end_mark
from workflow.catalog.entries import Entry
from workflow.catalog.findings import finding, quoted, raise_if
from workflow.catalog.forbidden import forbidden_in_file
from workflow.catalog.headers import parse_headers
from workflow.catalog.plain import plain_entries
from workflow.catalog.scan import scan
from workflow.catalog.strings import refuse_other_reading, units_of
from workflow.diagnostics import Diagnostic
from workflow.model import Catalog, Unit
from workflow.plurals import declared_forms


def parse_catalog(data: bytes, path: str, *, whole: bool = True) -> Catalog:
    """Return the catalog that a PO file holds; unless `whole`, units that it once counted may be missing.

    Raises InputError, with every finding of the step that failed, if the file is damaged, cut short,
    ambiguous, or could be read differently by another tool. Grammar: gettext manual, "PO Files".
    """
    text = decode(data, path)
    raise_if(forbidden_in_file(text, path))
    entries = plain_entries(text)
    if entries is None:
        entries, statements = scan(text, path)
        refuse_other_reading(entries, statements, path)
    return _catalog(entries, path, whole=whole)


def _catalog(entries: Sequence[Entry], path: str, *, whole: bool) -> Catalog:
    """The catalog as a whole; raises InputError with all findings about it."""
    header, units = entries[0], units_of(entries[1:])
    fields, found = parse_headers(header, path)
    found += _duplicates(units, path)
    found += _wrong_forms(units, declared_forms(fields.get("Plural-Forms", "")), path)
    counted = fields.pop(UNIT_COUNT, None)
    found += missing_units(units, counted, path, header.line) if whole else ()
    raise_if(found)
    return Catalog(
        headers=tuple(fields.items()),
        comments=(*header.comments, *header.notes),
        units=tuple(sorted(without_end_mark(units), key=lambda unit: unit.obsolete)),
    )


def _duplicates(units: Iterable[Unit], path: str) -> Iterator[Diagnostic]:
    lines = defaultdict(list)
    for unit in units:
        lines[unit.key].append(unit.line)
    for (_, source), (first, *others) in lines.items():
        for line in others:
            message = f"{quoted(source)} stands twice: line {first} and line {line}"
            hint = "keep the better one and delete the other, also if one of them is obsolete (#~)"
            yield finding("catalog.duplicate", message, path, line, hint)


def _wrong_forms(units: Iterable[Unit], declared: int | None, path: str) -> Iterator[Diagnostic]:
    for unit in units:
        if unit.source_plural is not None and len(unit.targets) != declared:
            message = f"plural forms: {len(unit.targets)} here, {declared or 'none'} by the header"
            write = f"write msgstr[0] to msgstr[{declared - 1}], or " if declared else ""
            yield finding("catalog.plural-forms", message, path, unit.line, f"{write}mend Plural-Forms in the header")
