"""The Markdown that a story is written in: CommonMark with tables, footnotes and attributes.

Some rules of markdown-it are changed. Emphasis follows Chinese punctuation (CommonMark's flanking rules expect
blanks around words, so `**“强调”**文字` would keep its asterisks). Line breaks remember where they stood, so that
a paragraph can be folded to one line exactly. Raw HTML is recognised only to be refused. A line of attributes
holds nothing else, and none of it vanishes unnoticed. What would take minutes to parse is not parsed.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.escape import escape
from markdown_it.rules_inline.newline import newline
from markdown_it.rules_inline.state_inline import Delimiter, Scanned
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.attrs.parse import ParseError, parse
from mdit_py_plugins.footnote import footnote_plugin

ALLOWED_ATTRIBUTES = ("class", "id", "lang")
PARSER_NESTING = 100
"""markdown-it drops what is nested deeper without a word; reading refuses it well before that."""

MAX_PARAGRAPH = 20_000
"""Characters; longer ones come from a converter gone wrong, and take layout minutes."""
MAX_BRACKETS = 10_000
"""Opening ones in one story: looking for the closing one of each takes up to 0.2 ms."""

FOOTNOTE_MARK = re.compile(r"\[\^([^\]\s]+)\]")
"""A footnote's mark in running text; the group is its label."""

Environment = dict[str, Any]
InlineRule = Callable[[StateInline, bool], bool]


@functools.cache
def dialect() -> MarkdownIt:
    """The one parser; it keeps no state between texts."""
    markdown = MarkdownIt("commonmark", {"maxNesting": PARSER_NESTING, "html": True})
    markdown.enable("table")
    footnote_plugin(markdown, inline=False, move_to_end=False)
    attrs_plugin(markdown, spans=True, allowed=(*ALLOWED_ATTRIBUTES, "credit"))
    attrs_block_plugin(markdown, allowed=ALLOWED_ATTRIBUTES)
    markdown.block.ruler.at("attr", _attribute_line)
    markdown.core.ruler.before("attr", "note_attributes", _note_attributes)
    markdown.core.ruler.before("inline", "limit", _limit)
    markdown.inline.ruler.at("emphasis", _emphasis)
    markdown.inline.ruler.at("newline", _remembering_breaks(newline))
    markdown.inline.ruler.at("escape", _remembering_breaks(escape))
    return markdown


def inline_tokens(text: str, env: Environment) -> list[Token]:
    """The tokens of one run of inline Markdown; `env` holds the story's references and footnotes."""
    (inline,) = dialect().parseInline(text, env)
    return inline.children or []


def inline_environment(references: Mapping[str, tuple[str, str]], footnotes: tuple[str, ...]) -> Environment:
    """What inline Markdown needs to know of the rest of its story.

    `references` maps a normalised label to (address, title); `footnotes` are the labels that are defined.
    """
    return {
        "references": {label: {"href": href, "title": title} for label, (href, title) in references.items()},
        "footnotes": {"refs": {f":{label}": -1 for label in footnotes}, "list": {}},
    }


def plain_text(tokens: list[Token]) -> str:
    """The words of inline tokens without their markup."""
    parts = []
    for token in tokens:
        if token.type == "image":
            parts.append(plain_text(token.children or []))
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        else:
            parts.append(token.content)
    return "".join(parts)


def _attribute_line(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """A line that is `{…}` from end to end, with at least one attribute; the plug-in's rule drops what follows."""
    if state.is_code_block(start):
        return False
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].rstrip(" \t")
    try:
        last, attributes = parse(line) if line.startswith("{") else (0, {})
    except ParseError:
        return False
    if not attributes or last + 1 != len(line):
        return False
    if not silent:
        token = state.push("attrs_block", "", 0)
        token.attrs = dict(attributes)
        token.map = [start, start + 1]
        state.line = start + 1
    return True


def _note_attributes(state: StateCore) -> None:
    """Keep the lines of attributes, which the next rule removes: (line, attributes, whether a block follows)."""
    noted: list[tuple[int, dict[str, Any], bool]] = state.env.setdefault("attributes", [])
    for token, following in itertools.zip_longest(state.tokens, state.tokens[1:]):
        if token.type == "attrs_block":
            is_kept = following is not None and following.nesting >= 0
            is_kept = is_kept and following.type not in {"footnote_reference_open", "html_block"}
            noted.append((token.map[0] if token.map else 0, token.attrs, is_kept))


def _limit(state: StateCore) -> None:
    """Empty what is too much to parse; the reader refuses what bears `excess`."""
    met = 0
    for token in state.tokens:
        if token.type != "inline":
            continue
        brackets = token.content.count("[")
        met += brackets
        if len(token.content) > MAX_PARAGRAPH:
            size = f"{len(token.content):,} characters in one paragraph; {MAX_PARAGRAPH:,} are allowed"
            token.meta["excess"] = (size, "divide it with empty lines")
        elif brackets and met > MAX_BRACKETS:
            size = f"the story's opening square bracket number {met:,}; {MAX_BRACKETS:,} are allowed"
            token.meta["excess"] = (size, "divide the story")
        if "excess" in token.meta:
            token.content = ""


def _remembering_breaks(rule: InlineRule) -> InlineRule:
    """The rule, noting in a break's token where its line end stood."""

    def remembering(state: StateInline, silent: bool) -> bool:
        start, tokens = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if len(state.tokens) > tokens and state.tokens[-1].type in {"softbreak", "hardbreak"}:
            at = state.src.index("\n", start)
            state.tokens[-1].meta = {"at": at, "backslash": rule is escape}
        return True

    return remembering


def _emphasis(state: StateInline, silent: bool) -> bool:
    """CommonMark's emphasis rule with the flanking of `_scan`."""
    marker = state.src[state.pos]
    if silent or marker not in {"_", "*"}:
        return False
    scanned = _scan(state, state.pos, can_split_word=marker == "*")
    for _ in range(scanned.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=scanned.can_open,
                close=scanned.can_close,
            )
        )
    state.pos += scanned.length
    return True


def _scan(state: StateInline, start: int, *, can_split_word: bool) -> Scanned:
    """CommonMark 0.31, section 6.2, with its two flanking conditions widened for East Asian text.

    East Asian punctuation does not count as punctuation, and an East Asian neighbour counts like a blank.
    """
    end = start
    while end < state.posMax and state.src[end] == state.src[start]:
        end += 1
    before = state.src[start - 1] if start > 0 else " "
    after = state.src[end] if end < state.posMax else " "
    blank_before, blank_after = isWhiteSpace(ord(before)), isWhiteSpace(ord(after))
    mark_before, mark_after = _is_narrow_mark(before), _is_narrow_mark(after)
    wide_before, wide_after = is_wide(before), is_wide(after)
    left = not blank_after and (not mark_after or blank_before or mark_before or wide_before)
    right = not blank_before and (not mark_before or blank_after or mark_after or wide_after)
    return Scanned(
        left and (can_split_word or not right or mark_before),
        right and (can_split_word or not left or mark_after),
        end - start,
    )


def is_wide(character: str) -> bool:
    """True for Han, kana and full-width marks (Unicode East Asian Width W and F), but not for emoji."""
    return unicodedata.east_asian_width(character) in {"W", "F"} and unicodedata.category(character) != "So"


def _is_narrow_mark(character: str) -> bool:
    is_mark = isMdAsciiPunct(ord(character)) or isPunctChar(character)
    return is_mark and not is_wide(character)
