"""Where sentences end, in the languages that the checks know.

Exact enough to compare two texts: full stops of abbreviations and initials end none.
"""

from __future__ import annotations

import functools
import re

from workflow.checks.prose import listed, masked
from workflow.checks.scripts import Script

_CHINESE_END = re.compile("[。！？!?]+[”’」』）)》]*")
_END = re.compile(r"[.!?…]{1,8}[\"”’»“)\]*_\ufffc]{0,40}\s{1,40}(?=[\"“‘«„(\[*_—–]{0,8}\s?[A-ZÀ-ÖА-ЯЁ0-9\ufffc㐀-鿿])")
_LAST_WORD = re.compile(r"[\w.]+\Z")
_SHORT_FORMS = listed(
    "mr mrs ms dr prof st sr jr no vol fig vs etc e.g i.e u.s u.k u.n inc ltd co corp gen col lt rev hon gov sen rep"
    " approx dept univ jan feb mar apr jun jul aug sep sept oct nov dec a.m p.m ph.d"
    " г гг в вв ул д т е к п др пр им проф акад доц канд стр рис табл тыс млн млрд руб обл пос см ср напр о р ст"
    " корп англ кит рус лат чел кв экз изд ред пер ч т.е т.д т.п н.э"
)


@functools.lru_cache(maxsize=256)
def sentences(text: str, script: Script) -> tuple[str, ...]:
    """The sentences of a text; what is no prose in it is masked. Remembers some, as several checks ask."""
    view = masked(text)
    return _split(view, _CHINESE_END if script is Script.HAN else _END, script)


def _split(view: str, end: re.Pattern[str], script: Script) -> tuple[str, ...]:
    found, start = [], 0
    for match in end.finditer(view):
        if script is not Script.HAN and view[match.start()] == "." and _is_short_form(view, match):
            continue
        found.append(view[start : match.end()])
        start = match.end()
    found.append(view[start:])
    return tuple(sentence.strip() for sentence in found if any(character.isalnum() for character in sentence))


def _is_short_form(view: str, match: re.Match[str]) -> bool:
    if match.end() - match.start() > 2:
        return False
    word = _LAST_WORD.search(view, max(0, match.start() - 12), match.start())
    text = word.group() if word else ""
    return text.lower() in _SHORT_FORMS or (len(text) == 1 and text.isupper())
