"""Paragraph → sentences: the one place that says where a sentence ends.

Splitting always errs somewhere, so what is made of it must bear that: a count that is off by one, two sentences that
were taken for one. A quotation with its speaker is one sentence, so that languages agree which set the marks otherwise.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import Final

MAX_LENGTH: Final = 20_000
"""Characters; longer texts are left whole."""

_WIDE_END = re.compile(r"[。！？!?]+[”’」』*_]*\s*")
_QUOTED = re.compile(r"[。！？!?][”’」』]+\s*$")
_SPEAKER = re.compile(r"[^。！？!?，,]{0,8}[说道问称答]")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«“\"])(?:approx|ca|cf|dept|e\.g|est|fig|i\.e|ms|no|ph\.d|pp|prof|univ|vol|vs"
    r"|акад|англ|вып|гл|доц|изд|им|илл?|каф|кит|корп|лат|млн|млрд|напр|обл|окт|сент|нояб|дек|янв|февр|авг|пос|пр|проф"
    r"|ред|рис|руб|рус|см|ср|ст|стр|т\.е|табл|тел|тыс|ул|экз|[а-яё]|[A-ZА-ЯЁ])\.$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"[\s«“\"(]*(?:[–—-]\s|[a-zà-ÿа-яё])")
"""A dash, or a small letter: `«Вы готовы?» — спросил он.`"""
_OPENS_NEXT = re.compile(r"(?<=\s)[“«„(]+\Z")
_OPENING = re.compile(r"[(\[“«（「《*\"]")
_PAIRS: Final = ("()", "[]", "“”", "«»", "（）", "「」", "《》")


@functools.lru_cache(maxsize=256)
def sentences(text: str, language: str) -> tuple[str, ...]:
    """The sentences without the blanks around them; never split inside brackets, quotes or Markdown's emphasis.

    `language` is a gettext code. Remembers some, as several checks ask for the same text one after the other.
    """
    # A lone surrogate is no text for the library.
    text = text.encode(errors="replace").decode()
    if len(text) > MAX_LENGTH:
        return (text.strip(),)
    return tuple(part.strip() for part in _whole(_pieces(text, language)) if part.strip())


def _pieces(text: str, language: str) -> Iterator[str]:
    if language.split("_")[0] in {"zh", "ja"}:
        yield from _wide_pieces(text)
        return
    # Late: compiled code that only checks and lookups need.
    import sentencex

    opening = ""
    for piece in sentencex.segment(language.split("_")[0], text):
        found = _OPENS_NEXT.search(piece)
        yield opening + (piece[: found.start()] if found else piece)
        opening = found.group() if found else ""
    yield opening


def _wide_pieces(text: str) -> Iterator[str]:
    """The text cut after its full-width marks, but not between a quotation and its speaker: `“……？”他问。`."""
    start = 0
    for found in _WIDE_END.finditer(text):
        end = found.end()
        if not (_QUOTED.search(found.group()) and _SPEAKER.match(text, end)):
            yield text[start:end]
            start = end
    yield text[start:]


def _whole(pieces: Iterable[str]) -> list[str]:
    """The pieces, joined again where one was cut off inside a pair of marks, after an abbreviation or in a speech."""
    whole: list[str] = []
    for piece in pieces:
        if whole and (_is_unfinished(whole[-1]) or _GOES_ON.match(piece) or not _has_words(piece)):
            whole[-1] += piece
        else:
            whole.append(piece)
    return whole


def _is_unfinished(text: str) -> bool:
    end = text[-20:].rstrip()
    return (end.endswith(".") and bool(_ABBREVIATION.search(end))) or _is_open(text) or not _has_words(text)


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _is_open(text: str) -> bool:
    if not _OPENING.search(text):
        return False
    if any(text.count(pair[0]) > text.count(pair[1]) for pair in _PAIRS):
        return True
    return text.count("**") % 2 == 1 or text.replace("**", "").count("*") % 2 == 1 or text.count('"') % 2 == 1
