"""Terms and names of the glossary: a translation renders them as the newsroom does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from workflow.checks.occurrences import find, occurrences
from workflow.checks.pair import Pair
from workflow.checks.prose import Span
from workflow.diagnostics import Diagnostic, Severity
from workflow.glossary import Kind, Term


def misused_terms(pair: Pair) -> Iterator[Diagnostic]:
    """Terms of the source that the translation renders in a forbidden form, or in none that is approved."""
    if not pair.glossary.terms or not pair.is_rendered:
        return
    terms: dict[str, Term] = {}
    spans: dict[str, list[Span]] = defaultdict(list)
    for span, term in occurrences(pair.unit.source, pair.glossary, pair.source_language):
        terms[term.key] = term
        spans[term.key].append(span)
    approved = {key: tuple(_found(pair, term, term.targets)) for key, term in terms.items()}
    allowed = [span for found in approved.values() for span in found]
    for key, term in terms.items():
        forbidden = tuple(_outside(_found(pair, term, term.forbidden), allowed))
        if forbidden:
            yield _forbidden(pair, term, tuple(spans[key]), forbidden)
        elif not approved[key]:
            yield _missing(pair, term, tuple(spans[key]))


def _found(pair: Pair, term: Term, forms: Iterable[str]) -> Iterator[Span]:
    for form in forms:
        yield from find(form, term.kind, pair.unit.target, pair.language)


def _outside(spans: Iterable[Span], allowed: Iterable[Span]) -> Iterator[Span]:
    """The spans that are no part of an approved form, as a shorter name is of a longer one."""
    for start, end in spans:
        if not any(first <= start and end <= last for first, last in allowed):
            yield start, end


def _forbidden(pair: Pair, term: Term, source: tuple[Span, ...], target: tuple[Span, ...]) -> Diagnostic:
    start, end = target[0]
    message = f"{term.source} is never rendered as {pair.unit.target[start:end]}"
    return pair.finding("terms.forbidden", message, _hint(term), source_spans=source, target_spans=target)


def _missing(pair: Pair, term: Term, source: tuple[Span, ...]) -> Diagnostic:
    if term.kind is Kind.DO_NOT_TRANSLATE:
        code, message = "terms.do-not-translate", f"{term.source} is not left as it is"
    else:
        code, message = "terms.missing", f"{term.source} is not rendered as {' or '.join(term.targets)}"
    return pair.finding(code, message, _hint(term), Severity.WARNING, source_spans=source, target_spans=())


def _hint(term: Term) -> str:
    note = f" ({term.note})" if term.note else ""
    return f"write {' or '.join(term.targets)}{note}, or change the glossary"
