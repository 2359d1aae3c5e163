"""The newsroom's glossaries: read, held against the catalogs, joined with other people's, handed out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workflow.checks.occurrences import all_occurrences
from workflow.diagnostics import Diagnostic, Location, Severity
from workflow.errors import InputError, UsageError
from workflow.glossary import (
    EMPTY,
    Glossary,
    Term,
    foreign_faults,
    format_glossary,
    parse_glossary,
)
from workflow.glossary_pairs import Merged, merge_glossaries, pair_glossary
from workflow.interchange.tbx import format_tbx, parse_tbx
from workflow.languages import Language
from workflow.newsroom import Newsroom, read_file


def glossary_between(newsroom: Newsroom, source: str, target: str) -> Glossary:
    """The terms for translating from one language into another; raises InputError for a faulty glossary."""
    pivot = newsroom.settings.source_language
    return pair_glossary(source, target, pivot, newsroom.read_glossary(source), newsroom.read_glossary(target))


def read_glossaries(newsroom: Newsroom) -> tuple[Mapping[str, Glossary], tuple[Diagnostic, ...]]:
    """(the glossary of each language, what is wrong with their files); a faulty one counts as empty."""
    glossaries: dict[str, Glossary] = {}
    faults: list[Diagnostic] = []
    for code in newsroom.settings.languages:
        try:
            glossaries[code] = newsroom.read_glossary(code)
        except InputError as error:
            glossaries[code] = EMPTY
            faults += (replace(found, language=code) for found in error.diagnostics)
    return glossaries, tuple(faults)


def translated_language(newsroom: Newsroom, code: str) -> Language:
    """The language; raises UsageError for the one that glossaries translate from."""
    language = newsroom.language(code)
    if code == newsroom.settings.source_language:
        hint = "its words are the source terms of the other languages' glossaries"
        raise UsageError.of("usage.glossary", f"`{code}` has no glossary", hint=hint)
    return language


# --- Check ---------------------------------------------------------------------------------------------------


def check_glossaries(newsroom: Newsroom, languages: Sequence[Language]) -> tuple[Diagnostic, ...]:
    """Faulty lines, forbidden forms in live catalogs, approved forms that none has, terms that only one language has.

    Raises InputError for a catalog that cannot be read.
    """
    glossaries, faults = read_glossaries(newsroom)
    codes = [language.code for language in languages]
    found = [item for item in faults if item.language in codes]
    for language in languages:
        path = newsroom.glossary_file(language.code)
        found += _check_use(newsroom, language, glossaries[language.code], path)
        found += _check_others(language, glossaries, path)
    return tuple(found)


def _check_use(newsroom: Newsroom, language: Language, glossary: Glossary, path: str) -> Iterator[Diagnostic]:
    approved, forbidden = _by_form(glossary, "targets"), _by_form(glossary, "forbidden")
    used: set[str] = set()
    for catalog in newsroom.files(f"locales/{language.code}/LC_MESSAGES", ".po") if glossary.terms else ():
        domain = catalog.removeprefix(f"locales/{language.code}/LC_MESSAGES/").removesuffix(".po")
        read = newsroom.read_catalog(language.code, domain)
        for unit in read.live if read else ():
            for target in filter(None, unit.targets):
                allowed = list(all_occurrences(target, approved, language))
                used |= {form.source for _, form in allowed}
                for (start, end), form in all_occurrences(target, forbidden, language):
                    if not any(first <= start and end <= last for (first, last), _ in allowed):
                        message = f"{target[start:end]} stands here, a forbidden form of {form.note}"
                        yield _found("used", message, catalog, unit.line, language, Severity.WARNING)
    for term in glossary.terms:
        if used.isdisjoint(term.targets):
            message = f"no catalog has {' or '.join(term.targets)}"
            yield _found("unused", message, path, term.line, language, Severity.INFO)


def _by_form(glossary: Glossary, column: str) -> Glossary:
    """The forms of one column as terms, with the source that they render as note."""
    forms: dict[str, Term] = {}
    for term in glossary.terms:
        for form in getattr(term, column):
            forms.setdefault(form, replace(term, source=form, note=term.source))
    return Glossary(terms=tuple(forms.values()))


def _check_others(language: Language, glossaries: Mapping[str, Glossary], path: str) -> Iterator[Diagnostic]:
    ours = {term.source.casefold() for term in glossaries[language.code].terms}
    for code, other in glossaries.items():
        for term in other.terms:
            if code != language.code and term.source.casefold() not in ours:
                message = f"no {term.source}, which {code} has in line {term.line}"
                yield _found("lacking", message, path, 0, language, Severity.INFO)


def _found(what: str, message: str, path: str, line: int, language: Language, severity: Severity) -> Diagnostic:
    hints = {
        "used": "write an approved form, or change the glossary",
        "unused": "keep it for stories to come, or take it out",
        "lacking": "add it, so that stories between the two languages are checked too",
    }
    return Diagnostic(
        code=f"glossary.{what}",
        message=message,
        severity=severity,
        location=Location(path=path, line=line or None),
        hint=hints[what],
        language=language.code,
    )


# --- Import and export -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """What an import did."""

    merged: Merged
    conflicts: tuple[Diagnostic, ...]
    """What was not taken: terms that ours contradicts, and terms that cannot stand in a glossary."""


def import_glossary(newsroom: Newsroom, language: Language, file: Path) -> Imported:
    """Adds the terms of a TSV or TBX file to the language's glossary.

    Raises InputError if the file cannot be read as either, or our own glossary is faulty.
    """
    terms = tuple(_read_terms(newsroom, language, file))
    faults = {term: foreign_faults(term, str(file)) for term in terms}
    with newsroom.lock():
        ours = newsroom.read_glossary(language.code)
        merged = merge_glossaries(ours, (term for term in terms if not faults[term]))
        path = newsroom.glossary_file(language.code)
        parse_glossary(format_glossary(merged.glossary).encode(), path)
        if merged.taken:
            newsroom.write_glossary(language.code, merged.glossary)
    unusable = (item for found in faults.values() for item in found)
    return Imported(merged=merged, conflicts=(*unusable, *(_conflict(*pair, path) for pair in merged.conflicts)))


def _conflict(ours: Term, theirs: Term, path: str) -> Diagnostic:
    said, kept = (format_glossary(Glossary(terms=(term,))).strip().replace("\t", " | ") for term in (theirs, ours))
    return Diagnostic(
        code="glossary.conflict",
        message=f"not taken: {said}",
        location=Location(path=path, line=ours.line or None),
        hint=f"ours stays: {kept}",
    )


def _read_terms(newsroom: Newsroom, language: Language, file: Path) -> Iterable[Term]:
    data = read_file(file)
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        source = newsroom.settings.languages[newsroom.settings.source_language]
        return parse_tbx(data, str(file), source, language)
    # Spreadsheets write a byte order mark and Windows line ends; in a glossary of ours both are faults.
    return parse_glossary(data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n"), str(file)).terms


def export_glossary(newsroom: Newsroom, language: Language, *, tbx: bool) -> bytes:
    """The language's glossary as TBX or as canonical TSV."""
    glossary = newsroom.read_glossary(language.code)
    if not tbx:
        return format_glossary(glossary).encode()
    source = newsroom.settings.languages[newsroom.settings.source_language]
    return format_tbx(glossary.terms, source, language, title=newsroom.settings.name)
