"""One translation in the translator's own editor, as git has a commit message written."""

from __future__ import annotations

import click

from workflow.cli.output import visible
from workflow.operations.rows import Row
from workflow.operations.translate import TranslationSession

SCISSORS = "# ------------------------ >8 ------------------------"
"""As git's `commit --cleanup=scissors`: a translation may begin with #, so a # alone ends nothing."""


def edited(session: TranslationSession, row: Row, text: str, source: str) -> str:
    """The translation as it comes out of $VISUAL or $EDITOR; raises click.ClickException if that fails."""
    below = _below(session, row, source)
    written = click.edit("\n".join([text, *below, ""]), extension=".md", require_save=False)
    return text if written is None else _above(written, below)


def _below(session: TranslationSession, row: Row, source: str) -> list[str]:
    """The scissors, and what helps to translate."""
    what = f"{row.role or 'words'} {row.number}, {session.source_language.code} → {session.language.code}"
    lines = [f"{what}: the translation stands above this line and the one before it", "", *source.split("\n")]
    if row.previous:
        lines += ["", "It was translated when the source was:", *row.previous.source.split("\n")]
    lines += [""] if row.notes or row.unit.comments else []
    lines += [f"note by {note.name}: {part}" for note in row.notes for part in note.text.split("\n")]
    lines += row.unit.comments
    return [SCISSORS, *(f"# {visible(line)}".rstrip() for line in lines)]


def _above(written: str, below: list[str]) -> str:
    """What stands before the scissors; if they were deleted, all but the lines that we put there."""
    above, scissors, _ = written.partition(SCISSORS)
    if not scissors:
        above = "\n".join(line for line in written.split("\n") if line not in below)
    return above.strip("\n")
