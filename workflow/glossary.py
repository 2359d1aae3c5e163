"""Terms and names of one language: what the source says, how the newsroom renders it, and how it never does.

The file is OmegaT's: UTF-8, tab-separated, `#` begins a comment; OmegaT reads source, target and note, we also read
kind and forbidden forms. Several forms stand in one column with `; ` between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from workflow.diagnostics import Diagnostic, Location
from workflow.errors import InputError
from workflow.text import character_faults, decode_text

MAX_BYTES = 4_000_000
MAX_TERMS = 20_000
MAX_FORMS = 20
MAX_LENGTH = 300

_MAX_COLUMNS = 5
_FORM_MARK = ";"
_BLANKS = re.compile(r"[ \t\r\n]+")


class Kind(StrEnum):
    """What a term is, which decides how strictly its letters are compared."""

    TERM = "term"
    NAME = "name"
    """A person's; capital letters count."""
    BODY = "body"
    """A university, a ministry, a department."""
    ABBREVIATION = "abbreviation"
    """All letters count: `IT` is not `it`."""
    DO_NOT_TRANSLATE = "do-not-translate"
    """Stands in a translation as it stands in the source."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One line of a glossary."""

    source: str
    targets: tuple[str, ...]
    """The approved forms, the preferred one first; the source itself where it is not to be translated."""
    note: str = ""
    kind: Kind = Kind.TERM
    forbidden: tuple[str, ...] = ()
    """Forms that a translation must not have where its source has the term."""
    comments: tuple[str, ...] = ()
    """The comment lines and empty lines above it."""
    line: int = field(default=0, compare=False)
    """Where it stands in its file, from 1; 0 when it was not read from one."""

    @property
    def target(self) -> str:
        """The preferred form."""
        return self.targets[0]

    @property
    def key(self) -> str:
        """Equal for terms that a glossary can hold only one of."""
        source = unicodedata.normalize("NFC", self.source)
        return source if self.kind in {Kind.ABBREVIATION, Kind.DO_NOT_TRANSLATE} else source.casefold()


@dataclass(frozen=True, kw_only=True, slots=True)
class Glossary:
    """The terms of one language, in the order of their file."""

    terms: tuple[Term, ...] = ()
    comments: tuple[str, ...] = ()
    """Comment lines and empty lines below the last term."""

    def __hash__(self) -> int:
        """Cheap, since indexes of thousands of terms are cached by their glossary."""
        return hash((len(self.terms), self.terms[:1], self.terms[-1:]))


EMPTY = Glossary()


# --- Text ↔ Glossary ---------------------------------------------------------------------------------------


def parse_glossary(data: bytes, path: str) -> Glossary:
    """The glossary in the file's bytes; raises InputError with every line that cannot be used."""
    lines = decode_text(data, path, kind="glossary", max_bytes=MAX_BYTES).removesuffix("\n").split("\n")
    terms: list[Term] = []
    comments: list[str] = []
    faults: list[Diagnostic] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            comments.append(line.rstrip())
            continue
        term = replace(_parse_line(line, number), comments=tuple(comments))
        comments.clear()
        terms.append(term)
        if line.count("\t") not in range(1, _MAX_COLUMNS):
            faults.append(_columns_fault(line, path, number))
            continue
        faults += term_faults(term, path, _column(line, 3))
    faults += _set_faults(terms, path)
    if faults:
        raise InputError(sorted(faults, key=_line))
    if comments == [""] and not terms:
        comments = []
    return Glossary(terms=tuple(terms), comments=tuple(comments))


def format_glossary(glossary: Glossary) -> str:
    """The file's text; saving what was read changes nothing but blanks around columns and columns left out."""
    lines = [line for term in glossary.terms for line in (*term.comments, _format_term(term))]
    lines += glossary.comments
    return "".join(f"{line}\n" for line in lines)


