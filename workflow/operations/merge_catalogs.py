"""Two versions of a catalog → one, as git's merge driver; outside any newsroom, for git hands over its own files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workflow.catalog import format_catalog, parse_catalog
from workflow.diagnostics import Diagnostic, Location, Severity
from workflow.errors import InputError
from workflow.model import Catalog, Unit
from workflow.newsroom import read_file, replace_file
from workflow.text import excerpt
from workflow.three_way import join


@dataclass(frozen=True, kw_only=True, slots=True)
class MergeReport:
    """What a merge of catalogs left to be settled."""

    conflicts: tuple[Diagnostic, ...]


def merge_catalogs(base: Path, ours: Path, theirs: Path, *, name: str) -> MergeReport:
    """Joins `ours` and `theirs`, which both began as `base`, and writes the result to `ours`.

    An empty `base` means that both sides made the catalog anew. Messages call the catalog `name`. Raises InputError
    if one of the three is damaged or they do not go together; `ours` then stays as it was.
    """
    ancestor = read_file(base)
    before = _parse(ancestor, name, "the common ancestor") if ancestor.strip() else None
    our, their = (_parse(read_file(path), name, side) for path, side in ((ours, "ours"), (theirs, "theirs")))
    try:
        joined = join(before, our, their)
    except ValueError as error:
        hint = "give both the same Plural-Forms header and as many msgstr, then merge again"
        raise InputError.of("catalog.plural-forms", str(error), path=name, hint=hint) from None
    data = format_catalog(joined.catalog).encode()
    replace_file(ours, data)
    lines = {unit.key: unit.line for unit in parse_catalog(data, name).units}
    return MergeReport(conflicts=tuple(_conflict(unit, name, lines[unit.key]) for unit in joined.conflicts))


def _parse(data: bytes, name: str, version: str) -> Catalog:
    """One of the three versions; a fault names the version, for its line is that version's."""
    return parse_catalog(data, f"{name} ({version})")


def _conflict(unit: Unit, name: str, line: int) -> Diagnostic:
    return Diagnostic(
        code="catalog.merge",
        severity=Severity.WARNING,
        message=f"both sides translated “{excerpt(unit.source)}”, each in its own way",
        location=Location(path=name, line=line),
        hint="choose one: the other is in the comment above; take away that comment and the fuzzy mark, then git add",
    )
