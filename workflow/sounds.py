"""How names sound, coarsely, in three scripts: what lets a transcription be told from another word.

Chinese characters are read through pypinyin, without tones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import groupby

from workflow.lemmas import HAN, folded

_INITIALS = "zh|ch|sh|[bpmfdtnlgkhjqxzcsryw]"
_FINALS = "iang|iong|uang|iao|ian|ing|uai|uan|ang|eng|ong|ai|ei|ao|ou|an|en|ia|ie|iu|in|ua|uo|ui|un|ue|[aoeiu]"
_PINYIN = re.compile(rf"(?:[nl]ve?|(?:{_INITIALS})(?:{_FINALS})|[aeo](?:i|u|ng?|o|r)?)+")
_CLASSES = {
    **dict.fromkeys("bpбп", "B"),
    **dict.fromkeys("vwfвф", "V"),
    **dict.fromkeys("gkгк", "G"),
    **dict.fromkeys("dtдт", "D"),
    **dict.fromkeys("jzsxжзсцчшщ", "S"),
    **dict.fromkeys("lrлр", "L"),
    **dict.fromkeys("mм", "M"),
    **dict.fromkeys("nн", "N"),
    **dict.fromkeys("hх", "H"),
}
_CHINESE = {"q": "j", "r": "j", "c": "z"}
_DIGRAPHS = ((re.compile("sch|ch|sh|zh|ts|tz|cz|дж|c(?=[eiy])"), "s"), (re.compile("kh"), "h"), (re.compile("ph"), "f"))
_OTHERS = {"th": "t", "ck": "k", "c": "k", "q": "k"}


def is_pinyin(word: str) -> bool:
    """True for Latin letters that read as Chinese syllables, also where they are meant as something else."""
    return _PINYIN.fullmatch(folded(word)) is not None


@lru_cache(maxsize=100_000)
def skeleton(text: str) -> str:
    """Classes of the consonants of a word or phrase: `VSLV` for Vasiliev, Васильев and 瓦西里耶夫.

    What one script's spelling adds or leaves out does not count: doubled letters, soft signs, the g of -ng.
    """
    if HAN.search(text):
        sound = "".join(_chinese(reading(character)) for character in text)
    else:
        sound = "".join(_chinese(word) if is_pinyin(word) else _foreign(word) for word in folded(text).split())
    classes = (_CLASSES.get(letter, " ") for letter in sound)
    return "".join(letter for letter, _ in groupby(classes) if letter != " ").replace("NG", "N")


def _chinese(pinyin: str) -> str:
    for initial in ("zh", "ch", "sh"):
        pinyin = pinyin.replace(initial, "z")
    return "".join(_CHINESE.get(letter, letter) for letter in pinyin.replace("ng", "n"))


def _foreign(word: str) -> str:
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if letter not in "ьъ\u0301")
    plain = unicodedata.normalize("NFC", plain)
    for digraph, sound in _DIGRAPHS:
        plain = digraph.sub(sound, plain)
    for letters, sound in _OTHERS.items():
        plain = plain.replace(letters, sound)
    return plain


@cache
def reading(character: str) -> str:
    """The pinyin of a Chinese character, without its tone."""
    # Late: it reads its dictionaries.
    from pypinyin import lazy_pinyin

    return lazy_pinyin(character)[0]
