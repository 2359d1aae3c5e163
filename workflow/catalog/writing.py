"""From a catalog to the text of its PO file, the same bytes as `msgcat --no-wrap`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from workflow.catalog.completeness import END_MARK, UNIT_COUNT, count_units
from workflow.catalog.findings import quoted, raise_if
from workflow.catalog.forbidden import forbidden_in_text
from workflow.catalog.headers import canonical_headers
from workflow.catalog.reading import parse_catalog
from workflow.catalog.strings import escape
from workflow.diagnostics import Diagnostic
from workflow.errors import InputError
from workflow.model import Catalog, Previous, Unit


def format_catalog(catalog: Catalog) -> str:
    """Return the text of the catalog's PO file, to be encoded as UTF-8: what `msgcat --no-wrap` writes.

    Raises InputError, naming the unit, if a text holds a character that no PO file may hold; ValueError if
    the catalog would not be read back as it is, which is a bug of the caller.
    """
    settled = canonical(catalog)
    raise_if(_unwritable(settled))
    text = "\n".join(_entries(settled))
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
    headers = canonical_headers(field for field in catalog.headers if field[0] != UNIT_COUNT)
    units = sorted(catalog.units, key=lambda unit: unit.obsolete)
    return replace(catalog, headers=headers, units=tuple(map(_canonical_unit, units)))


def _canonical_unit(unit: Unit) -> Unit:
    if not (unit.obsolete or unit.fuzzy or unit.flags or len(unit.references) > 1):
        return unit
    return replace(
        unit,
        fuzzy=unit.fuzzy and any(unit.targets),
        previous=None if unit.obsolete else unit.previous,
        references=tuple(dict.fromkeys(unit.references)),
        flags=tuple(sorted(set(unit.flags))),
    )


def _first_difference(one: Catalog, other: Catalog) -> str:
    if one.headers != other.headers or one.comments != other.comments:
        return "the header"
    pairs = zip(one.units, other.units, strict=False)
    return next((quoted(a.source) for a, b in pairs if a != b), "the number of units")


# --- What cannot be written ------------------------------------------------------------------------------


def _unwritable(catalog: Catalog) -> Iterator[Diagnostic]:
    for name, text in [*catalog.headers, *(("comment", line) for line in catalog.comments)]:
        yield from forbidden_in_text(text, f"header field {name}")
    for unit in catalog.units:
        yield from forbidden_in_text("\n".join(_texts(unit)), f"unit {quoted(unit.source)}")
        if any(line.endswith("\\") for line in (*unit.notes, *unit.comments)):
            message = f"a comment of the unit {quoted(unit.source)} ends with a backslash"
            hint = "delete the backslash, or put a full stop after it: gettext would continue on the next line"
            yield Diagnostic(code="catalog.syntax", message=message, hint=hint)


def _texts(unit: Unit) -> Iterator[str]:
    """All texts of a unit."""
    yield from (*unit.targets, *unit.references, *unit.notes, *unit.comments, *unit.flags)
    sources: list[Unit | Previous] = [unit, unit.previous] if unit.previous else [unit]
    for said in sources:
        yield from filter(None, (said.context, said.source, said.source_plural))


# --- Entries, in gettext's order (gettext manual, "The Format of PO Files") -------------------------------


def _entries(catalog: Catalog) -> Iterator[str]:
    """The header, the units, the end mark, each ending with a line end."""
    fields = [*catalog.headers, (UNIT_COUNT, str(count_units(catalog.units)))]
    header = Unit(source="", targets=("".join(f"{name}: {value}\n" for name, value in fields),))
    for unit in (replace(header, comments=catalog.comments), *catalog.units, END_MARK):
        yield "\n".join([*_comments(unit), *_statements(unit), ""])


def _comments(unit: Unit) -> Iterator[str]:
    yield from (_comment("#", comment) for comment in unit.comments)
    yield from (_comment("#.", note) for note in unit.notes)
    if unit.references:
        yield f"#: {' '.join(unit.references)}"
    flags = [*(["fuzzy"] if unit.fuzzy else []), *sorted(unit.flags, key=_flag_rank)]
    if flags:
        yield f"#, {', '.join(flags)}"


def _comment(mark: str, text: str) -> str:
    return f"{mark} {text}" if text else mark


def _flag_rank(flag: str) -> tuple[int, str]:
    """msgcat's order: formats, range, wrapping."""
    return (0 if flag.endswith("-format") else 1 if flag.startswith("range") else 2), flag


def _statements(unit: Unit) -> Iterator[str]:
    mark = "#~ " if unit.obsolete else ""
    if unit.previous is not None:
        yield from _sources("#| ", unit.previous)
    yield from _sources(mark, unit)
    if unit.source_plural is None:
        yield from _string(mark, "msgstr", unit.target)
    else:
        for form, target in enumerate(unit.targets):
            yield from _string(mark, f"msgstr[{form}]", target)


def _sources(mark: str, entry: Unit | Previous) -> Iterator[str]:
    if entry.context is not None:
        yield from _string(mark, "msgctxt", entry.context)
    yield from _string(mark, "msgid", entry.source)
    if entry.source_plural is not None:
        yield from _string(mark, "msgid_plural", entry.source_plural)


def _string(mark: str, keyword: str, text: str) -> Iterator[str]:
    """The string as msgcat --no-wrap breaks it: after each line end, and then with an empty first line."""
    parts = text.splitlines(keepends=True) or [""]
    if len(parts) > 1:
        parts.insert(0, "")
    first, *rest = parts
    yield f'{mark}{keyword} "{escape(first)}"'
    yield from (f'{mark}"{escape(part)}"' for part in rest)
