"""Typography: what each language's own standard asks for, and repairs where only one thing can be meant."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator, Sequence
from itertools import chain

from workflow.checks.pair import Pair
from workflow.checks.prose import Span, masked, protected_spans
from workflow.checks.scripts import primary
from workflow.checks.typography import chinese, common, english, russian
from workflow.checks.typography.fault import Fault, Rule
from workflow.checks.typography.quotes import read_quotes
from workflow.diagnostics import Diagnostic
from workflow.languages import Language
from workflow.model import Role
from workflow.story.dialect import FOOTNOTE_MARK, inline_environment, inline_tokens
from workflow.story.folding import paragraphs

MENDS = "`workflow check --fix` mends it"

_STYLES = {"en": english.QUOTES, "ru": russian.QUOTES, "zh": chinese.SIMPLIFIED}
_OTHERS = (common.outer_blanks, common.double_blanks)
_ROUNDS = 8
_MANY = 50
"""Mends in one text from which on it is not worth the time to try each for itself."""


def typography(pair: Pair) -> Iterator[Diagnostic]:
    """What the language's typography wants otherwise; one finding for all places of a kind."""
    if pair.is_left_out:
        return
    for target in pair.unit.targets:
        kinds: dict[tuple[str, str, bool], list[Fault]] = {}
        for fault in faults(target, pair.language, pair.role):
            kinds.setdefault((fault.code, fault.message, fault.replacement is not None), []).append(fault)
        for found in kinds.values():
            if not _goes_on(pair, target, found):
                yield _diagnostic(pair, found)


def _diagnostic(pair: Pair, found: Sequence[Fault]) -> Diagnostic:
    first = found[0]
    message = first.message if len(found) == 1 else f"{first.message}, in {len(found)} places"
    # The newsroom's own words are few and no story's: nothing mends them but a person.
    is_mended = first.replacement is not None and pair.slug is not None
    hint = f"{first.hint}; {MENDS}" if is_mended else first.hint
    spans = tuple(fault.span for fault in found)
    return pair.finding(first.code, message, hint, first.severity, target_spans=spans)


def _goes_on(pair: Pair, target: str, found: Sequence[Fault]) -> bool:
    """True for a quotation that the next paragraph goes on with: its source stays open too, or it has no source."""
    style = _STYLES.get(primary(pair.source_language))
    if found[0].code != "typography.quotes" or found[0].replacement is not None or style is None:
        return False
    if pair.is_translation:
        return bool(read_quotes(masked(pair.unit.source), style).unpaired)
    return len(found) == 1 and target[found[0].span[0]] in "“«「"


def quotations(text: str, language: Language) -> tuple[Span, ...]:
    """The quotations of a text, outermost only, from the opening mark to behind the closing one."""
    style = _STYLES.get(primary(language))
    if style is None:
        return ()
    pairs = read_quotes(masked(text), style).pairs
    return tuple((pair.start, pair.end + 1) for pair in pairs if pair.depth == 0)


def repaired(text: str, language: Language, role: Role | None) -> str:
    """The text with every fault mended that has one safe mend.

    Code, addresses, attributes, escapes, placeholders and footnote marks stay as they are, and Markdown reads the
    same marks and links from the result. Repairing twice equals repairing once.
    """
    for _ in range(_ROUNDS):
        mends = [fault for fault in faults(text, language, role) if fault.replacement is not None]
        if not mends:
            break
        text = _mended(text, mends)
    return text


def faults(text: str, language: Language, role: Role | None) -> tuple[Fault, ...]:
    """The faults of a text, in order; one that cannot be mended safely has no replacement."""
    view = masked(text)
    found = list(chain.from_iterable(rule(view, role) for rule in _rules(language)))
    if not found:
        return ()
    return _only_safe(text, _without_overlaps(found), role)


@functools.cache
def _rules(language: Language) -> tuple[Rule, ...]:
    match primary(language):
        case "en":
            return english.RULES
        case "ru":
            return russian.RULES
        case "zh":
            return chinese.rules_for(language)
    return _OTHERS


def _without_overlaps(found: list[Fault]) -> list[Fault]:
    """Each place once, by the first rule that found it."""
    kept: list[Fault] = []
    for fault in sorted(found, key=lambda fault: fault.span):
        if not kept or fault.span[0] >= kept[-1].span[1]:
            kept.append(fault)
    return kept


def _only_safe(text: str, found: list[Fault], role: Role | None) -> tuple[Fault, ...]:
    """The faults without the replacements that would change what Markdown reads from the text."""
    mends = [fault for fault in found if fault.replacement is not None]
    if not mends:
        return tuple(found)
    before = _structure(text, role)
    if _structure(_mended(text, mends), role) == before:
        return tuple(found)
    if len(mends) > _MANY:
        return tuple(dataclasses.replace(fault, replacement=None) for fault in found)
    safe = {fault.span for fault in mends if _structure(_mended(text, [fault]), role) == before}
    kept = tuple(fault if fault.span in safe else dataclasses.replace(fault, replacement=None) for fault in found)
    if _structure(_mended(text, [fault for fault in kept if fault.replacement is not None]), role) == before:
        return kept
    return tuple(dataclasses.replace(fault, replacement=None) for fault in found)


def _mended(text: str, mends: Sequence[Fault]) -> str:
    parts, end = [], 0
    for fault in mends:
        start, stop = fault.span
        parts += [text[end:start], fault.replacement or ""]
        end = stop
    return "".join(parts) + text[end:]


def _structure(text: str, role: Role | None) -> object:
    """What a repair must not change: the protected parts, and for Markdown its marks, links and breaks."""
    protected = [text[start:end] for start, end in protected_spans(text)]
    if role is None or role.is_plain:
        return protected
    return protected, [_marks(part) for part in paragraphs(text)]


def _marks(text: str) -> list[object]:
    footnotes = tuple(FOOTNOTE_MARK.findall(text))
    return [
        (token.type, token.attrs, token.meta.get("label"), token.content if token.type != "text" else "")
        for token in inline_tokens(text, inline_environment({}, footnotes))
        if token.type not in {"text", "softbreak"} and (token.content or token.type not in {"text_special"})
    ]
