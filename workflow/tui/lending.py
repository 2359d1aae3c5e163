"""The terminal lent to another program for a while."""

from __future__ import annotations

import click
from textual.app import App, SuspendNotSupported

from workflow.cli.external_editor import edited
from workflow.operations.rows import Row
from workflow.operations.translate import TranslationSession


def written_elsewhere(app: App[None], session: TranslationSession, row: Row, text: str, source: str) -> tuple[str, str]:
    """(the translation as it comes out of the translator's own editor, why it did not)."""
    failure = ""
    try:
        with app.suspend():
            # Caught within: the terminal is taken back only if nothing leaves this block.
            try:
                text = edited(session, row, text, source)
            except (click.ClickException, OSError) as error:
                failure = str(error)
    except SuspendNotSupported:
        failure = "this terminal cannot be lent to it"
    return text, failure