def term_faults(term: Term, path: str, kind: str = "") -> Iterator[Diagnostic]:
    """What keeps a term out of a glossary; `kind` is the word for its kind, if that may be wrong."""

    def fault(what: str, message: str, hint: str) -> Diagnostic:
        return _fault(what, message, path, term.line, hint)

    if not term.source:
        yield fault("source", "no source term", "write it in the first column")
    elif term.source.startswith("#"):
        yield fault("source", "a source term that begins with # would be a comment", "leave the # out")
    if not term.targets:
        yield fault("target", f"no approved form of {term.source}", "write it in the second column")
    if term.kind is Kind.DO_NOT_TRANSLATE and term.targets != (term.source,):
        yield fault(
            "target", f"{term.source} is not to be translated, and has a translation", "leave the second column empty"
        )
    if kind and kind not in set(Kind):
        yield fault("kind", f"unknown kind `{kind}`", f"it can be {', '.join(Kind)}")
    for form in both_ways(term.targets, term.forbidden):
        yield fault("forbidden", f"{form} is both approved and forbidden", "take it out of one column")
    texts = (term.source, term.note, *term.targets, *term.forbidden)
    if max(map(len, texts)) > MAX_LENGTH or max(len(term.targets), len(term.forbidden)) > MAX_FORMS:
        message = f"more than {MAX_LENGTH} characters in one form, or more than {MAX_FORMS} forms"
        yield fault("size", message, "a glossary holds words, not sentences")


def make_term(
    source: str, targets: str, note: str = "", kind: Kind = Kind.TERM, forbidden: str = "", line: int = 0
) -> Term:
    """The term of these columns: single blanks, no empty forms, no form twice."""
    source = _tidy(source)
    kept = source if kind is Kind.DO_NOT_TRANSLATE else ""
    return Term(
        source=source,
        targets=_forms(targets) or _forms(kept),
        note=_tidy(note),
        kind=kind,
        forbidden=_forms(forbidden),
        line=line,
    )


def foreign_faults(term: Term, path: str) -> tuple[Diagnostic, ...]:
    """What keeps a term out of a glossary that no glossary's line was read for."""
    text = "\n".join((term.source, term.note, *term.targets, *term.forbidden))
    return (*character_faults(text, path, kind="glossary"), *term_faults(term, path))


def _parse_line(line: str, number: int) -> Term:
    kind = _column(line, 3)
    known = Kind(kind) if kind in set(Kind) else Kind.TERM
    return make_term(_column(line, 0), _column(line, 1), _column(line, 2), known, _column(line, 4), number)


def _column(line: str, index: int) -> str:
    columns = line.split("\t")
    return _tidy(columns[index]) if index < len(columns) else ""


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _forms(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(form for form in map(_tidy, text.split(_FORM_MARK)) if form))


def _format_term(term: Term) -> str:
    columns = [term.source, "; ".join(term.targets), term.note, term.kind.value, "; ".join(term.forbidden)]
    return "\t".join(columns if term.forbidden else columns[:-1])


def both_ways(approved: Iterable[str], forbidden: Iterable[str]) -> list[str]:
    """The forms that are approved and forbidden at once."""
    allowed = {form.casefold() for form in approved}
    return [form for form in forbidden if form.casefold() in allowed]


def _set_faults(terms: list[Term], path: str) -> Iterator[Diagnostic]:
    """What is wrong with the terms taken together."""
    if len(terms) > MAX_TERMS:
        hint = "take out what the checks need not know"
        yield _fault("size", f"{len(terms):,} terms; {MAX_TERMS:,} are allowed", path, terms[-1].line, hint)
    first: dict[str, int] = {}
    for term in terms:
        line = first.setdefault(term.key, term.line)
        if line != term.line and term.source:
            hint = f"join it with line {line}: approved forms stand in one column, with `; ` between them"
            yield _fault("duplicate", f"{term.source} stands in line {line} already", path, term.line, hint)


def _columns_fault(line: str, path: str, number: int) -> Diagnostic:
    count = line.count("\t") + 1
    message = f"{count} column{'' if count == 1 else 's'}"
    hint = "separate by tabs: source, target, and if you want note, kind, forbidden forms"
    return _fault("columns", message, path, number, hint)


def _fault(what: str, message: str, path: str, line: int, hint: str) -> Diagnostic:
    location = Location(path=path, line=line or None)
    return Diagnostic(code=f"glossary.{what}", message=message, location=location, hint=hint)


def _line(found: Diagnostic) -> int:
    return (found.location.line or 0) if found.location else 0
