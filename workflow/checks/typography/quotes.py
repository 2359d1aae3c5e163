"""Quotation marks: which of them open, which close, and what the language writes there."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workflow.checks.prose import FILLER
from workflow.checks.typography.fault import Fault, Rule
from workflow.model import Role

_MARKS = re.compile("[\"“”„‟«»「」'‘’‚‹›『』]")
_OPENING = {*"«「『‹‚‘"}
_CLOSING = {*"»」』›”"}
_SEEN_THROUGH = {*"*_~[]\"“”„‟«»「」'‘’‚‹›『』"}
_REACH = 12
_SINGLE = {*"'‘’‚‹›『』"}
_BEFORE_OPENING = {*" \t\n\u00a0\u202f\u3000([{（【《—–-/：，。、；"}
_BEFORE_CLOSING = {FILLER, *" \t\n\u00a0\u202f\u3000)]}）】》.,;:!?…—–-/，。、；：！？"}


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteStyle:
    """What a language puts round a quotation, and round one within it."""

    outer: tuple[str, str]
    inner: tuple[str, str]
    keeps_kind: bool = False
    """True where single marks may be the outer ones too."""
    alternates: bool = False
    """True where the third level is like the first; otherwise it is like the second."""
    alternates_straight: bool = False
    """True where no blank tells which way a straight mark faces, so that they open and close in turn."""
    mends_apostrophes: bool = True

    def pair(self, depth: int, *, single: bool) -> tuple[str, str]:
        """The marks of a quotation within `depth` others."""
        if self.keeps_kind:
            return self.inner if single else self.outer
        is_inner = depth % 2 == 1 if self.alternates else depth > 0
        return self.inner if is_inner else self.outer


@dataclass(frozen=True, kw_only=True, slots=True)
class Quoted:
    """A pair of quotation marks, by their places."""

    start: int
    end: int
    depth: int
    single: bool


@dataclass(kw_only=True, slots=True)
class Quotes:
    """What a text's quotation marks are."""

    pairs: list[Quoted] = field(default_factory=list)
    apostrophes: list[int] = field(default_factory=list)
    unpaired: list[int] = field(default_factory=list)


def read_quotes(text: str, style: QuoteStyle) -> Quotes:
    """Pairs the marks of a masked text by what stands round them, and by nesting."""
    quotes = Quotes()
    open_marks: list[int] = []
    for match in _MARKS.finditer(text):
        _read_mark(text, match.start(), style, quotes, open_marks)
    if _is_merged(text, open_marks, quotes):
        quotes.pairs = [dataclasses.replace(pair, depth=max(0, pair.depth - 1)) for pair in quotes.pairs]
    else:
        quotes.unpaired += open_marks
    return quotes


def _read_mark(text: str, at: int, style: QuoteStyle, quotes: Quotes, open_marks: list[int]) -> None:
    mark, single = text[at], text[at] in _SINGLE
    top = open_marks[-1] if open_marks else None
    same_kind = top is not None and (text[top] in _SINGLE) == single
    if mark in {"'", "’"} and _is_apostrophe(text, at, same_kind=same_kind):
        quotes.apostrophes.append(at)
        return
    if mark in {"'", '"'} and not same_kind and text[at - 1 : at].isdigit():
        return  # a prime: feet, inches, minutes
    opens = _opens(text, at, style, text[top] if top is not None and same_kind else "")
    if opens:
        open_marks.append(at)
    elif opens is False and same_kind and top is not None:
        open_marks.pop()
        quotes.pairs.append(Quoted(start=top, end=at, depth=len(open_marks), single=single))
    else:
        quotes.unpaired.append(at)


def _is_apostrophe(text: str, at: int, *, same_kind: bool) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if before.isalpha() and not _is_han(before):
        # A possessive such as `students’` looks like the end of a quotation, so it is one only if none is open.
        inside = after.isalpha() and not _is_han(after)
        return inside or (before.isascii() and not same_kind)
    if before == FILLER:
        return after.isalpha() and not _is_han(after)
    if before.isdigit():
        return after == "s"
    return after.isdigit() and text[at + 2 : at + 3].isdigit()


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _opens(text: str, at: int, style: QuoteStyle, top: str) -> bool | None:
    """True if the mark opens, False if it closes, None if nobody can tell; `top` is the open mark of its kind."""
    mark = text[at]
    if mark in _OPENING or mark in {"„", "‟"}:
        # Russian closes „ with “, German too; a low mark always opens.
        return True
    if mark == "“":
        return top != "„"
    if mark in _CLOSING or mark == "’":
        return False
    if style.alternates_straight:
        neighbour = _neighbour(text, at, -1 if top else 1)
        is_odd = neighbour in ({*"：（《、"} if top else {"", *"，。、；：！？）》"})
        return None if is_odd else not top
    return _faces(text, at, top)


def _faces(text: str, at: int, top: str) -> bool | None:
    before, after = _neighbour(text, at, -1), _neighbour(text, at, 1)
    may_open = (not before or before in _BEFORE_OPENING) and bool(after) and not after.isspace()
    may_close = bool(before) and not before.isspace() and (not after or after in _BEFORE_CLOSING)
    if may_open != may_close:
        return may_open
    return False if may_close and top == text[at] else None


def _neighbour(text: str, at: int, step: int) -> str:
    """The next character that is neither emphasis nor another quotation mark; empty at the text's end."""
    for place in range(at + step, at + _REACH * step, step):
        if not 0 <= place < len(text):
            return ""
        if text[place] not in _SEEN_THROUGH:
            return text[place]
    return ""


def _is_merged(text: str, open_marks: list[int], quotes: Quotes) -> bool:
    """True if one guillemet closed two quotations: ООО «Компания «Север» is good Russian."""
    if len(open_marks) != 1 or quotes.unpaired or text[open_marks[0]] != "«":
        return False
    return any(text[pair.start] == "«" and pair.start > open_marks[0] for pair in quotes.pairs)


def quote_faults(text: str, style: QuoteStyle) -> Iterator[Fault]:
    """Marks that are not the language's own; without a replacement where they do not pair."""
    if not _MARKS.search(text):
        return
    quotes = read_quotes(text, style)
    if style.mends_apostrophes:
        for at in quotes.apostrophes:
            if text[at] == "'":
                yield _fault(at, "straight apostrophe", "write ’", "’")
    if quotes.unpaired:
        hint = "open and close every quotation"
        for at in quotes.unpaired:
            yield _fault(at, "quotation marks that do not pair", hint, None)
        return
    for pair in quotes.pairs:
        wanted = style.pair(pair.depth, single=pair.single)
        hint = f"write {wanted[0]}…{wanted[1]}"
        for at, new in zip((pair.start, pair.end), wanted, strict=True):
            if text[at] != new:
                what = "straight quotation marks" if text[at] in "\"'" else "another language’s quotation marks"
                yield _fault(at, what if pair.depth == 0 else f"{what} within a quotation", hint, new)


def _fault(at: int, message: str, hint: str, replacement: str | None) -> Fault:
    return Fault(code="typography.quotes", span=(at, at + 1), message=message, hint=hint, replacement=replacement)


def quote_rule(style: QuoteStyle) -> Rule:
    """The rule that a text's quotation marks are of the style."""

    def rule(text: str, _role: Role | None) -> Iterator[Fault]:
        yield from quote_faults(text, style)

    return rule
