"""What the pages over the session say: a conflict, what is not saved, what can be taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from textual.content import Content

from workflow.cli.columns import Run, clipped, runs, wrap
from workflow.cli.output import visible
from workflow.diff import word_diff
from workflow.operations.unit_saving import Conflict
from workflow.tui.views import TERM_KEYS, Aids, painted
from workflow.tui.work import Draft

LEAVING: Final = {"k": "keep them, marked as needing work, and quit", "d": "drop them and quit"}


def unsaved_lines(drafts: Iterable[Draft], columns: int) -> list[Content]:
    """Number and beginning of what was typed."""
    return [Content(clipped(visible(f"{draft.row.number}  {' / '.join(draft.texts)}"), columns)) for draft in drafts]


def aid_choices(aids: Aids, *, may_be_omitted: bool) -> Mapping[str, str]:
    """What can be taken, by key; several keys of one kind are told together, as the first of them."""
    choices = {"0": "source"}
    choices |= {str(number): "" for number in range(1, len(aids.suggestions) + 1)}
    choices |= dict.fromkeys(TERM_KEYS[: len(aids.terms)], "")
    if aids.suggestions:
        choices["1"] = "suggestion" if len(aids.suggestions) == 1 else f"… {len(aids.suggestions)} suggestions"
    if aids.terms:
        choices["a"] = "term" if len(aids.terms) == 1 else f"… {TERM_KEYS[len(aids.terms) - 1]} terms"
    if may_be_omitted:
        choices["-"] = "leave out"
    return choices


def conflict_choices(conflict: Conflict) -> tuple[str, Mapping[str, str]]:
    """(what happened, what can be done)."""
    if conflict.theirs is None:
        choices = {"m": "keep yours as obsolete, where update finds it again", "t": "drop yours"}
        return "The story no longer says this; your translation was not saved", choices
    choices = {"m": "keep yours, with theirs in the comments", "t": "take theirs"}
    return "Somebody else changed this translation meanwhile; yours was not saved", choices


def conflict_lines(conflict: Conflict, columns: int) -> list[Content]:
    """Both texts, and what is different in yours."""
    mine, theirs = conflict.mine, conflict.theirs
    lines = _part("source", [Run(text=visible(mine.source))], columns)
    for form, text in enumerate(mine.targets):
        lines += _part("yours", [Run(text=visible(text))], columns)
        if theirs is not None:
            lines += _part(f"theirs, {theirs.state.value}", [Run(text=visible(theirs.targets[form]))], columns)
            lines += _part("from theirs to yours", runs(word_diff(theirs.targets[form], text), marked=True), columns)
    return lines


def _part(label: str, text: Iterable[Run], columns: int) -> list[Content]:
    return [Content.styled(label, "bold"), *map(painted, wrap(text, columns)), Content("")]
