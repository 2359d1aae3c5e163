"""What outside translators send back → into the catalogs as they are now."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from workflow.catalog import format_catalog, parse_catalog, revised
from workflow.diagnostics import Diagnostic, errors_in
from workflow.errors import InputError
from workflow.handback import Outcome, Returned, hand_back
from workflow.languages import Language
from workflow.model import Catalog, Unit
from workflow.newsroom import Newsroom
from workflow.operations.edition_findings import word_findings
from workflow.operations.glossary import glossary_between
from workflow.operations.incoming import Incoming, language_of, read_incoming, story_of
from workflow.questions import open_questions

Key: TypeAlias = tuple[str | None, str]

NOT_TAKEN = {Outcome.CONFLICT, Outcome.SET_ASIDE, Outcome.EMPTIED, Outcome.MISSING}


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceivedUnit:
    """One unit that somebody outside worked on, or lost."""

    outcome: Outcome
    unit: Unit
    """As it is in the catalog now."""
    findings: tuple[Diagnostic, ...] = ()
    """Why it was made fuzzy although it came back as translated."""

    @property
    def questions(self) -> tuple[str, ...]:
        """What is asked in the unit's comments."""
        return open_questions(self.unit)

    @property
    def needs_attention(self) -> bool:
        """True if it was not taken as it came."""
        return self.outcome in NOT_TAKEN or bool(self.findings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Received:
    """What became of one file."""

    path: str
    story: str
    language: str
    catalog_file: str
    changed: bool
    """True if the catalog is another one now."""
    translator: str
    """Whom the catalog names as its last translator now."""
    same_translator: bool
    """True if that is whom it named before."""
    units: tuple[ReceivedUnit, ...]


def receive(
    newsroom: Newsroom,
    files: Sequence[Path],
    *,
    story: str | None,
    language: str | None,
    translator: str | None,
    dry_run: bool,
    now: datetime.datetime,
) -> tuple[Received, ...]:
    """Puts what the files hold into the catalogs that they were made from, one after another.

    All are read and put together before the first catalog is written, and with `dry_run` none is. `translator` stands
    in the catalogs for who translated. Raises InputError, UsageError or ConflictError for a file that cannot be used.
    """
    catalogs: dict[str, tuple[Language, str, Catalog]] = {}
    reports = []
    for file in files:
        for incoming in read_incoming(file):
            slug = story_of(newsroom, incoming, story)
            tongue = language_of(newsroom, incoming, language)
            path = newsroom.catalog_file(tongue.code, slug)
            ours = catalogs[path][2] if path in catalogs else newsroom.require_catalog(tongue.code, slug)
            theirs = incoming.catalog
            signed = theirs if translator is None else revised(theirs, translator=translator, at=now)
            report, catalog = _put_back(newsroom, replace(incoming, catalog=signed), slug, tongue, ours)
            catalogs[path] = tongue, slug, catalog
            reports.append(report)
    changed = {report.catalog_file for report in reports if report.changed and not dry_run}
    newsroom.sweep(changed)
    for path in sorted(changed):
        tongue, slug, catalog = catalogs[path]
        newsroom.write_catalog(tongue.code, slug, catalog)
    return tuple(reports)


def _put_back(
    newsroom: Newsroom, incoming: Incoming, slug: str, language: Language, ours: Catalog
) -> tuple[Received, Catalog]:
    """(what became of the file, the catalog with it)."""
    source = newsroom.read_story(slug).language
    _require_kinship(incoming, slug, ours)
    try:
        returned = hand_back(ours, incoming.catalog, identity=source == language.code)
    except ValueError as error:
        hint = "give the file the Plural-Forms header of the catalog, and as many msgstr"
        raise InputError.of("catalog.plural-forms", str(error), path=incoming.path, hint=hint) from None
    path = newsroom.catalog_file(language.code, slug)
    settled = _with_lines(returned.catalog, path)
    findings = _findings(newsroom, slug, language, source, settled, returned)
    faulty = replace(
        settled, units=tuple(replace(unit, fuzzy=unit.fuzzy or unit.key in findings) for unit in settled.units)
    )
    catalog = ours if faulty == ours else _with_lines(faulty, path)
    here = {unit.key: unit for unit in catalog.units}
    report = Received(
        path=incoming.path,
        story=slug,
        language=language.code,
        catalog_file=path,
        changed=catalog != ours,
        translator=catalog.header("Last-Translator"),
        same_translator=catalog.header("Last-Translator") == ours.header("Last-Translator"),
        units=tuple(
            ReceivedUnit(outcome=change.outcome, unit=here[change.key], findings=findings.get(change.key, ()))
            for change in returned.changes
        ),
    )
    return report, catalog


def _require_kinship(incoming: Incoming, slug: str, ours: Catalog) -> None:
    """Raises InputError for a file that has no unit in common with the catalog, whatever its header says."""
    known = {unit.source for unit in ours.units} | {unit.previous.source for unit in ours.units if unit.previous}
    if known.isdisjoint(unit.source for unit in incoming.catalog.units):
        message = f"none of its units is of the story {slug}"
        raise InputError.of("receive.story", message, path=incoming.path, hint="is it the file that you meant?")


def _with_lines(catalog: Catalog, path: str) -> Catalog:
    """The catalog as it is read from the file that it will be, so that its units know their lines."""
    return parse_catalog(format_catalog(catalog).encode(), path)


def _findings(
    newsroom: Newsroom, slug: str, language: Language, source: str, catalog: Catalog, returned: Returned
) -> dict[Key, tuple[Diagnostic, ...]]:
    """By key: the errors that the checks find in what was taken."""
    taken = {change.key for change in returned.changes if change.outcome in {Outcome.TAKEN, Outcome.REBASED}}
    units = {unit.line: unit for unit in catalog.live if unit.key in taken}
    found: dict[Key, list[Diagnostic]] = defaultdict(list)
    checked = replace(catalog, units=tuple(units.values()))
    glossary = glossary_between(newsroom, source, language.code)
    for diagnostic in errors_in(word_findings(newsroom, slug, language, source, checked, glossary)):
        if diagnostic.location and diagnostic.location.line in units:
            found[units[diagnostic.location.line].key].append(diagnostic)
    return {key: tuple(diagnostics) for key, diagnostics in found.items()}
