"""How much text there is, as translators and their tools count it: Markdown marks and addresses are no text."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from workflow.model import Role
from workflow.story.dialect import inline_tokens, plain_text

_WIDE = "々〇\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(
    rf"""
      [{_WIDE}]                                    # each Han or kana for itself, as Word counts them
    | (?:(?![{_WIDE}])\w)+
      (?: (?: (?<=[^\W\d_])[:·․‧.'’](?=[^\W\d_])   # UAX #29, WB6 and WB7: a mark between letters
            | (?<=\d)[,;.'’](?=\d)                 # WB11 and WB12: a mark between figures
          ) (?:(?![{_WIDE}])\w)+
      )*
    """,
    re.VERBOSE,
)
_MARKS = re.compile(r"[*_`\[\]<>\\&!{}]")
_BLANK = re.compile(r"\s+")
_PLAIN = frozenset(role.context for role in Role if role.is_plain)


@dataclass(frozen=True, kw_only=True, slots=True)
class Volume:
    """An amount of text."""

    words: int = 0
    characters: int = 0
    """Without blanks and combining marks."""

    def __add__(self, other: Volume) -> Volume:
        return Volume(words=self.words + other.words, characters=self.characters + other.characters)


def total(volumes: Iterable[Volume]) -> Volume:
    """All of them together."""
    return sum(volumes, start=Volume())


@functools.lru_cache(maxsize=1000)
def source_volume(source: str, context: str | None) -> Volume:
    """How much there is to translate in a source of a story's catalogs, which is Markdown in most contexts."""
    # Remembered for the other languages of the story.
    return text_volume(visible_text(source, context))


def visible_text(text: str, context: str | None) -> str:
    """What a reader sees of a text of a story's catalogs, which is Markdown in most contexts."""
    return text if context in _PLAIN else _words_of(text)


def text_volume(text: str) -> Volume:
    """The words and characters of a plain text.

    Words are those between the boundaries of Unicode's UAX #29 that hold a letter or a figure, as OASIS GMX-V counts
    them: a number is a word, and so is each Han character. Scripts that write words without blanks and are not Han or
    kana, such as Thai, have too few; count their characters.
    """
    if not text.isascii():
        # A mark that combines with the letter before it parts no word, but is no letter to a regular expression.
        text = "".join(item for item in text if unicodedata.category(item) not in {"Mn", "Mc", "Me", "Cf"})
    return Volume(words=len(_WORD.findall(text)), characters=len(_BLANK.sub("", text)))


def _words_of(markdown: str) -> str:
    """What a reader sees of it; an address that is its own link text stands for no words to translate."""
    if not _MARKS.search(markdown):
        return markdown
    tokens = inline_tokens(markdown, {})
    kept = [item for before, item in zip([None, *tokens], tokens, strict=False) if not _opens_address(before)]
    return plain_text(kept)


def _opens_address(token: object) -> bool:
    return getattr(token, "type", "") == "link_open" and getattr(token, "markup", "") == "autolink"
