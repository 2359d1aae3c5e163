"""Spelling: words that no dictionary has, and that look like a slip in a word that people use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from workflow.checks.occurrences import prose_of, prose_words
from workflow.checks.pair import Pair
from workflow.checks.prose import FILLER, masked
from workflow.diagnostics import Diagnostic, Severity
from workflow.glossary import Glossary
from workflow.lemmas import HAN, folded, folded_words, lemmas
from workflow.model import Role
from workflow.sounds import is_pinyin, reading, skeleton
from workflow.spelling import correction
from workflow.vocabulary import is_listed

_BESIDE = rf"\w{FILLER}@#&$%/\\*\-\u2010\u2011\u00ad\u0301"
"""What makes a word beside it a part of something else: an address, a compound, an emphasised foreign word."""
_SMALL = {
    code: re.compile(
        rf"(?<![{_BESIDE}.)\]])(?<!\w['’])[{letters}]{{5,40}}"
        rf"(?![{_BESIDE}(\[]|['’](?!s\b)\w|\.\w|\.[ \u00a0][a-zа-яё])"
    )
    for code, letters in {"en": "a-z", "ru": "а-яё"}.items()
}
"""Words in small letters; the others may be names. A full stop before a small letter ends a short form."""
_WHOLE = re.compile(r"\w[\w\-\u2011]*")
_SHORTEST_SOUND = 2
_BEGINNING = 3
"""The letters that all forms of a word share."""
_FEW, _MOST_UNKNOWN = 2, 0.2
"""How many of the words looked up no dictionary may have, and which share of many; in news it is 2 in 100."""


def misspelt_words(pairs: Sequence[Pair]) -> Iterator[Diagnostic]:
    """Words one edit away from another one, which stand once in a story and in neither source nor glossary."""
    for pair in pairs:
        code = pair.language.code
        if code not in _SMALL or pair.is_left_out or pair.role is Role.CREDIT:
            continue
        for source, target in pair.texts:
            for found in _unknown_words(target, code):
                if not _is_term(found.group(), source, pair) and not _is_repeated(found.group(), pairs):
                    yield from _findings(pair, source, found)


def _unknown_words(text: str, language: str) -> Sequence[re.Match[str]]:
    """The words that no dictionary has; none where they are so many that the text is of another kind or language."""
    words = list(_SMALL[language].finditer(masked(text)))
    unknown = [found for found in words if not is_listed(found.group(), language)]
    return unknown if len(unknown) <= max(_FEW, _MOST_UNKNOWN * len(words)) else []


def _is_term(word: str, source: str, pair: Pair) -> bool:
    """True if the source or the glossary has the word."""
    if pair.is_translation and folded(word) in folded_words(source):
        return True
    return not _glossary_words(pair.glossary, pair.language.code).isdisjoint(lemmas(word, pair.language.code))


@lru_cache(maxsize=32)
def _glossary_words(glossary: Glossary, language: str) -> frozenset[str]:
    targets = [target for term in glossary.terms for target in term.targets]
    return frozenset(lemma for target in targets for options in prose_of(target, language).lemmas for lemma in options)


def _is_repeated(word: str, pairs: Sequence[Pair]) -> bool:
    """True if the word stands more than once in the story, in any form: then it is a term."""
    code = pairs[0].language.code
    options, beginning = lemmas(word, code), word[:_BEGINNING]
    words = (other.text for pair in pairs for other in prose_words(pair.unit.target))
    forms = (form for form in words if form[:_BEGINNING].lower() == beginning)
    return sum(not options.isdisjoint(lemmas(form, code)) for form in forms) > 1


def _findings(pair: Pair, source: str, found: re.Match[str]) -> Iterator[Diagnostic]:
    word = found.group()
    meant = correction(word, pair.language.code)
    if meant is None or (pair.is_translation and _is_transcribed(word, meant, source)):
        return
    message = f"no dictionary has “{word}”, perhaps “{meant}” is meant"
    hint = "mend it; a term that is right belongs in the glossary"
    yield pair.finding("wording.spelling", message, hint, Severity.WARNING, target_spans=(found.span(),))


def _is_transcribed(word: str, meant: str, source: str) -> bool:
    """True if the word sounds like one of the source, as a loan word does, and what it is near to does not."""
    if HAN.search(source):
        return is_pinyin(word) and word in "".join(map(reading, HAN.findall(source)))
    sound, heard = skeleton(word), {skeleton(whole) for whole in _WHOLE.findall(source)}
    return len(sound) >= _SHORTEST_SOUND and sound in heard and skeleton(meant) not in heard
