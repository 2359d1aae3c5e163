"""Words of a text, and what each may be a form of: the only place that knows inflection and asks the dictionaries.

Russian goes through pymorphy3 (OpenCorpora), which knows surnames and bodies' adjectives; transliterated names that no
dictionary has get the nominatives that their ending allows. English goes through simplemma. Han characters are words
of their own, so that a Chinese term is found wherever its characters stand side by side.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pymorphy3.analyzer import Parse

_HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN = re.compile(f"[{_HAN}]")
_LETTER = rf"(?:[^\W_{_HAN}]|[\u0300-\u036f])"
_WORD = re.compile(rf"[{_HAN}]|{_LETTER}+(?:['’]{_LETTER}+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_STRESS = "\u0301"
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LONGEST_ABBREVIATION = 5

_AFTER_CONSONANT = {
    "ами": ("", "а"), "ями": ("ь", "я"), "ого": ("ый", "ий", "ой"), "ому": ("ый", "ий", "ой"),
    "ых": ("", "ый"), "ым": ("", "ый"), "им": ("", "ий"), "ой": ("а", "ая"), "ую": ("ая",), "ей": ("а", "я", "ь"),
    "ью": ("ь",), "ом": ("",), "ем": ("", "ь"), "а": ("",), "я": ("ь",), "у": ("", "а"), "ю": ("ь", "я"),
    "е": ("", "а", "ь", "я"), "ы": ("", "а"), "и": ("", "а", "ь", "я"),
}  # fmt: skip
_AFTER_VOWEL = {"ем": ("й",), "ей": ("я",), "я": ("й",), "ю": ("й", "я"), "е": ("й", "я"), "и": ("й", "я")}
"""Endings of Russian nouns in the other cases → those of the nominatives that they may belong to."""
_VOWELS = "аеиоуыэюя"
_SHORTEST_STEM = 2

_RUSSIAN_LETTERS = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_UNINFLECTED = {"ADVB", "CONJ", "NPRO", "PRCL", "PRED", "PREP"}
_UNUSUAL = {"Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Init", "Abbr", "Arch", "Erro", "Dist"}
"""OpenCorpora's marks of names, short forms, and words that are out of use, misspelt or distorted."""


class Word(NamedTuple):
    """A word where it stands in a text; a Han character is one too. A tuple, for there are millions."""

    text: str
    start: int
    end: int


def words_of(text: str) -> Iterator[Word]:
    """The words, in order; parts joined by hyphens are words each, and a possessive's `'s` is left out."""
    for found in _WORD.finditer(text):
        word, start = found.group(), found.start()
        if "'" in word or "’" in word:
            word = _POSSESSIVE.sub("", word)
        yield Word(word, start, start + len(word))


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """The word without what spelling may leave out: case, width, stress marks, the dots of ё."""
    return _folded(word)


def _folded(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).replace(_STRESS, "")
    return plain.casefold().replace("ё", "е").replace("’", "'")


@lru_cache(maxsize=4096)
def folded_words(text: str) -> tuple[str, ...]:
    """All words of a text, folded: equal for texts that differ in nothing but spelling, marks and blanks."""
    return tuple(_WORD.findall(_folded(text)))


@lru_cache(maxsize=200_000)
def lemmas(word: str, language: str) -> frozenset[str]:
    """What the word may be a form of in the language (a gettext code), itself included; folded all."""
    plain = folded(word)
    if language == "ru" and _CYRILLIC.search(plain):
        return frozenset({plain, *_russian(word, plain)})
    if language == "en" and plain.isascii() and plain.isalpha():
        return frozenset({plain, folded(_english(plain))})
    return frozenset({plain})


def _russian(word: str, plain: str) -> Iterator[str]:
    if word.isupper() and len(word) <= _LONGEST_ABBREVIATION:
        return
    parses: list[Parse] = _analyzer().parse(plain)
    known = [parse for parse in parses if parse.is_known]
    for parse in known or parses:
        yield folded(parse.normal_form)
    if word[0].isupper() or not known:
        yield from _nominatives(plain)


