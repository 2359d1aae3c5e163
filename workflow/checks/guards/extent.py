"""How much a translation says: its length, its sentences, its quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.checks.pair import Pair
from workflow.checks.prose import Span, masked
from workflow.checks.scripts import Script, script_of
from workflow.checks.typography import quotations
from workflow.diagnostics import Diagnostic, Severity
from workflow.model import Role
from workflow.sentences import sentences

_DENSITY = {Script.LATIN: 1.0, Script.CYRILLIC: 1.02, Script.HAN: 0.28}
"""Characters that a language takes for what English says in one; measured on news of universities."""

_SHORT = 60
"""English characters; below, length says nothing."""
_BOUNDS = (0.45, 2.1)
_DOUBTFUL = (0.74, 1.4)
"""Lengths at which it is worth to count sentences."""
_LONG_QUOTATION = {Script.LATIN: 20, Script.CYRILLIC: 20, Script.HAN: 8}
_MARKS_WITHIN = re.compile(r"[,.!?;，。！？；](?=..)|[.!?。！？]\Z")
_SMALL_WORD = re.compile(r"(?<![^\W_])[a-zа-яё]+")
_WORDS_OF_A_NAME = 4
_LEADS_TO_SPEECH = re.compile(r"[:,：，][ \u00a0]?\Z")


def unlike_length(pair: Pair) -> Iterator[Diagnostic]:
    """Texts of which one is far longer than its language needs for the other."""
    ratio = _ratio(pair)
    if ratio is None:
        return
    low, high = _BOUNDS
    if not low <= ratio <= high:
        what = "short" if ratio < low else "long"
        message = f"the translation is very {what}: {ratio:.0%} of the length to be expected"
        hint = "see that nothing is missing" if ratio < low else "see that nothing was added"
        yield _finding(pair, "guards.length-ratio", message, hint)


def unlike_sentences(pair: Pair) -> Iterator[Diagnostic]:
    """Sentences missing or added, where the length differs too; by itself, one more or less is usual."""
    ratio = _ratio(pair)
    low, high = _DOUBTFUL
    if ratio is None or low <= ratio <= high:
        return
    ours = len(sentences(masked(pair.unit.source), pair.source_language.code))
    theirs = len(sentences(masked(pair.unit.target), pair.language.code))
    if (theirs < ours and ratio < low) or (theirs > ours and ratio > high):
        message = f"sentences: {ours} in the source, {theirs} in the translation"
        hint = "see that no sentence is missing" if theirs < ours else "see that no sentence was added"
        yield _finding(pair, "guards.sentence-count", message, hint)


def lost_quotations(pair: Pair) -> Iterator[Diagnostic]:
    """Speech that is quoted on one side only; names and single words are quoted by each language's own habit."""
    source_script, script = script_of(pair.source_language), script_of(pair.language)
    if not pair.is_translation or pair.slug is None or source_script is None or script is None:
        return
    ours, theirs = quotations(pair.unit.source, pair.source_language), quotations(pair.unit.target, pair.language)
    if not (ours or theirs):
        return
    spoken = sum(_is_speech(pair.unit.source, span, source_script) for span in ours)
    told = sum(_is_speech(pair.unit.target, span, script) for span in theirs)
    if spoken > 2 * len(theirs) and not _is_dialogue(pair.unit.target):
        message = f"quotations: {spoken} in the source, {len(theirs)} in the translation"
        yield _finding(pair, "guards.quotation-count", message, "quote what the source quotes")
    elif told > 2 * len(ours) and not _is_dialogue(pair.unit.source):
        message = f"quotations: {len(ours)} in the source, {told} in the translation"
        yield _finding(pair, "guards.quotation-count", message, "quote only what the source quotes")


def _is_speech(text: str, span: Span, script: Script) -> bool:
    """True for words that somebody said, and not for a name or a word between quotation marks."""
    start, end = span
    if end - start < _LONG_QUOTATION[script]:
        return False
    if len(_SMALL_WORD.findall(text, start, end)) > _WORDS_OF_A_NAME:
        return True
    return bool(
        _MARKS_WITHIN.search(text[start + 1 : end - 1]) or _LEADS_TO_SPEECH.search(text[max(0, start - 3) : start])
    )


def _is_dialogue(text: str) -> bool:
    """Russian marks speech with a dash too; a quotation in a block of its own needs no marks."""
    return text.lstrip().startswith(("—", "–")) or "\n— " in text or ": — " in text or ":\u00a0— " in text


def _extent(text: str, script: Script) -> float:
    """The text's length in English characters."""
    if script is not Script.HAN:
        return len(text) / _DENSITY[script]
    narrow = len(text.encode("ascii", "ignore"))
    return narrow + (len(text) - narrow) / _DENSITY[script]


def _ratio(pair: Pair) -> float | None:
    """The translation's length by what is to be expected; None where that says nothing."""
    source_script, script = script_of(pair.source_language), script_of(pair.language)
    if not pair.is_translation or pair.slug is None or source_script is None or script is None:
        return None
    extent = _extent(pair.unit.source, source_script)
    if extent < _SHORT or pair.role is Role.CREDIT:
        return None
    return _extent(pair.unit.target, script) / extent


def _finding(pair: Pair, code: str, message: str, hint: str) -> Diagnostic:
    return pair.finding(code, message, hint, Severity.WARNING)
