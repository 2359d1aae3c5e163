"""How alike two texts are, and a few numbers of a text by which those like it are found among many.

A text's marks are hashes of its neighbouring words, or characters where words have no blanks between them. Of a long
text only those with the smallest hashes are kept: two texts that share half of their pairs share about half of these
(Broder's bottom-k sketch, "On the resemblance and containment of documents", 1997), however long they are.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
import zlib
from collections.abc import Sequence
from typing import Final

from workflow.canonical import digest

MARKS: Final = 24
"""How many marks a text has at most."""
SHORT: Final = 9
"""Up to so many words a text is known by its single words as well: an edit may leave no two of them together."""
STEM: Final = 6
"""So many letters of a word count, so that its endings do not: `университета` finds `университет`."""
MAX_LENGTH: Final = 20_000
"""Characters that are compared; nobody translates longer paragraphs."""

_UNSPACED: Final = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}_])\w)+")
_SAME = (
    dict.fromkeys('“”„‟«»‹›‘’‚‛`´「」『』《》〈〉"', "'")
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
    | {"ё": "е"}
)
_MARKED = re.compile(f"[{''.join(_SAME)}]")


def normal(text: str) -> str:
    """The text as it is compared: case, kinds of blanks, quotes and dashes, and full-width forms make no difference."""
    # A lone surrogate cannot be hashed, and is no word.
    text = text[:MAX_LENGTH].encode(errors="replace").decode()
    folded = unicodedata.normalize("NFKC", text).casefold()
    # Faster than `str.translate` by far: few characters of a text are among these.
    return " ".join(_MARKED.sub(lambda found: _SAME[found.group()], folded).split())


def digest_of_text(text: str) -> int:
    """A number for the text as it is compared, that of another text by an unlikely chance only; 0 for a blank one."""
    same = normal(text)
    # 60 bits: SQLite's integers have a sign, and XML readers may take numbers for floats.
    return int(digest(same)[:15], 16) if same else 0


def marks(same: str, language: str) -> tuple[int, ...]:
    """The marks, 32 bits each, of a text that is `normal` already."""
    words = [word[:STEM] for word in _WORD.findall(same)]
    found = {f"{one} {other}" for one, other in itertools.pairwise(words)}
    if len(words) <= SHORT:
        found.update(words, (f"{one}  {other}" for one, other in zip(words, words[2:], strict=False)))
    seed = zlib.crc32(language.encode())
    hashes = {zlib.crc32(item.encode(), seed) for item in found or {same}}
    return tuple(sorted(hashes)[:MARKS])


def scores(asked: str, others: Sequence[str], least: float) -> list[tuple[int, float]]:
    """(place, percent) of the texts, all `normal`, that are at least so like the one asked for; the best first."""
    # Late: what only asks for the same words again starts without it.
    from rapidfuzz import fuzz, process

    found = process.extract(asked, others, scorer=fuzz.ratio, score_cutoff=least, limit=None)
    return [(place, score) for _, score, place in found]
