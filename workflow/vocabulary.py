"""Which words English and Russian have: those of dictionaries, those that people use, and new ones made of them.

Words are asked for in small letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import repeat
from string import ascii_lowercase
from typing import TYPE_CHECKING

from workflow.lemmas import (
    is_english,
    is_in_russian_corpus,
    is_rare_russian,
    is_russian,
    russian_continuations,
    russian_forms,
)

if TYPE_CHECKING:
    from spellchecker import SpellChecker

_SEEN = 51
"""How often pyspellchecker's texts have a word that they have at all: the others of its list count as 50."""
_AMERICAN = (
    (re.compile("our"), "or"),
    (re.compile("(?<=[iy])s(?=[aei])"), "z"),
    (re.compile("(?<=[bt])re(?=s?$)"), "er"),
    (re.compile("ogue"), "og"),
    (re.compile("mme"), "m"),
    (re.compile("(?<=[ef]en)c(?=e)"), "s"),
    (re.compile("[ao]e"), "e"),
)


@lru_cache(maxsize=200_000)
def is_listed(word: str, language: str) -> bool:
    """True if a dictionary has the word; ё may be spelt е, and the other way round."""
    if language == "ru":
        return is_russian(word.replace("ё", "е"))
    return is_english(word) or word in _frequencies("en")


def is_rare(word: str, language: str) -> bool:
    """True if a dictionary has the word that takes too long to load for every text."""
    return language == "ru" and is_rare_russian(word)


def is_plain(word: str, language: str) -> bool:
    """True if a dictionary has the word, and not only as a name."""
    return is_russian(word, plain=True) if language == "ru" else is_english(word)


def frequency(word: str, language: str) -> int:
    """How often the word is found in films' subtitles; British spellings count as American ones."""
    seen = _frequencies(language)
    return max(seen[word], seen[regular(word, "en")]) if language == "en" else seen[word]


def is_current(word: str, language: str) -> bool:
    """True for a plain word that people use: texts have it, in this form or in another one."""
    if language == "ru":
        return is_in_russian_corpus(word) or any(form in _frequencies("ru") for form in russian_forms(word))
    return is_english(word) and frequency(word, "en") >= _SEEN


def continuations(word: str, language: str) -> Iterable[str]:
    """For each beginning of the word, the empty one first, the letters that may follow it in any word; е stands for ё.

    It ends where no word begins so, if the dictionary can tell.
    """
    return russian_continuations(word) if language == "ru" else repeat(ascii_lowercase, len(word) + 1)


def regular(word: str, language: str) -> str:
    """The same for spellings of a word that are both good: British and American ones, э and е in loan words."""
    if language == "ru":
        return word.replace("ё", "е").replace("э", "е")
    for british, american in _AMERICAN:
        word = british.sub(american, word)
    return word


@cache
def _frequencies(language: str) -> SpellChecker:
    # Late: it takes 30 MB of memory, and only words that a dictionary lacks are looked up in it.
    from spellchecker import SpellChecker

    return SpellChecker(language=language)


# --- Words made of words -----------------------------------------------------------------------------------

