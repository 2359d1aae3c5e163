"""Questions of translators: lines of a unit's comments that begin with a question mark.

In a PO file such a line is `# ? Which Vasilyev is meant?`, which every tool shows and keeps. The question is open as
long as the mark stands before it; whoever answers takes the mark away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from workflow.model import Unit
from workflow.text import without_forbidden

MARK: Final = "?"
_MARKS = re.compile(r"\s*[?？][\s?？]*")
"""Also what a Chinese input method makes of the mark."""


def is_question(line: str) -> bool:
    """True for a line of comment, or something typed, that begins with the mark."""
    return _MARKS.match(line) is not None


def without_mark(line: str) -> str:
    """What is asked, or said; empty if there is nothing but the mark."""
    return _MARKS.sub("", line, count=1).strip() if is_question(line) else line.strip()


def open_questions(unit: Unit) -> tuple[str, ...]:
    """What is asked and nobody has answered; a mark without words stands for itself."""
    return tuple(without_mark(line) or MARK for line in unit.comments if is_question(line))


def asked(unit: Unit, question: str) -> Unit:
    """The unit with one question more, unless there are no words in it."""
    words = _one_line(without_mark(question))
    return replace(unit, comments=(*unit.comments, f"{MARK} {words}")) if words else unit


def answered(unit: Unit, answer: str = "") -> Unit:
    """The unit without open questions; what was asked stays as a comment, with the answer, if any, below it."""
    questions = [at for at, line in enumerate(unit.comments) if is_question(line)]
    if not questions:
        return unit
    words = _one_line(answer)
    lines: list[str] = []
    for at, line in enumerate(unit.comments):
        if at not in questions:
            lines.append(line)
        elif said := without_mark(line):
            lines.append(said)
        if at == questions[-1] and words:
            lines.append(f"answer: {words}")
    return replace(unit, comments=tuple(lines))


def with_lines_of(comments: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The comments and the lines that only the others have; a question that either has without its mark is answered."""

    def is_settled(line: str, there: Sequence[str]) -> bool:
        return is_question(line) and line not in there and without_mark(line) in there

    kept = [without_mark(line) if is_settled(line, others) else line for line in comments]
    return (*kept, *(line for line in others if line not in kept and not is_settled(line, comments)))


def _one_line(text: str) -> str:
    """A backslash at the end of a comment would make gettext go on with the next line."""
    return " ".join(without_forbidden(text).split()).rstrip("\\ ")
