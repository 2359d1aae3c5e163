"""Spelling: words that no dictionary has, and that look like a slip in a word that people use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

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
_LETTERS = {"en": "a-z", "ru": "а-яё"}
_ROUGHLY = {code: re.compile(rf"\b[{letters}]{{5,40}}\b") for code, letters in _LETTERS.items()}
"""What is looked up; words in capitals may be names."""
_SMALL = {
    code: re.compile(
        rf"(?<![{_BESIDE}.)\]])(?<!\w['’])[{letters}]{{5,40}}"
        rf"(?![{_BESIDE}(\[]|['’](?!s\b)\w|\.\w|\.[ \u00a0][a-zа-яё])"
    )
    for code, letters in _LETTERS.items()
}
"""Those of them that stand alone; a full stop before a small letter ends a short form."""
_WHOLE = re.compile(r"\w[\w\-\u2011]*")
_SHORTEST_SOUND = 2
_SHORTEST_STEM, _LONGEST_ENDING = 3, 3
_FEW, _MOST_UNKNOWN = 2, 0.2
"""How many of the words looked up no dictionary may have, and which share of many; in news it is 1 or 2 in 100."""


class _Text(NamedTuple):
    """A translation with what no dictionary has of it."""

    pair: Pair
    source: str
    target: str
    words: int
    unknown: frozenset[str]


def misspelt_words(pairs: Sequence[Pair]) -> Iterator[Diagnostic]:
    """Words one edit away from another one, which stand once in a story and in neither source nor glossary."""
    texts = [text for pair in pairs for text in _looked_up(pair)]
    if _is_foreign(texts):
        return
    for text in texts:
        if text.unknown and not _is_foreign([text]):
            for found in _SMALL[text.pair.language.code].finditer(masked(text.target)):
                word = found.group()
                if word in text.unknown and not _is_term(word, text) and not _is_repeated(word, pairs):
                    yield from _findings(found, text)


def _looked_up(pair: Pair) -> Iterator[_Text]:
    language = pair.language.code
    if language in _ROUGHLY and not pair.is_left_out and pair.role is not Role.CREDIT:
        for source, target in pair.texts:
            words = set(_ROUGHLY[language].findall(target))
            unknown = frozenset(word for word in words if not is_listed(word, language))
            yield _Text(pair, source, target, len(words), unknown)


def _is_foreign(texts: Sequence[_Text]) -> bool:
    """True if so much is unknown that it must be another language, or a kind of text that dictionaries do not know."""
    unknown = sum(len(text.unknown) for text in texts)
    return unknown > max(_FEW, _MOST_UNKNOWN * sum(text.words for text in texts))


def _is_term(word: str, text: _Text) -> bool:
    """True if the source or the glossary has the word."""
    pair = text.pair
    if pair.is_translation and folded(word) in folded_words(text.source):
        return True
    return not _glossary_words(pair.glossary, pair.language.code).isdisjoint(lemmas(word, pair.language.code))


@lru_cache(maxsize=32)
def _glossary_words(glossary: Glossary, language: str) -> frozenset[str]:
    targets = [target for term in glossary.terms for target in term.targets]
    return frozenset(lemma for target in targets for options in prose_of(target, language).lemmas for lemma in options)


def _is_repeated(word: str, pairs: Sequence[Pair]) -> bool:
    """True if the word stands more than once in the story, in any form: then it is a term."""
    code, stem = pairs[0].language.code, word[: max(_SHORTEST_STEM, len(word) - _LONGEST_ENDING)]
    targets = [pair.unit.target for pair in pairs if stem in pair.unit.target.lower()]
    forms = [other.text for target in targets for other in prose_words(target) if other.text.lower().startswith(stem)]
    return len(forms) > 1 and sum(not lemmas(word, code).isdisjoint(lemmas(form, code)) for form in forms) > 1


def _findings(found: re.Match[str], text: _Text) -> Iterator[Diagnostic]:
    word, pair = found.group(), text.pair
    meant = correction(word, pair.language.code)
    if meant is None or (pair.is_translation and _is_transcribed(word, meant, text.source)):
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
