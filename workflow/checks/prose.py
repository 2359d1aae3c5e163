"""Which parts of a text are prose: checks and repairs leave code, addresses and placeholders alone."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Final, TypeAlias

Span: TypeAlias = tuple[int, int]
"""Start and end of a stretch of a text, as a slice has them."""

_PROTECTED = re.compile(
    r"""
      (?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)   # code
    | (?<=\])\((?:[^()\\]|\\.|\([^()]*\))*\)             # the address of a link
    | (?<=\])\[[^\]]*\]                                  # the label of a link that is defined elsewhere
    | (?<=\])\{[^{}]*\}                                  # attributes of a marked span
    | \[\^[^\]]*\]                                       # a footnote mark
    | <(?:https?:|mailto:)[^<>\s]*>                      # an address that is its own words
    | %\(\w+\)[a-z]                                      # a placeholder
    | \\[!-/:-@\[-`{-~]                                  # an escaped mark
    | &\#?\w{1,31};                                     # a character by its name or number
    """,
    re.VERBOSE | re.DOTALL,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_MAY_PROTECT = re.compile(r"[`\]<%\\&@]|://|www\.")

FILLER: Final = "\ufffc"
"""Stands for each character of a protected part: no blank, no letter and no mark, so that no rule is about it."""


def protected_spans(text: str, *, addresses: bool = True) -> tuple[Span, ...]:
    """The parts of a Markdown text that are not prose, in order; bare URLs and e-mail addresses unless told."""
    spans = [match.span() for match in _PROTECTED.finditer(text)]
    if addresses:
        spans += [match.span() for match in _ADDRESS.finditer(blanked(text, spans))]
    return tuple(sorted(spans))


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text, as long as it was, with blanks where the spans were: what is found in it keeps its place."""
    return filled(text, spans, " ")


def filled(text: str, spans: Iterable[Span], filler: str) -> str:
    """The text, as long as it was, with the filler for each character of the spans."""
    parts, end = [], 0
    for start, stop in sorted(spans):
        parts += [text[end:start], filler * (stop - start)]
        end = stop
    return "".join(parts) + text[end:]


def listed(words: str) -> frozenset[str]:
    """The words of a list that blanks divide."""
    return frozenset(words.split())


@functools.lru_cache(maxsize=256)
def masked(text: str) -> str:
    """The text, as long as it was, with fillers where it is not prose.

    Remembers some, as many checks ask for the same text one after the other.
    """
    return filled(text, protected_spans(text), FILLER) if _MAY_PROTECT.search(text) else text
