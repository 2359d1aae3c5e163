"""The normal form of a run of inline Markdown: one line, and never mistaken for a block.

Re-wrapping a source must not invalidate a translation, so soft line breaks become blanks. And words that a
translator typed must stay a paragraph, so what would begin a block gets a backslash.
"""

from __future__ import annotations

import re

from markdown_it.token import Token

from workflow.story.dialect import is_wide

_BLANKS = " \t"

_BLOCK_STARTS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"^([0-9]{1,9})([.)])(?= |$)", r"\1\\\2"),
        (r"^([-+*])(?= |$)", r"\\\1"),
        (r"^(#{1,6})(?= |$)", r"\\\1"),
        (r"^>", r"\>"),
        (r"^~(?=~~)", r"\\~"),
        (r"^`(?=``[^`]*$)", r"\\`"),
        (r"^([-_*])(?=( *\1){2,} *$)", r"\\\1"),
        (r"^(\[\^[^\]\s]+\]):", r"\1\\:"),
        (r"^\{(?=.*\}$)", r"\{"),
        (r"^<(?!(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>)(?=[A-Za-z/!?])", r"\<"),
    )
)
_UNDERLINES = (
    (re.compile(r"^([=-])(?=\1* *$)"), r"\\\1"),
    (re.compile(r"^([|:-])(?=[-|: ]*$)"), r"\\\1"),
)
"""A later line may also end a heading or begin a table."""
_DEFINITION = re.compile(r"^(\[(?:[^\[\]\\]|\\.)+\]):", re.DOTALL)
"""Of a link's address; its label may reach over several lines."""
_CLOSING = re.compile(r"(?<= )(?=#+$)")
"""Number signs at the end, which a heading would lose."""


def fold(content: str, tokens: list[Token], *, join_wide: bool) -> str:
    """The content on one line; a hard break stays, as a backslash and a line end.

    `tokens` are those that the content was parsed to, with the places of their breaks. `join_wide`: no blank
    between two wide characters, as in Chinese.
    """
    pieces: list[str] = []
    begin = 0
    for token in (token for token in tokens if "at" in token.meta):
        before = _on_one_line(content[begin : token.meta["at"]]).rstrip(_BLANKS)
        begin = token.meta["at"] + 1
        begin += len(content[begin:]) - len(content[begin:].lstrip(_BLANKS))
        pieces += [before, _join(token, before, content[begin : begin + 1], join_wide)]
    pieces.append(_on_one_line(content[begin:]))
    return guarded("".join(pieces).strip())


def _on_one_line(text: str) -> str:
    """Line ends that are no breaks stand in code or in a link's title, where they count as blanks."""
    return text.replace("\n", " ")


def _join(token: Token, before: str, after: str, join_wide: bool) -> str:
    if token.type == "hardbreak":
        if token.meta["backslash"]:
            return "\n"
        is_escaping = (len(before) - len(before.rstrip("\\"))) % 2 == 1
        return "\\\\\n" if is_escaping else "\\\n"
    if join_wide and before and after and is_wide(before[-1]) and is_wide(after):
        return ""
    return " "


def guarded(text: str) -> str:
    """The text with a backslash before whatever would make one of its lines a block of its own."""
    text = _CLOSING.sub(r"\\", _DEFINITION.sub(r"\1\\:", text))
    return "\n".join(_guard_line(line, first=number == 0) for number, line in enumerate(text.split("\n")))


def _guard_line(line: str, *, first: bool) -> str:
    for pattern, replacement in _BLOCK_STARTS if first else _BLOCK_STARTS + _UNDERLINES:
        line, found = pattern.subn(replacement, line, count=1)
        if found:
            break
    return line


def paragraphs(target: str) -> tuple[str, ...]:
    """The paragraphs of a translation, which a blank line divides; none for a blank text."""
    return tuple(part.strip() for part in re.split(r"\n[ \t]*\n+", target) if part.strip())
