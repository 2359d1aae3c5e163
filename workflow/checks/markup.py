"""Emphasis, code and footnote marks: a translation has as many as its source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workflow.checks.pair import Pair
from workflow.diagnostics import Diagnostic
from workflow.edition import OMIT
from workflow.story.dialect import FOOTNOTE_MARK, inline_environment, inline_tokens, plain_text
from workflow.story.folding import paragraphs

_NAMES = {"strong_open": "strong", "em_open": "emphasis", "span_open": "marked span"}
_BREAKING = ("unpaired", "footnote mark", "raw HTML")
"""What readers would see as characters, or miss; other marks a newsroom may drop, as Chinese drops slanted words."""
_MARKUP = re.compile(r"[*_`\[<&\\]")
"""Without any of these a text is nothing but words."""
_LITERAL_MARKS = re.compile(r"\*\*|__|(?<!\w)\*(?=\w)|`")


def damaged_markup(pair: Pair) -> Iterator[Diagnostic]:
    """Marks lost, added or broken so that they show as characters."""
    if not pair.is_markdown or pair.unit.target.strip() == OMIT:
        return
    wanted, found = _marks(pair.unit.source), _marks(pair.unit.target)
    hint = "mark the same words up as the source does"
    for mark in sorted(set(wanted) | set(found)):
        if wanted[mark] != found[mark] and not (mark == "emphasis" and _is_title(pair, wanted[mark] - found[mark])):
            message = f"{mark}: {wanted[mark]} in the source, {found[mark]} in the translation"
            yield pair.finding("markup.broken" if mark.startswith(_BREAKING) else "markup.changed", message, hint)


def _is_title(pair: Pair, lost: int) -> bool:
    """True if Chinese sets a title in 《》, as many as the other side slants."""
    marks = pair.unit.target.count("《") - pair.unit.source.count("《")
    return 0 < lost <= marks or marks <= lost < 0


def _marks(text: str) -> Counter[str]:
    """How often each kind of markup stands in a text; code and footnotes by what they hold.

    Each paragraph counts for itself: a mark does not reach over an empty line.
    """
    if not _MARKUP.search(text):
        return Counter()  # as in most texts, and parsing takes most of a check's time
    return sum(map(_marks_of_paragraph, paragraphs(text)), start=Counter())


def _marks_of_paragraph(text: str) -> Counter[str]:
    footnotes = tuple(FOOTNOTE_MARK.findall(text))
    tokens = inline_tokens(text, inline_environment({}, footnotes))
    marks: Counter[str] = Counter()
    for token in tokens:
        if token.type in _NAMES:
            marks[_NAMES[token.type]] += 1
        elif token.type == "code_inline":
            marks[f"code `{token.content}`"] += 1
        elif token.type == "footnote_ref":
            marks[f"footnote mark [^{token.meta['label']}]"] += 1
        elif token.type in {"html_inline", "image"}:
            marks["raw HTML or picture"] += 1
    words = [token for token in tokens if token.type != "code_inline"]
    for literal in _LITERAL_MARKS.findall(plain_text(words)):
        marks[f"unpaired {literal}"] += 1
    return marks
