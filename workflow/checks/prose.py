"""Which parts of a text are prose: checks and repairs leave code, addresses and placeholders alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

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
    """,
    re.VERBOSE | re.DOTALL,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


def protected_spans(text: str, *, addresses: bool = True) -> tuple[Span, ...]:
    """The parts of a Markdown text that are not prose, in order; bare URLs and e-mail addresses unless told."""
    spans = [match.span() for match in _PROTECTED.finditer(text)]
    if addresses:
        spans += [match.span() for match in _ADDRESS.finditer(blanked(text, spans))]
    return tuple(sorted(spans))


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text, as long as it was, with blanks where the spans were: what is found in it keeps its place."""
    parts, end = [], 0
    for start, stop in sorted(spans):
        parts += [text[end:start], " " * (stop - start)]
        end = stop
    return "".join(parts) + text[end:]