def _nominatives(word: str) -> Iterator[str]:
    """The nominatives that a noun's ending allows; a name that ends in another vowel has but one form."""
    for cut in range(len(word) - _SHORTEST_STEM, 0, -1):
        stem, ending = word[:-cut], word[-cut:]
        endings = _AFTER_VOWEL if stem[-1] in _VOWELS else _AFTER_CONSONANT
        for nominative in endings.get(ending, ()):
            yield stem + nominative


@lru_cache(maxsize=100_000)
def is_namelike(word: str, language: str) -> bool:
    """True unless the language's dictionary has the word, and not as a person's name."""
    plain = folded(word)
    if language == "ru":
        known = [parse for parse in _analyzer().parse(plain) if parse.is_known]
        return not known or any(not {"Surn", "Name", "Patr"}.isdisjoint(parse.tag.grammemes) for parse in known)
    return not is_english(plain)


def is_english(word: str) -> bool:
    """True for a word of the English dictionary, in any form."""
    # Late: its dictionary takes half a second to load.
    import simplemma

    return simplemma.is_known(word, lang="en")


def is_russian(word: str, *, plain: bool = False) -> bool:
    """True for a word of the Russian dictionary, in any form; `plain` if it is more than a name or out of use."""
    return _analyzer().word_is_known(word) and (not plain or any(_plain_parses(word)))


def is_rare_russian(word: str) -> bool:
    """True for a word of Wiktionary, which has loan words that OpenCorpora lacks; half a second for the first call."""
    # Late: it is asked last, and many texts do without.
    import simplemma

    return any(simplemma.is_known(spelling, lang="ru", low_memory=True) for spelling in _spellings(word))


def russian_continuations(text: str) -> Iterator[str]:
    """For each beginning of the text, the empty one first, the letters with which the dictionary's words go on.

    It ends where no word begins so. ё is spelt е. This spares asking for hundreds of words that nobody has.
    """
    follow = _analyzer().dictionary.words.dct.follow_bytes
    places = [0]
    for letter in f"{text.replace('ё', 'е')}$":
        ways = {way: [place for at in places for place in _followed(follow, at, way)] for way in _RUSSIAN_LETTERS}
        yield "".join(way for way, found in ways.items() if found)
        places = ways.get(letter, [])
        if not places:
            return


def _followed(follow: Callable[[bytes, int], int | None], place: int, letter: str) -> Iterator[int]:
    for form in "её" if letter == "е" else letter:
        reached = follow(form.encode(), place)
        if reached is not None:
            yield reached


def russian_forms(word: str) -> Iterator[str]:
    """All forms of what the word may be a form of, names left out, with ё and without."""
    for parse in _plain_parses(word):
        for form in parse.lexeme:
            yield from _spellings(form.word)


def is_in_russian_corpus(word: str) -> bool:
    """True if OpenCorpora's texts have a form of the word; names do not count, words that have one form always do.

    What is known of the texts are forms that may be read in several ways, so that a rare word may be missed.
    """
    parses = list(_plain_parses(word))
    if any(not _UNINFLECTED.isdisjoint(parse.tag.grammemes) for parse in parses):
        return True
    seen = _analyzer().prob_estimator.p_t_given_w.prob
    forms = (form for parse in parses for form in parse.lexeme)
    return any(seen(spelling, form.tag) > 0 for form in forms for spelling in _spellings(form.word))


def _spellings(word: str) -> Iterable[str]:
    return {word, word.replace("ё", "е")} if "ё" in word else (word,)


def _plain_parses(word: str) -> Iterator[Parse]:
    for parse in _analyzer().parse(word):
        if parse.is_known and _UNUSUAL.isdisjoint(parse.tag.grammemes):
            yield parse


def _english(plain: str) -> str:
    # Late: it reads its dictionary.
    import simplemma

    return simplemma.lemmatize(plain, lang="en")


@cache
def _analyzer() -> Any:
    # Late: its dictionaries take 15 MB of memory, and only Russian texts need them.
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")
