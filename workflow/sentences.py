"""Paragraph → sentences: the one place that says where a sentence ends.

Splitting always errs somewhere, so what is made of it must bear that: a count that is off by one, two sentences that
were taken for one. A quotation with its speaker is one sentence, so that languages agree which set the marks otherwise.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

MAX_LENGTH: Final = 20_000
"""Characters; longer texts are left whole."""

_WIDE_END = re.compile(r"[。！？!?]+[”’」』*_]*\s*")
_QUOTED = re.compile(r"[。！？!?][”’」』]+\s*$")
_SPEAKER = re.compile(r"[^。！？!?，,]{0,8}[说道问称答]")
_SHORT_FORM = re.compile(
    r"approx|ca|cf|dept|e\.g|est|fig|i\.e|ms|no|ph\.d|pp|prof|univ|vol|vs"
    r"|акад|англ|вып|гл|доц|изд|им|илл?|каф|кит|корп|лат|млн|млрд|напр|обл|окт|сент|нояб|дек|янв|февр|авг|пос|пр|проф"
    r"|ред|рис|руб|рус|см|ср|ст|стр|т\.е|табл|тел|тыс|ул|экз|[^\W\d_]",
    re.IGNORECASE,
)
"""Ends no sentence, though the library may think so; nor does an initial."""
_GOES_ON = re.compile(r"[\s«“\"(]*(?:[–—-]\s|[a-zà-ÿа-яё])")
"""A dash, or a small letter: `«Вы готовы?» — спросил он.`"""
_WORD = re.compile(r"[^\W_]")
_PAIRS: Final = ("()", "[]", "“”", "«»", "（）", "「」", "《》")
_BOTH_ENDS: Final = ("**", "*", '"')
"""Marks that open and close alike."""
_MARKS = re.compile(r'\*\*|[()\[\]“”«»（）「」《》*"]')


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
        end = len(piece.rstrip("“«„("))
        yield opening + piece[:end]
        opening = piece[end:]
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


def _whole(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces, joined again where one was cut off inside a pair of marks, after an abbreviation or in a speech."""
    parts: list[str] = []
    marks: Counter[str] = Counter()
    for piece in pieces:
        if parts and _WORD.search(piece) and not (_GOES_ON.match(piece) or _is_unfinished(parts, marks)):
            yield "".join(parts)
            parts.clear()
            marks.clear()
        parts.append(piece)
        if found := _MARKS.findall(piece):
            marks.update(found)
    yield "".join(parts)


def _is_unfinished(parts: Sequence[str], marks: Mapping[str, int]) -> bool:
    if _is_short_form("".join(parts[-2:])) or (marks and _is_open(marks)):
        return True
    return not any(map(_WORD.search, parts))


def _is_short_form(text: str) -> bool:
    """True if the text ends with a short form, or an initial, and its full stop."""
    end = text[-20:].rstrip()
    word = end[:-1].rpartition(" ")[2].rpartition("\u00a0")[2].lstrip('(«“"')
    return end.endswith(".") and _SHORT_FORM.fullmatch(word) is not None


def _is_open(marks: Mapping[str, int]) -> bool:
    if any(marks.get(mark, 0) % 2 for mark in _BOTH_ENDS):
        return True
    return any(marks.get(opening, 0) > marks.get(closing, 0) for opening, closing in _PAIRS)