_PREFIXES = {
    "en": re.compile(
        "aero|agro|anti|astro|audio|auto|bio|cardio|co|counter|crypto|cyber|de|dis|down|eco|electro|extra"
        "|fore|geo|hydro|hyper|hypo|immuno|infra|inter|intra|macro|mega|meta|micro|mid|mini|mis|mono|multi"
        "|nano|neo|neuro|non|off|out|over|pan|para|peri|photo|poly|post|pre|proto|pseudo|psycho|quasi|radio"
        "|re|self|semi|socio|sub|super|techno|tele|thermo|trans|turbo|ultra|un|under|up|video"
    ),
    "ru": re.compile(
        "авиа|авто|агро|анти|архи|астро|аудио|аэро|без|бес|био|блок|веб|вело|вибро|видео|вице|вне|внутри|водо"
        "|воз|вос|вы|газо|гео|гидро|гипер|гипо|гор|гос|двух|до|еже|за|зоо|из|изо|инвест|инфо|ис|кардио|квази"
        "|кибер|кино|контр|контра|космо|крипто|лже|макро|мега|мед|медиа|меж|между|мета|метео|микро|мини|много"
        "|моно|мото|мульти|на|над|нано|нарко|не|недо|нейро|нео|ни|низ|низко|нис|ново|об|обез|обес|обще|одно"
        "|онко|онлайн|от|палео|пара|пере|по|под|поли|полу|пост|пред|пресс|при|про|прото|псевдо|психо"
        "|радио|раз|рас|ре|рос|само|санкт|сверх|свето|со|соц|социо|спец|спорт|среди|средне|стерео|строй|суб"
        "|супер|теле|тепло|термо|техно|транс|трех|турбо|ультра|уни|фарм|физ|физио|фито|фон|фото|хим|хоз|цито"
        "|через|четырех|чрез|шоу|экзо|эко|экс|экспресс|экстра|электро|эндо|энерго|эпи|этно|юр|ядро"
    ),
}
_SHORTEST_PREFIX = 2
_SHORTEST_REST = 5
_ENGLISH_SUFFIXES = ("s", "er", "ers", "dom", "fold", "free", "friendly", "less", "like", "ness", "proof", "ship")
_RUSSIAN_DEED = re.compile("(.+[аяе])ни(?:[еяюий]|ем|ям|ями|ях)")
"""Almost every verb has such a noun, and no dictionary has them all: добивать, добивание."""
_PAIRED_PREFIX = re.compile("(?:бе|во|и|ни|ра|обе)[зс]")
_VOICELESS = "кпстфхцчшщ"
_STEM_ENDINGS = ("", "а", "я", "о", "е", "ь", "ия", "ый", "ий", "ой", "ный", "ский")
"""What a word may end in that begins a Russian compound without it, an о or е instead: корнеподобный, высокогорный."""
_SHORTEST_STEM = 3
_SHORTEST_PART = 4


def is_coined(word: str, language: str) -> bool:
    """True if the word may be a new one: a listed one with a prefix or suffix, or two in one."""
    if any(is_listed(rest, language) for rest in _rests(word, language)):
        return True
    return _is_russian_compound(word) if language == "ru" else _is_english_compound(word)


def _rests(word: str, language: str) -> Iterator[str]:
    """What the word may have been made of with a prefix or a suffix."""
    for cut in range(_SHORTEST_PREFIX, len(word) - _SHORTEST_REST + 1):
        if _PREFIXES[language].fullmatch(word, 0, cut) and _goes_before(word[:cut], word[cut]):
            yield word[cut:]
    if language == "en":
        stems = [word.removesuffix(suffix) for suffix in _ENGLISH_SUFFIXES if word.endswith(suffix)]
        yield from (stem + end for stem in stems for end in ("", "e"))
    elif noun := _RUSSIAN_DEED.fullmatch(word):
        yield f"{noun[1]}ть"
    elif word.endswith("ски"):
        yield f"{word}й"


def _goes_before(prefix: str, following: str) -> bool:
    """False for раз- before a voiceless consonant, where Russian has рас-, and the other way round."""
    return not _PAIRED_PREFIX.fullmatch(prefix) or prefix.endswith("с") == (following in _VOICELESS)


def _is_english_compound(word: str) -> bool:
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    return any(is_current(word[:cut], "en") and is_current(word[cut:], "en") for cut in cuts)


def _is_russian_compound(word: str) -> bool:
    cuts = range(_SHORTEST_STEM + 1, len(word) - _SHORTEST_REST + 1)
    return any(
        word[cut - 1] in "ое"
        and is_listed(word[cut:], "ru")
        and any(is_listed(word[: cut - 1] + ending, "ru") for ending in _STEM_ENDINGS)
        for cut in cuts
    )
