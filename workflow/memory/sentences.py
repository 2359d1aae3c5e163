"""Paragraph → sentences, and which sentence of a translation belongs to which of its source.

Splitting always errs somewhere, so nothing depends on it but the help below the paragraph: a pair of paragraphs whose
sentences do not plainly answer each other is left whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

MAX_LENGTH: Final = 20_000
"""Characters; longer texts are left whole."""
MAX_SHARE: Final = 0.2
"""How far a sentence's part of its paragraph may differ from its translation's part."""

_WIDE_END = re.compile(r"[。！？!?]+[”’」』*_]*\s*")
_QUOTED = re.compile(r"[。！？!?][”’」』]+\s*$")
_SPEAKER = re.compile(r"[^。！？!?，,]{0,8}[说道问称答]")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(«“\"])(?:approx|ca|cf|dept|e\.g|est|fig|i\.e|no|pp|prof|univ|vol|vs"
    r"|акад|англ|вып|гл|доц|им|илл?|каф|млн|млрд|напр|обл|окт|сент|нояб|дек|янв|февр|авг|пр|проф|рис|руб|см|стр|табл|тел"
    r"|тыс|ул|[а-яё]|[A-ZА-ЯЁ])\.\s*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"[\s«“\"(]*(?:[–—-]\s|[a-zà-ÿа-яё])")
"""A dash, or a small letter: `«Вы готовы?» — спросил он.`"""
_PAIRS: Final = ("()", "[]", "“”", "«»", "（）", "「」", "《》")
_NUMBER = re.compile(r"\d+")


def sentences(text: str, language: str) -> tuple[str, ...]:
    """The sentences without the blanks around them; never split inside brackets, quotes or Markdown's emphasis."""
    # A lone surrogate is no text for the library.
    text = text.encode(errors="replace").decode()
    if len(text) > MAX_LENGTH:
        return (text.strip(),)
    return tuple(part.strip() for part in _whole(_pieces(text, language)) if part.strip())


def aligned(source: str, target: str, languages: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The pairs of sentences if each side has as many and each plainly answers its own; else none."""
    ours, theirs = sentences(source, languages[0]), sentences(target, languages[1])
    if len(ours) != len(theirs):
        return ()
    pairs = tuple(zip(ours, theirs, strict=True))
    return pairs if len(pairs) < 2 or (_shares_agree(ours, theirs) and _numbers_agree(pairs)) else ()


def _pieces(text: str, language: str) -> Iterator[str]:
    if language.split("_")[0] in {"zh", "ja"}:
        yield from _wide_pieces(text)
        return
    # Late: compiled code that only a lookup needs.
    import sentencex

    yield from sentencex.segment(language.split("_")[0], text)


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
        if whole and (_is_open(whole[-1]) or _ABBREVIATION.search(whole[-1][-20:]) or _GOES_ON.match(piece)):
            whole[-1] += piece
        else:
            whole.append(piece)
    return whole


def _is_open(text: str) -> bool:
    if any(text.count(pair[0]) > text.count(pair[1]) for pair in _PAIRS):
        return True
    return text.count("**") % 2 == 1 or text.replace("**", "").count("*") % 2 == 1 or text.count('"') % 2 == 1


def _shares_agree(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Translations are longer or shorter than their sources, but alike in each sentence (Gale and Church, 1993)."""
    one, other = sum(map(len, ours)), sum(map(len, theirs))
    return all(abs(len(left) / one - len(right) / other) <= MAX_SHARE for left, right in zip(ours, theirs, strict=True))


def _numbers_agree(pairs: tuple[tuple[str, str], ...]) -> bool:
    """A number that went to another sentence shows that the sentences were rearranged."""
    everywhere = {number for _, target in pairs for number in _NUMBER.findall(target)}
    return all((set(_NUMBER.findall(source)) & everywhere) <= set(_NUMBER.findall(target)) for source, target in pairs)
